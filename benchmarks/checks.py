"""How often the checks err: human labels, mistakes made on purpose, faithful paraphrases.

    python -m benchmarks.checks [--data ../shared/data] [--sample N] [--docs-only]

Writes ``benchmarks/checks.json`` and, between its markers, ``docs/checks.md``. The labelled sets
are judged by the shipped checks with weights that never saw a text of the same family
(`benchmarks.learn_support`), at the one shipped threshold. No text of the data is written, figures
only. Some five minutes of one core; ``--docs-only`` renders the last run again.
"""

import argparse
import json
import platform
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from benchmarks import learn_support
from summarizer.checking.claims import Claim, Passage
from summarizer.checking.verdict import CHECKS, MIN_SUPPORTED, capped_support, judge_claim
from summarizer.evaluation.detection import PerturbationReport, measure_detection
from summarizer.evaluation.labels import (
    LabelledClaim,
    ScoredClaim,
    SourceLibrary,
    SupportedSample,
    build_library,
    document_numbers,
    score_claim,
    supported_samples,
)
from summarizer.evaluation.statistics import (
    ClassifierMetrics,
    Estimate,
    ScoredLabel,
    auc_and_balanced_accuracy,
    classifier_metrics,
    mean_estimate,
    wilson_share,
)
from summarizer.pipeline import create_briefing
from summarizer.settings import Settings
from summarizer.sources.articles import Article, sha256_hex
from summarizer.sources.files import read_articles as read_sources

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
    "read": ("paraphrases",),
    "causes": ("paraphrases_unseen", "paraphrases_held", "paraphrases_mended"),
    "unread": ("paraphrases_fresh",),
}
"""The set that was at hand while the checks were improved, those that were then read for the
causes, and the one that was never read."""

UNFAITHFUL = {"causes": "twins_mended", "unread": "twins_fresh"}
"""As many sentences as free, and wrong: how many of them pass."""

BESIDE = {
    "ours": "score alone",
    "share": "rare words",
    "bigrams": "word pairs",
    "sketch": "sketch",
}
"""What stands beside the judgement: BAcc / AUC by `benchmarks.learn_support`."""

TURNS = 5
"""Times that the same is measured."""

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
            "threshold": MIN_SUPPORTED,
            "sample": asked.sample,
            **labelled(asked.data, asked.sample),
            "mistakes": mistakes(asked.data),
            "paraphrases": {name: paraphrases(held) for name, held in PARAPHRASES.items()},
            "unfaithful": {name: unfaithful(held) for name, held in UNFAITHFUL.items()},
            "speed": speed(),
        }
        OUT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    publish(json.loads(OUT.read_text(encoding="utf-8")))


def labelled(data: Path, sample: int | None) -> dict[str, Any]:
    """Figures by set and by check on the human labels."""
    raw = list(_drawn(learn_support.read(data), sample))
    with ProcessPoolExecutor() as pool:
        outcomes = list(pool.map(score_claim, map(_row, raw), chunksize=50))
        found = [outcome.findings for outcome in outcomes]
        rows = list(pool.map(learn_support.measured, raw, found, chunksize=50))
    unseen = learn_support.unseen(rows)
    ours = [
        _scored(outcome, value, document)
        for outcome, value, document in zip(
            outcomes, unseen, document_numbers(outcomes), strict=True
        )
    ]
    compared = learn_support.compared(rows, unseen)
    figures = {name: learn_support.figures(rows, *column) for name, column in compared.items()}
    return {
        "sets": _sets(raw, ours, figures),
        "checks": _by_check(outcomes),
    }


def _drawn(rows: Iterable[dict[str, Any]], most: int | None) -> Iterator[dict[str, Any]]:
    """At most so many rows of each set, drawn by the hash of their ids."""
    held: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        held[row["dataset"]].append(row)
    for group in held.values():
        yield from sorted(group, key=lambda row: sha256_hex(row["id"]))[:most]


def _row(raw: Mapping[str, Any]) -> LabelledClaim:
    evidence = tuple(raw["evidence"])
    return LabelledClaim(
        raw["dataset"], raw["id"], raw["claim"], evidence, raw["label"], published=_day(raw)
    )


def _scored(outcome: ScoredClaim, unseen: float, document: int) -> ScoredLabel:
    """As `checks.judge` reads a probability beside the problems found."""
    value = capped_support(unseen, outcome.findings)
    return ScoredLabel(outcome.label, value, value >= MIN_SUPPORTED, document)


def _sets(
    raw: Sequence[Mapping[str, Any]],
    ours: Sequence[ScoredLabel],
    figures: Mapping[str, Mapping[str, tuple[float, float]]],
) -> dict[str, Any]:
    at: dict[str, list[int]] = defaultdict(list)
    for n, row in enumerate(raw):
        at[row["dataset"]].append(n)
    sheets = {name: classifier_metrics([ours[n] for n in held]) for name, held in at.items()}
    rows = {
        name: {
            "family": learn_support.family(name),
            **_told(sheets[name]),
            "beside": _beside(name, figures),
            "published": _published([raw[n] for n in held]),
        }
        for name, held in at.items()
    }
    means = {
        over: {**_means(sheets, over), "beside": _beside(f"mean of {over}", figures)}
        for over in ("sets", "families")
    }
    return {"rows": rows, "means": means}


