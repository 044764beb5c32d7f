"""Runs the parts."""

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path

from benchmarks.quality.figures import Figure, row, table

ROOT = Path(__file__).parent.parent.parent
OUT = ROOT / "benchmarks" / "quality.json"
PAGE = ROOT / "docs" / "quality.md"
BLOCK = re.compile(r"(?<=<!-- figures -->\n).*?(?=<!-- /figures -->)", re.DOTALL)

PARTS = ("editor", "blocks", "stories", "origins", "selection", "readability", "order")
"""Modules beside this one; each has ``measure(data) -> Iterator[Figure]``."""

ASKED_FOR = ("crossed", "dates")
"""Such modules that are run only if they are named: they take too long, or read other data."""

NEEDED = {"dates": "evaldata.json"}
"""What must be in the folder of the data for a part; for the others ``events``."""

EVERY = (*PARTS, *ASKED_FOR)

WHOLE = "all"
LONGEST = 600.0
"""Seconds that the whole may take."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints each figure as it comes, saves all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(EVERY)}")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    asked = parser.parse_args(arguments)
    if unknown := set(asked.parts) - set(EVERY):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    needed = {NEEDED.get(part, "events") for part in asked.parts or PARTS}
    if not all((asked.data / name).exists() for name in needed):
        parser.error(f"no labelled data in {asked.data}; name its folder with --data")
    figures = []
    for figure in measured(asked.parts or PARTS, asked.data):
        figures.append(figure)
        print(row(figure), flush=True)
    save([*kept([*(asked.parts or PARTS), *([] if asked.parts else [WHOLE])]), *figures])
    return int(any(figure.verdict == "short" for figure in figures))


def measured(parts: Sequence[str], data: Path) -> Iterator[Figure]:
    """The figures of each part, and the time of all."""
    began = time.perf_counter()
    for part in parts:
        measure: Callable[[Path], Iterator[Figure]]
        measure = import_module(f"benchmarks.quality.{part}").measure
        yield from measure(data)
    if len(parts) == len(PARTS):
        spent = time.perf_counter() - began
        yield Figure(WHOLE, "seconds of the whole run", spent, most=LONGEST)


def kept(parts: Sequence[str]) -> Iterator[Figure]:
    """The figures of the other parts, as they were measured before."""
    rows = json.loads(OUT.read_text(encoding="utf-8"))["figures"] if OUT.exists() else []
    for each in rows:
        each.pop("verdict")
        if each["part"] not in parts:
            yield Figure(**each)


def save(figures: Sequence[Figure]) -> None:
    """The figures as JSON, and in the document, part by part."""
    figures = sorted(figures, key=lambda figure: [*EVERY, WHOLE].index(figure.part))
    rows = [{**figure._asdict(), "verdict": figure.verdict} for figure in figures]
    text = json.dumps({"figures": rows}, indent=1, ensure_ascii=False)
    OUT.write_text(text + "\n", encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(BLOCK.sub(lambda _: table(figures), page), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
