"""Labelled claims, scored as a sentence of a briefing is, and a briefing's supported sentences.

A row of a file of claims is ``{"dataset", "id", "claim", "evidence", "label"}``: ``evidence`` is
one passage or several, ``label`` 1 for supported, 0 for not. ``language`` (ISO 639-1) defaults to
English; ``published`` (ISO 8601) is the day from which relative dates are resolved, unknown by
default. Rows of one ``event``, or else of one ``run``, count as one document in the intervals.
Other keys are ignored.
"""

import gzip
import json
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import IO, NamedTuple

from summarizer.briefing import Briefing, Verdict
from summarizer.checking.claims import MIN_LIKELY_SUPPORT, Claim, Issue, Passage
from summarizer.checking.entailment import EntailmentModel
from summarizer.checking.verdict import judge_claim
from summarizer.errors import SettingsError
from summarizer.evaluation.statistics import (
    ClassifierMetrics,
    Estimate,
    ScoredLabel,
    VerdictRow,
    VerdictShares,
    classifier_metrics,
    mean_estimate,
    verdict_shares,
)
from summarizer.retrieval.similarity import UnionFind
from summarizer.sources.articles import sha256_hex
from summarizer.text.aliases import Aliases, find_aliases
from summarizer.text.annotations import Annotations
from summarizer.text.languages import base_language
from summarizer.text.names import Name, find_names
from summarizer.text.sentences import split_sentences

MIN_SHARED_PASSAGE_CHARS = 60
"""Code points from which a passage that two rows share makes them rows of one document."""


class LabelledClaim(NamedTuple):
    """One claim, its evidence, and its label. ``cluster``: the event or run that it belongs to."""

    dataset: str
    id: str
    claim: str
    evidence: tuple[str, ...]
    label: int
    language: str = "en"
    published: date | None = None
    cluster: str = ""


class ScoredClaim(NamedTuple):
    """The judgement of one row, without its texts. ``groups``: rows that share one of these
    strings belong to one document; ``seconds``: the time taken."""

    dataset: str
    id: str
    label: int
    score: float
    verdict: Verdict
    checked_by: str
    findings: tuple[Issue, ...]
    groups: tuple[str, ...]
    seconds: float


class LabelMetrics(NamedTuple):
    """Figures by set, of all rows as one, and the means over the sets that were scored.

    ``auc`` and ``balanced``: of the support, where everything must be decided; ``shares``: of the
    verdicts, which may leave a row open.
    """

    sets: Mapping[str, ClassifierMetrics]
    shares: Mapping[str, VerdictShares]
    pooled: ClassifierMetrics
    auc: Estimate
    balanced: Estimate
    milliseconds: Mapping[str, float]


def read_labelled_claims(path: Path) -> Iterator[LabelledClaim]:
    """The rows of a JSON Lines file, gzip or plain; blank lines are skipped.

    Raises SettingsError with file and line at the first invalid row.
    """
    with _open_lines(path) as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield _parse_claim(line, f"{path}:{number}")


@contextmanager
def _open_lines(path: Path) -> Iterator[IO[str]]:
    """The file as text. Raises SettingsError when it cannot be read to its end."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        with (
            gzip.open(path, "rt", encoding="utf-8")
            if packed
            else path.open(encoding="utf-8") as lines
        ):
            yield lines
    except FileNotFoundError:
        raise SettingsError("does not exist", subject=str(path)) from None
    except UnicodeDecodeError:
        raise SettingsError("is not UTF-8", subject=str(path)) from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise SettingsError("is a damaged gzip file", subject=str(path)) from None
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", subject=str(path)) from error


def _parse_claim(line: str, place: str) -> LabelledClaim:
    """Raises SettingsError: one line that names the field and what is wrong with it."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise SettingsError("is not JSON", subject=place) from None
    if not isinstance(row, dict):
        raise SettingsError("is not a JSON object", subject=place)
    label = row.get("label")
    if type(label) is not int or label not in (0, 1):
        fault = "is missing" if label is None else f"is {json.dumps(label)}"
        raise SettingsError(f"label {fault}", subject=place, hint="1 supported, 0 not supported")
    for key in ("dataset", "claim"):
        value = row.get(key)
        if not isinstance(value, str) or not value.strip():
            fault = "is empty" if isinstance(value, str) else "is no text"
            fault = "is missing" if value is None else fault
            raise SettingsError(f"{key} {fault}", subject=place)
    evidence = row.get("evidence")
    passages = [evidence] if isinstance(evidence, str) else evidence
    if not isinstance(passages, list) or not all(isinstance(one, str) for one in passages):
        fault = "is missing" if evidence is None else "is neither a text nor a list of texts"
        raise SettingsError(f"evidence {fault}", subject=place)
    published = row.get("published")
    try:
        day = None if published is None else date.fromisoformat(str(published))
    except ValueError:
        raise SettingsError("published is no day such as 2025-11-30", subject=place) from None
    cluster = row.get("event") or row.get("run") or ""
    return LabelledClaim(
        row["dataset"], str(row.get("id", place)), row["claim"], tuple(passages), label,
        str(row.get("language") or "en"), day, str(cluster),
    )  # fmt: skip