def _beside(name: str, figures: Mapping[str, Mapping[str, tuple[float, float]]]) -> dict[str, Any]:
    """AUC and balanced accuracy, in per cent, of the score alone and of each baseline."""
    return {column: [round(100 * x, 1) for x in held[name]] for column, held in figures.items()}


def _told(one: ClassifierMetrics) -> dict[str, Any]:
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


def _means(sheets: Mapping[str, ClassifierMetrics], over: str) -> dict[str, Any]:
    """Means over sets, or over families of the means of their sets."""
    families: dict[str, list[str]] = defaultdict(list)
    for name in sheets:
        families[learn_support.family(name) if over == "families" else name].append(name)
    return {
        figure: _estimate(
            mean_estimate(
                [
                    mean_estimate([getattr(sheets[n], figure) for n in names])
                    for names in families.values()
                ]
            )
        )
        for figure in ("balanced", "auc")
    }


def _published(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, float]]:
    """AUC of published metrics whose scores come with these very rows, the best first."""
    scores: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for row in rows:
        for name, value in (row["meta"].get("baselines") or {}).items():
            if isinstance(value, int | float) and name not in REFERENCE_BASED:
                scores[name].append((value, row["label"]))
    found = [
        (name, round(100 * figures[0], 1))
        for name, held in scores.items()
        if len(held) >= 0.9 * len(rows)
        and (figures := auc_and_balanced_accuracy([x for x, _ in held], [y for _, y in held], 0))
    ]
    return sorted(found, key=lambda one: -one[1])[:SHOWN_BASELINES]


def _by_check(outcomes: Sequence[ScoredClaim]) -> dict[str, Any]:
    """On how many supported and unsupported claims each check speaks, and any of them."""
    total = Counter(outcome.label for outcome in outcomes)
    spoke: Counter[tuple[str, int]] = Counter()
    for outcome in outcomes:
        kinds = {problem.kind for problem in outcome.findings}
        spoke.update((kind, outcome.label) for kind in kinds)
        spoke["any check", outcome.label] += bool(kinds)
    return {
        kind: {
            "supported": _estimate(wilson_share(spoke[kind, 1], total[1])),
            "unsupported": _estimate(wilson_share(spoke[kind, 0], total[0])),
        }
        for kind in (*CHECKS, "any check")
    }


def mistakes(data: Path) -> dict[str, Any]:
    """Made mistakes and untouched sentences of each briefing, and of all together."""
    groups = {
        name: _briefed(path.format(data=data), held) for name, (path, held) in BRIEFED.items()
    }
    reports = {name: measure_detection([group]) for name, group in groups.items()}
    each = {name: _counted(report) for name, report in reports.items()}
    return {**each, "all": _together(list(each.values()))}


def _counted(report: PerturbationReport) -> dict[str, Any]:
    left = report.untouched
    return {
        "kinds": {
            one.kind: _share(one.caught, one.made, "caught", "made") | {"by": one.by}
            for one in report.kinds
        },
        "untouched": _share(left.flagged, left.sentences, "flagged", "sentences") | {"by": left.by},
    }


def _share(count: int, total: int, counted: str, whole: str) -> dict[str, Any]:
    return {whole: total, "count": count, counted: _estimate(wilson_share(count, total))}


