"""How often the checks err: human labels, mistakes made on purpose, faithful paraphrases.

    python -m benchmarks.checks [--data ../shared/data] [--sample N] [--docs-only]

Writes ``benchmarks/checks.json`` and, between its markers, ``docs/checks.md``. The labelled sets
are judged by the shipped checks with weights that never saw a text of the same family
(`benchmarks.learn_support`), at the one shipped threshold. No text of the data is written, figures
only. Some ten minutes on two cores; ``--docs-only`` renders the last run again.
"""

import argparse
import json
import platform
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import learn_support
from summarizer.checking.checks import CHECKS, SUPPORTED, Claim, Passage, judge
from summarizer.evaluation.claims import Labelled, Outcome, documents, score
from summarizer.evaluation.measures import Estimate, Scored, Sheet, mean, share, sheet
from summarizer.evaluation.mutations import mutate
from summarizer.evaluation.samples import Library, Sample, samples, shelve
from summarizer.pipeline import brief
from summarizer.settings import Settings
from summarizer.sources.articles import Article, digest
from summarizer.sources.files import read as read_sources

ROOT = Path(__file__).parent.parent
OUT = ROOT / "benchmarks" / "checks.json"
DOCS = ROOT / "docs" / "checks.md"
FIXTURES = ROOT / "evals" / "fixtures"
BEGIN, END = "<!-- figures: python -m benchmarks.checks -->", "<!-- end of figures -->"

NOW = datetime(2025, 11, 26, tzinfo=UTC)
BRIEFED = {
    "the seeds": ("seeds", Settings(words=2_500, stories=10)),
    "invented wires": ("evals/fixtures/wires.jsonl", Settings(words=2_500, stories=10)),
    "open news (ECB+)": (
        "{data}/events/ecbplus.train_dev.jsonl.gz",
        Settings(words=9_000, stories=80),
    ),
    "open news (SummHay)": (
        "{data}/briefings/summhay_documents.jsonl.gz",
        Settings(words=5_000, stories=40),
    ),
}
"""What is briefed without a model for the made mistakes; every fifth article of the open news."""

LITERATURE = {
    "wice_claim": "MiniCheck-7B 81.9 · GPT-4o 78.5 · MiniCheck-FT5-0.8B 72.2"
    " · AlignScore-0.35B 66.0 · SummaC-ZS 62.8 · QAFactEval 62.5 (BAcc)",
    "summedits_news": "human 90.0 · GPT-4 83.3 · QAFactEval 74.4 · SummaC-Conv 61.9 · DAE 60.9"
    " (BAcc)",
}
"""Published figures on the same set, not computed here."""

REFERENCE_BASED = frozenset(
    "Rouge 1,Rouge 2,Rouge L,Bleu,Meteor,BertScore P,BertScore R,BertScore F1,R1,R2,RL"
    ",BERTScore,ROUGE-2,BLEU,BLEURT".split(",")
)
"""Metrics that are given a summary by a person beside the source, which no checker has."""

PARAPHRASES = {
    "read": "paraphrases",
    "causes": "paraphrases_unseen",
    "unread": "paraphrases_held",
}
"""The set that was at hand while the checks were improved, the one that was read once for the
causes, and the one that was never read."""

SHOWN_BASELINES = 3
"""Published metrics with scores for the very rows that are shown, the best first."""


