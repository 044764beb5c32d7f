"""How often the checks err: on natural sentences, on mistakes made on purpose, on open sets.

    python -m benchmarks.checks [--data ../shared/data] [--sample N] [--nli PATH] [--docs-only]

Writes ``benchmarks/checks.json`` and, between its markers, ``docs/checks.md``. The unseen half of
``evals/natural`` is never read here. The open sets are judged by weights of the support score that
never saw a text of the same family (`benchmarks.learn_support`), at the one shipped threshold. No
text of the data is written, figures only. Some ten minutes of one core; ``--docs-only`` renders the
last run again.
"""

import argparse
import json
import platform
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from benchmarks import learn_support
from summarizer.checking.claims import MIN_LIKELY_SUPPORT, Claim, Passage
from summarizer.checking.entailment import EntailmentModel, open_named_model
from summarizer.checking.verdict import capped_support, judge_claim
from summarizer.evaluation.detection import VerdictCounts, measure_detection
from summarizer.evaluation.labels import (
    LabelledClaim,
    ScoredClaim,
    SourceLibrary,
    SupportedSample,
    build_library,
    document_numbers,
    read_labelled_claims,
    score_claim,
    score_claims,
    supported_samples,
)
from summarizer.evaluation.statistics import (
    ClassifierMetrics,
    Estimate,
    ScoredLabel,
    VerdictRow,
    auc_and_balanced_accuracy,
    classifier_metrics,
    mean_estimate,
    verdict_shares,
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

NATURAL = {
    "invented news, seen half": str(ROOT / "evals/natural/half-a.jsonl"),
    "news events": "{data}/natural/natural.dev.jsonl",
    "drafts of a strong model": "{data}/drafts/drafts.dev.jsonl",
}
"""Sentences as people and models write them, half of them subtly false. ``half-b.jsonl`` is run
once a release, and not from here."""

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
"""What is briefed without a model to make mistakes and twins from; every fifth article of the open
news."""

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
    "faithful, at hand while the checks were made": ("paraphrases",),
    "faithful, read for the causes": (
        "paraphrases_unseen",
        "paraphrases_held",
        "paraphrases_mended",
    ),
    "faithful, never read": ("paraphrases_fresh",),
    "as free, but wrong, read": ("twins_mended",),
    "as free, but wrong, never read": ("twins_fresh",),
}
"""Sentences written by hand from the invented wires and the seeds."""

BESIDE = {
    "ours": "score alone",
    "share": "rare words",
    "bigrams": "word pairs",
    "sketch": "sketch",
}
"""What is shown beside the judgement: BAcc / AUC by `benchmarks.learn_support`."""

SHARES = {
    "wrong_among_supported": "wrong among supported",
    "false_supported": "passes something false",
    "false_flagged": "flags something false",
    "true_flagged": "flags something true",
    "true_supported": "supports something true",
    "undecided": "cannot tell",
}
"""Columns of the first table: fields of `VerdictShares`."""

COLUMNS = ("supported", "unverified", "flagged")

TURNS = 5
"""Times that the same is measured."""

SHOWN_BASELINES = 3
"""Published metrics with scores for the very rows that are shown, the best first."""