def _together(held: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The counts of all briefings as one."""
    kinds = {
        kind: _summed([one["kinds"][kind] for one in held], "caught", "made")
        for kind in held[0]["kinds"]
    }
    untouched = _summed([one["untouched"] for one in held], "flagged", "sentences")
    return {"kinds": kinds, "untouched": untouched}


def _summed(held: Sequence[Mapping[str, Any]], counted: str, whole: str) -> dict[str, Any]:
    by = sum((Counter(one["by"]) for one in held), Counter[str]())
    count, total = (sum(one[key] for one in held) for key in ("count", whole))
    return _share(count, total, counted, whole) | {"by": dict(by.most_common())}


def _briefed(path: str, settings: Settings) -> tuple[list[SupportedSample], SourceLibrary]:
    """The supported sentences of a briefing without a model, and its sources."""
    place = path if Path(path).is_absolute() or path.startswith("..") else str(ROOT / path)
    articles = [one for one in read_sources([place]) if isinstance(one, Article)]
    articles = articles[:: 5 if len(articles) > 100 else 1]
    briefing = create_briefing(articles, settings, now=NOW)
    texts = {
        article.id: Passage(article.text, briefing.language, article.exact_date)
        for article in articles
    }
    return list(supported_samples(briefing)), build_library(texts)


def paraphrases(names: Collection[str]) -> dict[str, Any]:
    """Sets of faithful paraphrases, as they are and with one mistake each."""
    rows = [row for name in names for row in _written(name)]
    held = [
        SupportedSample(
            Claim(row["claim"], published=day),
            tuple(Passage(text, published=day) for text in row["evidence"]),
            (row["source"],),
        )
        for row in rows
        for day in [_day(row)]
    ]
    report = measure_detection([(held, build_library(dict(_sources(rows))))])
    made = sum(one.made for one in report.kinds)
    caught = sum(one.caught for one in report.kinds)
    untouched = report.untouched
    return {
        "sentences": untouched.sentences,
        "flagged": _estimate(wilson_share(untouched.flagged, untouched.sentences)),
        "by": untouched.by,
        "made": made,
        "caught": _estimate(wilson_share(caught, made)),
    }


def unfaithful(name: str) -> dict[str, Any]:
    """How many sentences of a set pass that say, as freely, what their sources do not."""
    rows = list(_written(name))
    passed = sum(score_claim(_row(row)).supported for row in rows)
    return {"sentences": len(rows), "passed": _estimate(wilson_share(passed, len(rows)))}


def _written(name: str) -> Iterator[dict[str, Any]]:
    """The rows of one set of paraphrases."""
    for file in sorted(FIXTURES.glob("paraphrases*.jsonl")):
        rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
        yield from (row for row in rows if row["dataset"] == name)


def _day(row: Mapping[str, Any]) -> date | None:
    return date.fromisoformat(row["published"]) if "published" in row else None


def _sources(rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Passage]]:
    articles = [
        one
        for one in read_sources(
            [*map(str, sorted(FIXTURES.glob("wires*.jsonl"))), str(ROOT / "seeds")]
        )
        if isinstance(one, Article)
    ]
    for name in sorted({row["source"] for row in rows}):
        text = next(one.text for one in articles if one.location.endswith(name))
        yield name, Passage(text)


def speed() -> dict[str, float]:
    """Milliseconds of one core for a sentence against three passages, its evidence and two others:
    of passages that nobody read before, and of passages that another sentence was held against.
    Means over the sentences, the least of several turns; a space behind it makes a text new."""
    lines = (FIXTURES / "paraphrases.jsonl").open(encoding="utf-8")
    rows = [json.loads(line) for line in lines]
    spent: dict[str, list[float]] = {"new": [], "read": []}
    for turn in range(1, TURNS + 1):
        cited = [
            [
                Passage(" ".join(rows[(at + 7 * n) % len(rows)]["evidence"]) + " " * (3 * turn + n))
                for n in range(3)
            ]
            for at in range(len(rows))
        ]
        for name, taken in spent.items():
            claims = [row["claim"] + " " * (2 * turn + (name == "new")) for row in rows]
            started = time.process_time()
            for claim, passages in zip(claims, cited, strict=True):
                judge_claim(Claim(claim), passages)
            taken.append(time.process_time() - started)
    return {f"{name}_ms": round(1e3 * min(taken) / len(rows), 2) for name, taken in spent.items()}


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
    yield f"| set | rows | BAcc (95 %) | AUC (95 %) | {' | '.join(BESIDE.values())} | published |"
    yield f"|---|---:|---:|---:|{'---:|' * len(BESIDE)}---|"
    for name, row in sets["rows"].items():
        published = LITERATURE.get(name) or _named(row["published"])
        figures = f"{_ranged(row['balanced'])} | {_ranged(row['auc'])} | {_columns(row)}"
        yield f"| {name} | {row['rows']:,} | {figures} | {published} |"
    for over, row in sets["means"].items():
        ours = f"**{_ranged(row['balanced'])}** | **{_ranged(row['auc'])}**"
        yield f"| **mean of {over}** | | {ours} | {_columns(row)} | |"


def _columns(row: Mapping[str, Any]) -> str:
    pairs = (row["beside"][name] for name in BESIDE)
    return " | ".join(f"{balanced:.1f} / {auc:.1f}" for auc, balanced in pairs)


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
    passed = ", ".join(
        f"{_ranged(held['passed'])} % of {held['sentences']} pass {told}"
        for told, held in zip(
            ("of those that were read", "of those that were not"),
            found["unfaithful"].values(),
            strict=True,
        )
    )
    spent = found["speed"]
    return (
        "Faithful paraphrases, written by hand: of those that were at hand while the checks were"
        f" improved {read}; of those that were then read once, for the causes, {causes}; of those"
        f" that were never read {unread}. Of sentences that are as free, but say what the source"
        f" does not, {passed}. To judge one sentence against three passages takes"
        f" {spent['read_ms']} ms once these are read, {spent['new_ms']} ms with reading them"
        " (means over 100 sentences, one core): a passage is read once, however many cite it."
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
