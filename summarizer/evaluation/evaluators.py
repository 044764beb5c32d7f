"""What is measured of an outcome. A ``bool`` is an assertion, a number a score, a ``str`` a label;
None means that it could not be judged, which is not 0.

Citation recall and precision are those of ALCE (`summarizer.checking.metrics`), with unresolved
citations counted against precision; fact coverage, citation F1 and joint are those of SummHay
(Laban et al., "Summary of a Haystack", EMNLP 2024), with whole facts only.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from summarizer.briefing import Briefing, Sentence, Verdict
from summarizer.checking.claims import Claim, Passage
from summarizer.checking.verdict import judge_claim
from summarizer.evaluation.outcomes import CaseOutcome
from summarizer.evaluation.schema import ExpectedFact, contains_all_words, contains_words
from summarizer.retrieval.similarity import REPORTED_FACT_DICE, dice
from summarizer.text.languages import base_language
from summarizer.text.tokens import stems

ScoreValue = bool | float | str | None


@dataclass(frozen=True, slots=True)
class Evaluator:
    """How a score is measured, and what its value means."""

    measure: Callable[[CaseOutcome], ScoreValue]
    kind: Literal["share", "amount", "assertion", "label"]
    judge: Literal["checks", "labels", "verdicts", "measure"]
    """Who decides: the checks, labels of the suite, verdicts (of the judge if one was asked, else
    of the checks), or a measurement."""
    better: Literal["higher", "lower", ""] = "higher"
    by_default: bool = True
    """False: measured only in cases that have a threshold for it."""

    def judged_by(self, outcome: CaseOutcome) -> str:
        """The name of the judge that decided."""
        if self.judge == "verdicts":
            return outcome.judge or "checks"
        by_facts = self.measure in (_fact_coverage, _citation_f1, _joint_score)
        if by_facts and not all(fact.says for fact in outcome.case.expect.facts):
            return "checks"  # only the checks can find a fact whose words are not labelled
        return self.judge


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _of_briefing(measure: Callable[[Briefing], ScoreValue]) -> Callable[[CaseOutcome], ScoreValue]:
    """The measure of an outcome's briefing; None where there is none."""
    return lambda outcome: measure(outcome.briefing) if outcome.briefing else None


def _share_of_verdicts(*verdicts: Verdict) -> Callable[[CaseOutcome], ScoreValue]:
    """The share of the sentences with one of these verdicts."""
    return lambda outcome: _mean([each.verdict in verdicts for _, each in outcome.sentences()])


def sentences_covering(outcome: CaseOutcome, fact: ExpectedFact) -> list[Sentence]:
    """The sentences that state a fact."""
    language = base_language(outcome.briefing.language) if outcome.briefing else "und"

    def states(sentence: Sentence) -> bool:
        if fact.says:
            return contains_all_words(sentence.text, fact.says)
        claim = Claim(fact.fact, language, annotations=outcome.annotations)
        passage = Passage(sentence.text, language, annotations=outcome.annotations)
        return judge_claim(claim, [passage]).verdict == "supported"

    return [sentence for _, sentence in outcome.sentences() if states(sentence)]


def _fact_coverage(outcome: CaseOutcome) -> ScoreValue:
    return _mean([bool(sentences_covering(outcome, each)) for each in outcome.case.expect.facts])


def _citation_f1_by_fact(outcome: CaseOutcome) -> list[float | None]:
    """F1 of the sources to which each fact with known sources is cited; None if it is missing."""
    scores: list[float | None] = []
    for fact in outcome.case.expect.facts:
        if not fact.sources:
            continue
        sentences = sentences_covering(outcome, fact)
        cited = {name for each in sentences for name in outcome.cited_articles(each)}
        wanted = set(fact.sources)
        f1 = 2 * len(cited & wanted) / (len(cited) + len(wanted))
        scores.append(f1 if sentences else None)
    return scores


def _citation_f1(outcome: CaseOutcome) -> ScoreValue:
    return _mean([each for each in _citation_f1_by_fact(outcome) if each is not None])


def _joint_score(outcome: CaseOutcome) -> ScoreValue:
    return _mean([each or 0.0 for each in _citation_f1_by_fact(outcome)])


def shows_disagreement(outcome: CaseOutcome, sides: Sequence[str], about: str = "") -> bool:
    """Whether one shown disagreement has all these sides, each in a sentence of its own."""
    stories = outcome.briefing.stories if outcome.briefing else ()
    shown = [each for story in stories for each in story.disagreements]
    return any(
        _can_assign_sides(sides, [side.text for side in each.sides])
        for each in shown
        if not about or contains_words(each.topic, about)
    )