def main() -> None:
    """Measures, saves and renders."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sample", type=int, help="labelled rows of a set, at most")
    parser.add_argument("--docs-only", action="store_true")
    asked = parser.parse_args()
    if not asked.docs_only:
        found = {
            "python": platform.python_version(),
            "threshold": SUPPORTED,
            "sample": asked.sample,
            **labelled(asked.data, asked.sample),
            "mistakes": mistakes(asked.data),
            "paraphrases": {name: paraphrases(held) for name, held in PARAPHRASES.items()},
            "speed": speed(),
        }
        OUT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    publish(json.loads(OUT.read_text(encoding="utf-8")))


def labelled(data: Path, sample: int | None) -> dict[str, Any]:
    """Figures by set and by check on the human labels."""
    raw = list(_drawn(learn_support.read(data), sample))
    unseen = learn_support.unseen_scores(raw)
    with ProcessPoolExecutor() as pool:
        outcomes = list(pool.map(score, map(_row, raw), chunksize=100))
        overlaps = list(pool.map(_overlap, raw, chunksize=200))
    cut = _best_cut(raw, overlaps)
    known = documents(outcomes)
    ours = [
        _scored(outcome, value, document)
        for outcome, value, document in zip(outcomes, unseen, known, strict=True)
    ]
    plain = [
        Scored(row["label"], value, value >= cut, document)
        for row, value, document in zip(raw, overlaps, known, strict=True)
    ]
    return {
        "plain_threshold": cut,
        "sets": _sets(raw, ours, plain),
        "checks": _by_check(outcomes),
    }


def _drawn(rows: Iterable[dict[str, Any]], most: int | None) -> Iterator[dict[str, Any]]:
    """At most so many rows of each set, drawn by the hash of their ids."""
    held: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        held[row["dataset"]].append(row)
    for group in held.values():
        yield from sorted(group, key=lambda row: digest(row["id"]))[:most]


def _row(raw: Mapping[str, Any]) -> Labelled:
    evidence = tuple(raw["evidence"])
    return Labelled(raw["dataset"], raw["id"], raw["claim"], evidence, raw["label"])


def _overlap(raw: Mapping[str, Any]) -> float:
    return learn_support.overlap(raw["claim"], raw["evidence"])


def _scored(outcome: Outcome, unseen: float, document: int) -> Scored:
    """As `checks.judge` reads a probability beside the problems found."""
    value = unseen * SUPPORTED if outcome.findings else unseen
    accepted = not outcome.findings and unseen >= SUPPORTED
    return Scored(outcome.label, value, accepted, document)


def _best_cut(raw: Sequence[Mapping[str, Any]], overlaps: Sequence[float]) -> float:
    """The one threshold at which plain overlap does best on the mean of all sets."""
    groups: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for row, value in zip(raw, overlaps, strict=True):
        groups[row["dataset"]].append((value, row["label"]))

    def balanced(cut: float) -> float:
        return sum(_balanced(group, cut) for group in groups.values())

    return max((step / 50 for step in range(51)), key=balanced)


def _balanced(group: Sequence[tuple[float, int]], cut: float) -> float:
    right = Counter(label for value, label in group if (value >= cut) == label)
    count = Counter(label for _, label in group)
    return (right[0] / count[0] + right[1] / count[1]) / 2


def _sets(
    raw: Sequence[Mapping[str, Any]], ours: Sequence[Scored], plain: Sequence[Scored]
) -> dict[str, Any]:
    at: dict[str, list[int]] = defaultdict(list)
    for n, row in enumerate(raw):
        at[row["dataset"]].append(n)
    sheets = {name: sheet([ours[n] for n in held]) for name, held in at.items()}
    plains = {name: sheet([plain[n] for n in held]) for name, held in at.items()}
    rows = {
        name: {
            "family": learn_support.family(name),
            **_told(sheets[name]),
            "plain": _told(plains[name]),
            "published": _published([raw[n] for n in held]),
        }
        for name, held in at.items()
    }
    return {"rows": rows, "means": _means(sheets, plains)}


def _told(one: Sheet) -> dict[str, Any]:
    return {
        "rows": one.rows,
        "supported": one.positives,
        "balanced": _estimate(one.balanced),
        "auc": _estimate(one.auc),
        "false_accept": _estimate(one.false_accept),
        "false_reject": _estimate(one.false_reject),
    }


def _estimate(one: Estimate) -> list[float] | None:
    """Value, low and high, in per cent."""
    if one.value is None:
        return None
    return [round(100 * end, 1) for end in (one.value, *(one.interval or (one.value, one.value)))]


def _means(sheets: Mapping[str, Sheet], plains: Mapping[str, Sheet]) -> dict[str, Any]:
    """Means over sets, and over families of the means of their sets."""
    families: dict[str, list[str]] = defaultdict(list)
    for name in sheets:
        families[learn_support.family(name)].append(name)

    def over(held: Mapping[str, Sheet], figure: str) -> dict[str, Any]:
        every = {name: getattr(one, figure) for name, one in held.items()}
        grouped = [mean([every[name] for name in names]) for names in families.values()]
        return {"sets": _estimate(mean(list(every.values()))), "families": _estimate(mean(grouped))}

    return {
        "ours": {figure: over(sheets, figure) for figure in ("balanced", "auc")},
        "plain": {figure: over(plains, figure) for figure in ("balanced", "auc")},
    }


def _published(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, float]]:
    """AUC of published metrics whose scores come with these very rows, the best first."""
    scores: dict[str, list[Scored]] = defaultdict(list)
    for row in rows:
        for name, value in (row["meta"].get("baselines") or {}).items():
            if isinstance(value, int | float) and name not in REFERENCE_BASED:
                scores[name].append(Scored(row["label"], value, accepted=False))
    found = [
        (name, round(100 * value, 1))
        for name, held in scores.items()
        if len(held) >= 0.9 * len(rows) and (value := sheet(held).auc.value) is not None
    ]
    return sorted(found, key=lambda one: -one[1])[:SHOWN_BASELINES]


def _by_check(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """On how many supported and unsupported claims each check speaks, and any of them."""
    total = Counter(outcome.label for outcome in outcomes)
    spoke: Counter[tuple[str, int]] = Counter()
    for outcome in outcomes:
        kinds = {problem.kind for problem in outcome.findings}
        spoke.update((kind, outcome.label) for kind in kinds)
        spoke["any check", outcome.label] += bool(kinds)
    return {
        kind: {
            "supported": _estimate(share(spoke[kind, 1], total[1])),
            "unsupported": _estimate(share(spoke[kind, 0], total[0])),
        }
        for kind in (*CHECKS, "any check")
    }


def mistakes(data: Path) -> dict[str, Any]:
    """Made mistakes and untouched sentences of each briefing, and of all together."""
    groups = {
        name: _briefed(path.format(data=data), held) for name, (path, held) in BRIEFED.items()
    }
    reports = {name: mutate([group]) for name, group in groups.items()}
    reports["all"] = mutate(groups.values())
    return {
        name: {
            "kinds": {
                one.kind: {"made": one.made, "caught": _estimate(share(one.caught, one.made))}
                | {"by": one.by}
                for one in report.kinds
            },
            "untouched": {
                "sentences": report.untouched.sentences,
                "flagged": _estimate(share(report.untouched.flagged, report.untouched.sentences)),
                "by": report.untouched.by,
            },
        }
        for name, report in reports.items()
    }


def _briefed(path: str, settings: Settings) -> tuple[list[Sample], Library]:
    """The supported sentences of a briefing without a model, and its sources."""
    place = path if Path(path).is_absolute() or path.startswith("..") else str(ROOT / path)
    articles = [one for one in read_sources([place]) if isinstance(one, Article)]
    articles = articles[:: 5 if len(articles) > 100 else 1]
    briefing = brief(articles, settings, now=NOW)
    texts = {
        article.id: Passage(article.text, briefing.language, article.written)
        for article in articles
    }
    return list(samples(briefing)), shelve(texts)


def paraphrases(name: str) -> dict[str, Any]:
    """A set of faithful paraphrases, as they are and with one mistake each."""
    files = sorted(FIXTURES.glob("paraphrases*.jsonl"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in map(json.loads, lines) if row["dataset"] == name]
    held = [
        Sample(Claim(row["claim"]), tuple(map(Passage, row["evidence"])), (row["source"],))
        for row in rows
    ]
    report = mutate([(held, shelve(dict(_sources(rows))))])
    made = sum(one.made for one in report.kinds)
    caught = sum(one.caught for one in report.kinds)
    untouched = report.untouched
    return {
        "sentences": untouched.sentences,
        "flagged": _estimate(share(untouched.flagged, untouched.sentences)),
        "by": untouched.by,
        "made": made,
        "caught": _estimate(share(caught, made)),
    }


def _sources(rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Passage]]:
    articles = [
        one
        for one in read_sources(
            [*map(str, sorted(FIXTURES.glob("wires*.jsonl"))), str(ROOT / "seeds")]
        )
        if isinstance(one, Article)
    ]
    for name in {row["source"] for row in rows}:
        text = next(one.text for one in articles if one.location.endswith(name))
        yield name, Passage(text)


def speed() -> dict[str, float]:
    """Milliseconds for a sentence against three passages of some 500 code points, each new."""
    wires = [json.loads(line) for line in (FIXTURES / "wires.jsonl").open(encoding="utf-8")]
    lines = (FIXTURES / "paraphrases.jsonl").open(encoding="utf-8")
    claims = [json.loads(line)["claim"] for line in lines]
    spent = []
    for turn in range(3):
        chunks = [f"{part} ({turn})" for wire in wires for part in wire["text"].split("\n")]
        passages = [
            [Passage(chunk) for chunk in chunks[at : at + 3]] for at in range(len(chunks) - 2)
        ]
        for at, claim in enumerate(claims):
            started = time.perf_counter()
            judge(Claim(f"{claim} {turn}"), passages[at % len(passages)])
            spent.append(time.perf_counter() - started)
    spent.sort()
    return {"median_ms": round(1e3 * spent[len(spent) // 2], 2)}


def publish(found: Mapping[str, Any]) -> None:
    """Puts the figures between the markers of the document."""
    text = DOCS.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    DOCS.write_text(f"{head}{block(found)}{tail}", encoding="utf-8")


def block(found: Mapping[str, Any]) -> str:
    """The tables as they stand in the document, markers included."""
    parts = [
        BEGIN,
        "### Human labels",
        *([f"A sample of at most {found['sample']} rows a set."] if found["sample"] else []),
        "\n".join(_label_table(found["sets"])),
        "### Each check on the same claims",
        "\n".join(_check_table(found["checks"])),
        "### Mistakes made on purpose",
        "\n".join(_mistake_table(found["mistakes"])),
        _closing(found),
        END,
    ]
    return "\n\n".join(parts)


def _label_table(sets: Mapping[str, Any]) -> Iterator[str]:
    yield "| set | rows | BAcc (95 %) | AUC (95 %) | plain overlap BAcc / AUC | published |"
    yield "|---|---:|---:|---:|---:|---|"
    for name, row in sets["rows"].items():
        plain = f"{_bare(row['plain']['balanced'])} / {_bare(row['plain']['auc'])}"
        published = LITERATURE.get(name) or _named(row["published"])
        figures = f"{_ranged(row['balanced'])} | {_ranged(row['auc'])}"
        yield f"| {name} | {row['rows']:,} | {figures} | {plain} | {published} |"
    means = sets["means"]
    for over in ("sets", "families"):
        ours = [_ranged(means["ours"][figure][over]) for figure in ("balanced", "auc")]
        plain = " / ".join(_bare(means["plain"][figure][over]) for figure in ("balanced", "auc"))
        yield f"| **mean of {over}** | | **{ours[0]}** | **{ours[1]}** | {plain} | |"


def _named(published: Sequence[Sequence[Any]]) -> str:
    told = " · ".join(f"{name} {value}" for name, value in published)
    return f"{told} (AUC)" if told else ""


def _check_table(checks: Mapping[str, Any]) -> Iterator[str]:
    yield "| check | speaks on unsupported claims | speaks on supported claims (false reject) |"
    yield "|---|---:|---:|"
    for kind, one in checks.items():
        yield f"| {kind} | {_ranged(one['unsupported'])} | {_ranged(one['supported'])} |"


def _mistake_table(mistakes: Mapping[str, Any]) -> Iterator[str]:
    names = [name for name in mistakes if name != "all"]
    yield f"| mistake | made | caught (95 %) | slips through | {' | '.join(names)} |"
    yield f"|---|---:|---:|---:|{'---:|' * len(names)}"
    for kind, one in mistakes["all"]["kinds"].items():
        if one["caught"] is None:
            continue
        each = " | ".join(_bare(mistakes[name]["kinds"][kind]["caught"]) for name in names)
        slips = f"{100 - one['caught'][0]:.1f}"
        yield f"| {kind} | {one['made']:,} | {_ranged(one['caught'])} | {slips} | {each} |"
    left = mistakes["all"]["untouched"]
    each = " | ".join(_bare(mistakes[name]["untouched"]["flagged"]) for name in names)
    flagged = f"{left['sentences']:,} | {_ranged(left['flagged'])}"
    yield f"| **untouched, wrongly flagged** | {flagged} | | {each} |"


def _closing(found: Mapping[str, Any]) -> str:
    read, causes, unread = (_paraphrased(found["paraphrases"][name]) for name in PARAPHRASES)
    spent = found["speed"]["median_ms"]
    return (
        "Faithful paraphrases, written by hand: of those that were at hand while the checks were"
        f" improved {read}; of those that were then read once, for the causes, {causes}; of those"
        f" that were never read {unread}. One sentence against three passages takes {spent} ms"
        " (median, one core, nothing remembered)."
    )


def _paraphrased(held: Mapping[str, Any]) -> str:
    by = ", ".join(f"{kind} {count}" for kind, count in held["by"].items())
    flagged = f"{_ranged(held['flagged'])} % of {held['sentences']} are wrongly flagged"
    caught = f"{_ranged(held['caught'])} % of {held['made']:,} mistakes made in them are caught"
    return f"{flagged} ({by or 'none'}), and {caught}"


def _ranged(one: Sequence[float] | None) -> str:
    return "–" if one is None else f"{one[0]:.1f} ({one[1]:.1f}–{one[2]:.1f})"


def _bare(one: Sequence[float] | None) -> str:
    return "–" if one is None else f"{one[0]:.1f}"


if __name__ == "__main__":
    main()