def score_claims(
    rows: Iterable[LabelledClaim], entailment: EntailmentModel | None = None
) -> Iterator[ScoredClaim]:
    """`score_claim` of each row; consecutive rows with the same evidence share its annotations."""
    for _, group in groupby(rows, key=lambda row: row.evidence):
        annotations = Annotations()
        for row in group:
            yield score_claim(row, annotations, entailment)


def claim_and_passages(
    row: LabelledClaim, annotations: Annotations | None = None
) -> tuple[Claim, list[Passage]]:
    """The claim of a row, and its evidence as one passage; no passage where that is empty."""
    text = "\n".join(row.evidence)
    shared = Annotations() if annotations is None else annotations
    passages = [Passage(text, row.language, row.published, shared)] if text.strip() else []
    return Claim(row.claim, row.language, row.published, shared), passages


def score_claim(
    row: LabelledClaim,
    annotations: Annotations | None = None,
    entailment: EntailmentModel | None = None,
) -> ScoredClaim:
    """The product's own judgement: the evidence is one source, read as its sentences."""
    started = time.perf_counter()
    claim, passages = claim_and_passages(row, annotations)
    judged = judge_claim(claim, passages, entailment=entailment)
    spent = time.perf_counter() - started
    long = [part for part in row.evidence if len(part) >= MIN_SHARED_PASSAGE_CHARS]
    # Digests, not hash(): worker processes and later runs must give the same groups.
    groups = [sha256_hex(part) for part in long or ["\n".join(row.evidence)]]
    groups += [f"{row.dataset}/{row.cluster}"] * bool(row.cluster)
    return ScoredClaim(
        row.dataset, row.id, row.label, judged.support, judged.verdict, judged.checked_by,
        judged.issues, tuple(groups), spent,
    )  # fmt: skip


def tabulate_metrics(rows: Sequence[ScoredClaim], seed: int = 0) -> LabelMetrics:
    """The figures, by set in the order of first appearance."""
    numbers = document_numbers(rows)
    labels = [
        ScoredLabel(row.label, row.score, row.score >= MIN_LIKELY_SUPPORT, document)
        for row, document in zip(rows, numbers, strict=True)
    ]
    verdicts = [
        VerdictRow(row.label, row.verdict, document)
        for row, document in zip(rows, numbers, strict=True)
    ]
    by_set: dict[str, list[int]] = {}
    for at, row in enumerate(rows):
        by_set.setdefault(row.dataset, []).append(at)
    sets = {name: classifier_metrics([labels[n] for n in at], seed) for name, at in by_set.items()}
    spent = {name: 1e3 * sum(rows[n].seconds for n in at) / len(at) for name, at in by_set.items()}
    shares = {name: verdict_shares([verdicts[n] for n in at], seed) for name, at in by_set.items()}
    return LabelMetrics(
        sets, shares, classifier_metrics(labels, seed),
        mean_estimate([one.auc for one in sets.values()]),
        mean_estimate([one.balanced for one in sets.values()]), spent,
    )  # fmt: skip


def document_numbers(rows: Sequence[ScoredClaim]) -> list[int]:
    """For each row the number of its document: rows that share a group share the document."""
    documents, first = UnionFind(len(rows)), dict[str, int]()
    for at, row in enumerate(rows):
        for group in row.groups:
            documents.union(first.setdefault(group, at), at)
    numbers = [0] * len(rows)
    for number, members in enumerate(documents.groups()):
        for at in members:
            numbers[at] = number
    return numbers


class LibrarySource(NamedTuple):
    """One source: its sentences as passages, and the names in it, each once."""

    sentences: tuple[Passage, ...]
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class SourceLibrary:
    """The sources by id, and what short names mean in them."""

    sources: Mapping[str, LibrarySource]
    aliases: Aliases


class SupportedSample(NamedTuple):
    """A sentence, the words that it cites, and the id of the source of each."""

    claim: Claim
    passages: tuple[Passage, ...]
    sources: tuple[str, ...]


def build_library(texts: Mapping[str, Passage]) -> SourceLibrary:
    """The library of whole texts by source id."""
    sources = {}
    for name, whole in texts.items():
        sentences = tuple(
            Passage(whole.text[start:end], whole.language, whole.published, whole.annotations)
            for start, end in split_sentences(whole.text, whole.language)
        )
        names = {found.text: found for found in find_names(whole.text)}
        sources[name] = LibrarySource(sentences, tuple(names.values()))
    return SourceLibrary(sources, find_aliases(text.text for text in texts.values()))


def supported_samples(briefing: Briefing) -> Iterator[SupportedSample]:
    """The supported sentences of a briefing, each wording once."""
    annotations = Annotations()
    language = base_language(briefing.language)
    sources = {source.id: source for source in briefing.sources}
    by_text = {one.text: one for one in briefing.all_sentences() if one.verdict == "supported"}
    for text, sentence in by_text.items():
        cited = [sources[citation.source] for citation in sentence.citations]
        passages = tuple(
            Passage(citation.quote, language, source.exact_date, annotations)
            for citation, source in zip(sentence.citations, cited, strict=True)
        )
        claim = Claim(text, language, passages[0].published, annotations)
        yield SupportedSample(claim, passages, tuple(source.id for source in cited))