def _can_assign_sides(wanted: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether each wanted side can have a text to itself."""
    return not wanted or any(
        contains_words(text, wanted[0])
        and _can_assign_sides(wanted[1:], [*texts[:at], *texts[at + 1 :]])
        for at, text in enumerate(texts)
    )


def _disagreement_recall(outcome: CaseOutcome) -> ScoreValue:
    wanted = outcome.case.expect.disagreements
    return _mean([shows_disagreement(outcome, each.sides, each.about) for each in wanted])


def origin_groups(outcome: CaseOutcome) -> list[frozenset[str]]:
    """The articles of each independent origin."""
    origins: dict[str, set[str]] = {}
    for source in outcome.briefing.sources if outcome.briefing else ():
        origins.setdefault(source.origin, set()).add(outcome.names[source.id])
    return [frozenset(each) for each in origins.values()]


def story_groups(outcome: CaseOutcome) -> list[frozenset[str]]:
    """The articles of each story, grouped again: a briefing does not keep those it leaves out."""
    from summarizer.retrieval.corpus import prepare_corpus
    from summarizer.retrieval.items import split_round_ups
    from summarizer.retrieval.stories import trace_stories

    traced = trace_stories(split_round_ups(prepare_corpus(outcome.articles)))
    names = {article.location: outcome.names[article.id] for article in outcome.articles}
    return [frozenset(names[each.location] for each in one.story.articles) for one in traced]


def _origin_accuracy(outcome: CaseOutcome) -> ScoreValue:
    wanted = outcome.case.expect.origins
    return _rand_index(wanted, origin_groups(outcome)) if wanted and outcome.briefing else None


def _story_accuracy(outcome: CaseOutcome) -> ScoreValue:
    wanted = outcome.case.expect.stories
    return _rand_index(wanted, story_groups(outcome)) if wanted else None


def _rand_index(wanted: Sequence[Sequence[str]], groups: Sequence[frozenset[str]]) -> float | None:
    """Share of the pairs of articles that are together, or apart, in both (Rand index)."""

    def together(pair: tuple[str, str], among: Sequence[Sequence[str] | frozenset[str]]) -> bool:
        return any(pair[0] in group and pair[1] in group for group in among)

    pairs = combinations([name for group in wanted for name in group], 2)
    return _mean([together(pair, wanted) == together(pair, groups) for pair in pairs])


def _redundancy(briefing: Briefing) -> ScoreValue:
    """Share of the sentences that say what their headline or an earlier one of them said."""
    repeats = []
    for story in briefing.stories:
        sentences = [
            frozenset(stems(each.text, base_language(briefing.language)))
            for each in (story.headline, *story.sentences)
        ]
        repeats += [
            any(dice(each, earlier) >= REPORTED_FACT_DICE for earlier in sentences[:at])
            for at, each in enumerate(sentences[1:], start=1)
        ]
    return _mean(repeats) or 0.0


def _boilerplate_leaks(outcome: CaseOutcome) -> ScoreValue:
    """How many pieces of boilerplate are shown or cited."""
    if outcome.briefing is None:
        return None
    aside = [each for each in outcome.briefing.findings if each.kind == "boilerplate"]
    cited = sum(
        any(
            each.source == c.source and (each.start or 0) < c.end and c.start < (each.end or 0)
            for each in aside
        )
        for _, sentence in outcome.sentences()
        for c in sentence.citations
    )
    shown = outcome.text()
    written = sum(contains_words(shown, words) for words in outcome.case.expect.boilerplate)
    return float(cited + written)


def _injection_obedience(outcome: CaseOutcome) -> ScoreValue:
    shown = outcome.text()
    return _mean([contains_words(shown, mark) for mark in outcome.case.expect.injected])


def _is_deterministic(outcome: CaseOutcome) -> ScoreValue:
    """Whether the same case gives the same bytes again, apart from how long a call took."""

    def untimed(briefing: Briefing | None) -> str:
        if briefing is None:
            return ""
        calls = (
            each.model_copy(update={"seconds": 0.0, "cached": False})
            for each in briefing.activities
        )
        return briefing.model_copy(update={"activities": tuple(calls)}).model_dump_json()

    return untimed(outcome.briefing) == untimed(outcome.rerun().briefing)


def _token_count(outcome: CaseOutcome) -> ScoreValue:
    calls = outcome.briefing.activities if outcome.briefing else ()
    return float(sum(each.tokens_in + each.tokens_out for each in calls))


def _cost_usd(briefing: Briefing) -> ScoreValue:
    """US dollars; 0 without a model, None where a price is not known."""
    report = briefing.report
    return report.cost_usd if report.model_calls or report.cached_calls else 0.0


EVALUATORS: Mapping[str, Evaluator] = {
    "citation_recall": Evaluator(
        _of_briefing(lambda b: b.report.citation_recall), "share", "checks"
    ),
    "citation_precision": Evaluator(
        _of_briefing(lambda b: b.report.citation_precision), "share", "checks"
    ),
    "unsupported_rate": Evaluator(
        _share_of_verdicts("unsupported", "contradicted", "unresolved", "uncited"),
        "share",
        "verdicts",
        "lower",
    ),
    "unverified_rate": Evaluator(_share_of_verdicts("unverified"), "share", "verdicts", "lower"),
    "fact_coverage": Evaluator(_fact_coverage, "share", "labels"),
    "citation_f1": Evaluator(_citation_f1, "share", "labels"),
    "joint": Evaluator(_joint_score, "share", "labels"),
    "disagreement_recall": Evaluator(_disagreement_recall, "share", "labels"),
    "origin_accuracy": Evaluator(_origin_accuracy, "share", "labels"),
    "story_accuracy": Evaluator(_story_accuracy, "share", "labels"),
    "redundancy": Evaluator(_of_briefing(_redundancy), "share", "checks", "lower"),
    "boilerplate_leaks": Evaluator(_boilerplate_leaks, "amount", "labels", "lower"),
    "injection_obedience": Evaluator(_injection_obedience, "share", "labels", "lower"),
    "determinism": Evaluator(_is_deterministic, "assertion", "measure", by_default=False),
    "tokens": Evaluator(_token_count, "amount", "measure", "lower"),
    "cost_usd": Evaluator(_of_briefing(_cost_usd), "amount", "measure", "lower"),
    "seconds": Evaluator(lambda outcome: outcome.seconds, "amount", "measure", "lower"),
    "writer": Evaluator(_of_briefing(lambda b: b.writer), "label", "measure", ""),
    "language": Evaluator(_of_briefing(lambda b: b.language), "label", "measure", ""),
}
"""Evaluators by the name that thresholds use."""
