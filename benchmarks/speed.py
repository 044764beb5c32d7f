"""Speed and memory beside their limits and beside peers, in one run (`make bench`).

    python -m benchmarks.speed [--quick] [--data ../shared/data]

Prints a table and writes ``benchmarks/speed.json``. ``--quick`` leaves out the peers, which need a
package index once, and the 10,000 articles. The last column is the ratio to ``brief seeds``; only
ratios compare across machines. Exit code 1 when a figure is over its limit.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.measure import Cost, Figure, cost, median

ROOT = Path(__file__).parent.parent
OUT = ROOT / "benchmarks" / "speed.json"
PEERS = ROOT / "benchmarks" / "peers"
ENVIRONMENTS = ROOT / "benchmarks" / ".peers"

PYTHON = Path(sys.executable)
PROGRAM = PYTHON.parent / "summarizer"

Command = list[str | Path]


class Limited(NamedTuple):
    """A command, and the most seconds and MB it may take."""

    command: Command
    wall: float | None = None
    peak: float | None = None


START = {
    "brief seeds": Limited([PROGRAM, "brief", "seeds"], 0.6, 120),
    "--help": Limited([PROGRAM, "--help"], 0.2),
    "python -c pass": Limited([PYTHON, "-c", "pass"]),
    "import typer": Limited([PYTHON, "-c", "import typer"]),
    "import pydantic": Limited([PYTHON, "-c", "from pydantic import BaseModel"]),
}
"""What a cold shell starts."""

SCALE = {1_000: (15.0, 600.0), 10_000: (None, None)}
"""Articles: most seconds, most MB."""

GROWTH = 12.0
"""Most times the time of 1,000 articles that 10,000 may take; of the processor's time too, which
others on the machine disturb less."""

PEER_NAMES = {"lexrank": "sumy LexRank", "citation_engine": "llama-index citations"}


def main() -> int:
    """Measures, prints each figure as it comes, saves all."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    asked = parser.parse_args()
    figures: list[Figure] = []
    heaviest: dict[str, list[str]] = {}
    for figure in measure(asked.data, heaviest, quick=asked.quick):
        figures.append(figure)
        print(row(figure, figures), flush=True)
    for room, functions in heaviest.items():
        print(f"{room}: {', '.join(functions)}")
    save(figures, heaviest)
    return int(any(figure.verdict == "over" for figure in figures))


def measure(data: Path, heaviest: dict[str, list[str]], *, quick: bool) -> Iterator[Figure]:
    """Every figure; the profile's names go into ``heaviest``."""
    started = {name: median(limited.command, ROOT) for name, limited in START.items()}
    for name, limited in START.items():
        yield from costs(name, started[name], limited.wall, limited.peak)
    if not quick:
        yield from beside_peers(started["brief seeds"])
    with tempfile.TemporaryDirectory() as folder:
        counts = [1_000] if quick else list(SCALE)
        corpora = {count: Path(folder, f"{count}.jsonl") for count in counts}
        for count, path in corpora.items():
            compose(count, path, data)
        yield from at_scale(corpora)
        yield from throughput(corpora[1_000], heaviest)


def costs(name: str, spent: Cost, wall: float | None, peak: float | None) -> Iterator[Figure]:
    """The two figures of one command, each with its limit."""
    yield Figure(name, spent.wall, "s", wall)
    yield Figure(name, spent.peak, "MB", peak)


def beside_peers(ours: Cost) -> Iterator[Figure]:
    """Each peer on the same articles, and our share of its cost, which is to stay under one."""
    for script, name in PEER_NAMES.items():
        peer = median([environment(script), PEERS / f"{script}.py", "seeds"], ROOT, runs=3)
        yield from costs(name, peer, None, None)
        yield Figure(f"brief seeds beside {name}", ours.wall / peer.wall, "x time", 1.0)
        yield Figure(f"brief seeds beside {name}", ours.peak / peer.peak, "x memory", 1.0)


def environment(peer: str) -> Path:
    """The interpreter of the peer's own environment, made when its requirements change."""
    folder, wanted = ENVIRONMENTS / peer, (PEERS / f"{peer}.txt").read_text(encoding="utf-8")
    python, stamp = folder / "bin" / "python", folder / "installed.txt"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        pip: Command = [
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--requirement",
            PEERS / f"{peer}.txt",
        ]
        subprocess.run(pip, check=True, stderr=subprocess.DEVNULL)
        stamp.write_text(wanted, encoding="utf-8")
    return python


def compose(count: int, path: Path, data: Path) -> None:
    """Writes the corpus in another process, so that this one stays small."""
    command: Command = [
        PYTHON,
        "-m",
        "benchmarks.corpus",
        str(count),
        path,
        "--data",
        data.resolve(),
    ]
    subprocess.run(command, cwd=ROOT, check=True)


def at_scale(corpora: Mapping[int, Path]) -> Iterator[Figure]:
    """One run each, and how the time grows."""
    spent = {count: cost([PROGRAM, "brief", path], ROOT) for count, path in corpora.items()}
    for count, each in spent.items():
        yield from costs(f"{count:,} articles", each, *SCALE[count])
    (few, less), (many, more) = min(spent.items()), max(spent.items())
    if few < many:
        beside = f"{many:,} beside {few:,} articles"
        yield Figure(beside, more.wall / less.wall, "x time", GROWTH)
        yield Figure(beside, more.processor / less.processor, "x processor time", GROWTH)


def throughput(corpus: Path, heaviest: dict[str, list[str]]) -> Iterator[Figure]:
    """Chunking and checking by themselves."""
    command: Command = [PYTHON, "-m", "benchmarks.throughput", corpus]
    told = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
    yield Figure("chunking", told["chunking"], "MB/s")
    yield Figure("checking", told["checking"], "sentences/s")
    heaviest |= {room: names for room, names in told.items() if room.startswith("heaviest")}


def row(figure: Figure, before: Sequence[Figure]) -> str:
    """A line of the table; its last column is the ratio to ``brief seeds`` in the same unit."""
    base = next(each.value for each in before if each.unit == figure.unit)
    ratio = f"{figure.value / base:.2f}x" if figure.unit in {"s", "MB"} else ""
    limit = "" if figure.limit is None else f"<= {figure.limit:g}"
    value = f"{figure.value:.4g} {figure.unit}"
    return f"{figure.name:<40}{value:>18}  {limit:<8}{figure.verdict:<6}{ratio:>8}".rstrip()


def save(figures: Sequence[Figure], heaviest: Mapping[str, list[str]]) -> None:
    """The same as JSON."""
    rows = [{**figure._asdict(), "verdict": figure.verdict} for figure in figures]
    whole = {"python": sys.version.split()[0], "figures": rows, **heaviest}
    OUT.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