def main() -> None:
    """Measures, saves and renders."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sample", type=int, help="rows of an open set, sentences of a briefing")
    parser.add_argument("--nli", type=Path, help="an entailment model, for the first table")
    parser.add_argument("--docs-only", action="store_true")
    asked = parser.parse_args()
    if not asked.docs_only:
        models = {"rules": None, "rules + NLI": open_named_model(asked.nli)}
        found = {
            "python": platform.python_version(),
            "threshold": MIN_LIKELY_SUPPORT,
            "sample": asked.sample,
            "nli": asked.nli.name if asked.nli else None,
            "natural": {
                method: natural(asked.data, model)
                for method, model in models.items()
                if model or method == "rules"
            },
            "mutations": mutations(asked.data, asked.sample),
            "paraphrases": {name: paraphrases(sets) for name, sets in PARAPHRASES.items()},
            **labelled(asked.data, asked.sample),
            "speed": speed(),
        }
        OUT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    found = json.loads(OUT.read_text(encoding="utf-8"))
    DOCS.write_text(published(DOCS.read_text(encoding="utf-8"), found), encoding="utf-8")


def natural(data: Path, entailment: EntailmentModel | None) -> dict[str, Any]:
    """The verdicts on each set of natural sentences, as counts and clustered shares."""
    figures = {}
    for name, path in NATURAL.items():
        rows = read_labelled_claims(Path(path.format(data=data)))
        figures[name] = _natural_figures(list(score_claims(rows, entailment)))
    return figures


def _natural_figures(outcomes: Sequence[ScoredClaim]) -> dict[str, Any]:
    documents = document_numbers(outcomes)
    shares = verdict_shares(
        [
            VerdictRow(outcome.label, outcome.verdict, document)
            for outcome, document in zip(outcomes, documents, strict=True)
        ]
    )
    verdicts = Counter((outcome.label, _column(outcome)) for outcome in outcomes)
    total = Counter(outcome.label for outcome in outcomes)
    passed, right = verdicts[0, "supported"], verdicts[1, "supported"]
    counts = {
        "wrong_among_supported": (passed, passed + right),
        "false_supported": (passed, total[0]),
        "false_flagged": (verdicts[0, "flagged"], total[0]),
        "true_flagged": (verdicts[1, "flagged"], total[1]),
        "true_supported": (right, total[1]),
        "undecided": (verdicts[0, "unverified"] + verdicts[1, "unverified"], len(outcomes)),
    }
    return {
        "rows": len(outcomes),
        "documents": len(set(documents)),
        **{
            name: {"count": count, "of": whole, "share": _estimate(getattr(shares, name))}
            for name, (count, whole) in counts.items()
        },
    }


def _column(outcome: ScoredClaim) -> str:
    return outcome.verdict if outcome.verdict in ("supported", "unverified") else "flagged"


def mutations(data: Path, sample: int | None) -> dict[str, Any]:
    """Mistakes, twins and unchanged sentences of each briefing, and of all together."""
    figures: dict[str, Any] = {}
    for name, (path, settings) in BRIEFED.items():
        samples, library = _briefed(path.format(data=data), settings)
        chosen = sorted(samples, key=lambda each: sha256_hex(each.claim.text))[:sample]
        report = measure_detection([(chosen, library)])
        figures[name] = {
            "kinds": {
                kind.kind: {"mistakes": _counted(kind.mistakes), "twins": _counted(kind.twins)}
                for kind in report.kinds
            },
            "untouched": _counted(report.untouched),
        }
    each = list(figures.values())
    figures["all"] = {
        "kinds": {
            kind: {
                side: _added([one["kinds"][kind][side] for one in each])
                for side in ("mistakes", "twins")
            }
            for kind in each[0]["kinds"]
        },
        "untouched": _added([one["untouched"] for one in each]),
    }
    return figures


def _counted(counts: VerdictCounts) -> dict[str, int]:
    return {name: getattr(counts, name) for name in ("made", *COLUMNS)}


def _added(counts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    return {name: sum(each[name] for each in counts) for name in counts[0]}


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


def paraphrases(names: Sequence[str]) -> dict[str, int]:
    """The verdicts on sets of paraphrases."""
    lines = [
        line
        for file in sorted(FIXTURES.glob("paraphrases*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    rows = [row for row in map(json.loads, lines) if row["dataset"] in names]
    columns = Counter(_column(score_claim(_row(row))) for row in rows)
    return {"made": len(rows), **{name: columns[name] for name in COLUMNS}}


def _row(raw: Mapping[str, Any]) -> LabelledClaim:
    published = date.fromisoformat(raw["published"]) if "published" in raw else None
    evidence = tuple(raw["evidence"])
    return LabelledClaim(
        raw["dataset"], raw["id"], raw["claim"], evidence, raw["label"], published=published
    )


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


def _scored(outcome: ScoredClaim, unseen: float, document: int) -> ScoredLabel:
    """The probability as `judge_claim` shows it beside the issues found."""
    value = capped_support(unseen, outcome.findings)
    return ScoredLabel(outcome.label, value, value >= MIN_LIKELY_SUPPORT, document)


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
    """On how many supported and unsupported claims each check objects, and any of them."""
    total = Counter(outcome.label for outcome in outcomes)
    objected: Counter[tuple[str, int]] = Counter()
    for outcome in outcomes:
        kinds = {issue.kind for issue in outcome.findings if issue.severity != "doubt"}
        objected.update((kind, outcome.label) for kind in kinds)
        objected["any check", outcome.label] += bool(kinds)
    return {
        kind: {
            "supported": _estimate(wilson_share(objected[kind, 1], total[1])),
            "unsupported": _estimate(wilson_share(objected[kind, 0], total[0])),
        }
        for kind in (*sorted({kind for kind, _ in objected} - {"any check"}), "any check")
    }


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


def published(text: str, found: Mapping[str, Any]) -> str:
    """The document with each block of figures between its markers."""
    for name, render in BLOCKS.items():
        begin, end = f"<!-- figures: {name} -->", f"<!-- end of figures: {name} -->"
        head, _, rest = text.partition(begin)
        _, _, tail = rest.partition(end)
        text = f"{head}{begin}\n\n{render(found)}\n\n{end}{tail}"
    return text


def _natural_block(found: Mapping[str, Any]) -> str:
    lines = [
        f"| sentences | method | {' | '.join(SHARES.values())} |",
        f"|---|---|{'---:|' * len(SHARES)}",
    ]
    for name in next(iter(found["natural"].values())):
        for method, sets in found["natural"].items():
            row = sets[name]
            cells = " | ".join(_counted_share(row[column]) for column in SHARES)
            lines.append(f"| {name} ({row['rows']}) | {method} | {cells} |")
    return "\n".join(lines)


def _sample_note(found: Mapping[str, Any]) -> list[str]:
    note = f"A sample: at most {found['sample']} rows of a set, or sentences of a briefing."
    return ["", note] if found["sample"] else []


def _counted_share(cell: Mapping[str, Any]) -> str:
    share = cell["share"]
    return "–" if share is None else f"{cell['count']} of {cell['of']}: {_ranged(share)}"


def _mutation_block(found: Mapping[str, Any]) -> str:
    figures = found["mutations"]["all"]
    head = "made | supported | cannot tell | flagged"
    lines = [f"| kind | mistakes {head} | twins {head} |", f"|---|{'---:|' * 8}"]
    for kind, sides in figures["kinds"].items():
        cells = f"{_verdict_cells(sides['mistakes'])} | {_verdict_cells(sides['twins'])}"
        lines.append(f"| {kind} | {cells} |")
    untouched = _verdict_cells(figures["untouched"])
    lines.append(f"| **untouched** | | | | | {untouched} |")
    return "\n".join(lines + _sample_note(found))


def _verdict_cells(counts: Mapping[str, int]) -> str:
    """The number made, and the per cent of each column; of a few, the counts."""
    made = counts["made"]
    shares = (f"{100 * counts[name] / made:.1f}" if made else "–" for name in COLUMNS)
    return f"{made} | {' | '.join(shares)}"


def _paraphrase_block(found: Mapping[str, Any]) -> str:
    lines = [
        "| sentences | number | supported | cannot tell | flagged |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [f"| {name} | {_verdict_cells(row)} |" for name, row in found["paraphrases"].items()]
    return "\n".join(lines)


def _set_block(found: Mapping[str, Any]) -> str:
    return "\n".join([*_label_table(found["sets"]), *_sample_note(found)])


def _check_block(found: Mapping[str, Any]) -> str:
    return "\n".join(_check_table(found["checks"]))


def _speed_block(found: Mapping[str, Any]) -> str:
    spent = found["speed"]
    return (
        f"To judge one sentence against three passages takes {spent['read_ms']} ms once these are"
        f" read, {spent['new_ms']} ms with reading them (means over 100 sentences, one core)."
    )


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
    yield "| check | objects to unsupported claims | objects to supported claims |"
    yield "|---|---:|---:|"
    for kind, one in checks.items():
        yield f"| {kind} | {_ranged(one['unsupported'])} | {_ranged(one['supported'])} |"


def _ranged(one: Sequence[float] | None) -> str:
    return "–" if one is None else f"{one[0]:.1f} ({one[1]:.1f}–{one[2]:.1f})"


BLOCKS = {
    "natural": _natural_block,
    "mutations": _mutation_block,
    "paraphrases": _paraphrase_block,
    "open sets": _set_block,
    "checks": _check_block,
    "speed": _speed_block,
}
"""Name of a block in the document -> what renders it."""


if __name__ == "__main__":
    main()
