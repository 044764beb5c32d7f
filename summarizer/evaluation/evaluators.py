"""What is measured of an outcome. A ``bool`` is an assertion, a number a score, a ``str`` a label,
and None is "could not be judged", which is never nought.

citation recall and precision are ALCE's (`summarizer.checking.metrics`), unresolved citations
counted against precision; fact coverage, citation F1 and joint are SummHay's (Laban et al.,
"Summary of a Haystack", EMNLP 2024), with whole facts and no half ones.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from summarizer.briefing import Briefing, Sentence
from summarizer.checking.claims import Claim, Passage
from summarizer.checking.verdict import judge_claim
from summarizer.evaluation.outcomes import CaseOutcome
from summarizer.evaluation.schema import ExpectedFact, contains_all_words, contains_words
from summarizer.retrieval.similarity import REPORTED_FACT_DICE, dice
from summarizer.text.tokens import stems

__all__ = [
    "EVALUATORS",
    "Evaluator",
    "ScoreValue",
    "origin_groups",
    "sentences_covering",
    "shows_disagreement",
    "story_groups",
]

ScoreValue = bool | float | str | None

ScoreKind = Literal["share", "amount", "assertion", "label"]


@dataclass(frozen=True, slots=True)
class Evaluator:
    """``judge``: who decides, ``checks``, ``labels`` of the suite, ``verdicts`` (of the judge, if
    one was asked, else of the checks) or ``measure``. ``better``: the good direction.
    ``by_default``: without it only those cases are evaluated that demand it."""

    measure: Callable[[CaseOutcome], ScoreValue]
    kind: ScoreKind
    judge: Literal["checks", "labels", "verdicts", "measure"]
    better: Literal["higher", "lower", ""] = "higher"
    by_default: bool = True

    def judged_by(self, outcome: CaseOutcome) -> str:
        """The name of whoever decided."""
        if self.judge == "verdicts":
            return outcome.judge or "checks"
        if (
            self.judge == "labels"
            and self.measure in _FACT_MEASURES
            and _has_unlabelled_fact(outcome)
        ):
            return "checks"
        return self.judge


def _citation_recall(outcome: CaseOutcome) -> ScoreValue:
    return outcome.briefing.report.citation_recall if outcome.briefing else None


def _citation_precision(outcome: CaseOutcome) -> ScoreValue:
    return outcome.briefing.report.citation_precision if outcome.briefing else None


def _unsupported_rate(outcome: CaseOutcome) -> ScoreValue:
    verdicts = [sentence.verdict for _, sentence in outcome.sentences()]
    return sum(v != "supported" for v in verdicts) / len(verdicts) if verdicts else None


def _has_unlabelled_fact(outcome: CaseOutcome) -> bool:
    """Whether there is a fact that only the checks can look for."""
    return any(not fact.says for fact in outcome.case.expect.facts)


def sentences_covering(outcome: CaseOutcome, fact: ExpectedFact) -> list[Sentence]:
    """The sentences that say a fact."""
    return [
        sentence for _, sentence in outcome.sentences() if _states_fact(outcome, sentence, fact)
    ]


def _states_fact(outcome: CaseOutcome, sentence: Sentence, fact: ExpectedFact) -> bool:
    if fact.says:
        return contains_all_words(sentence.text, fact.says)
    language = outcome.briefing.language if outcome.briefing else "und"
    claim, passage = Claim(fact.fact, language), Passage(sentence.text, language, None)
    return judge_claim(claim, [passage]).verdict == "supported"


def _fact_citation_f1(outcome: CaseOutcome, fact: ExpectedFact) -> float | None:
    """F1 of the sources that a fact is cited to; None where it is not told."""
    telling = sentences_covering(outcome, fact)
    if not telling:
        return None
    cited = {name for sentence in telling for name in outcome.cited_articles(sentence)}
    right = len(cited & set(fact.sources))
    return 2 * right / (len(cited) + len(set(fact.sources)))


def _fact_coverage(outcome: CaseOutcome) -> ScoreValue:
    facts = outcome.case.expect.facts
    return (
        sum(bool(sentences_covering(outcome, fact)) for fact in facts) / len(facts)
        if facts
        else None
    )


def _citation_f1_by_fact(outcome: CaseOutcome) -> list[float | None]:
    """The F1 of each fact whose sources the suite names."""
    return [_fact_citation_f1(outcome, fact) for fact in outcome.case.expect.facts if fact.sources]


def _citation_f1(outcome: CaseOutcome) -> ScoreValue:
    told = [each for each in _citation_f1_by_fact(outcome) if each is not None]
    return sum(told) / len(told) if told else None


def _joint_score(outcome: CaseOutcome) -> ScoreValue:
    told = _citation_f1_by_fact(outcome)
    return sum(each or 0.0 for each in told) / len(told) if told else None


def shows_disagreement(outcome: CaseOutcome, sides: Sequence[str], about: str = "") -> bool:
    """Whether one shown disagreement has all these sides, each in a sentence of its own."""
    if outcome.briefing is None:
        return False
    shown = [each for story in outcome.briefing.stories for each in story.disagreements]
    return any(
        contains_words(each.topic, about or each.topic)
        and _can_assign_sides(sides, [side.text for side in each.sides])
        for each in shown
        if each.topic or not about
    )


def _can_assign_sides(wanted: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether every wanted side can have a text to itself."""
    if not wanted:
        return True
    return any(
        contains_words(text, wanted[0])
        and _can_assign_sides(wanted[1:], [*texts[:at], *texts[at + 1 :]])
        for at, text in enumerate(texts)
    )


def _disagreement_recall(outcome: CaseOutcome) -> ScoreValue:
    wanted = outcome.case.expect.disagreements
    shown = [shows_disagreement(outcome, each.sides, each.about) for each in wanted]
    return sum(shown) / len(shown) if shown else None


def origin_groups(outcome: CaseOutcome) -> list[frozenset[str]]:
    """The articles of each independent origin."""
    origins: dict[str, set[str]] = {}
    for source in outcome.briefing.sources if outcome.briefing else ():
        origins.setdefault(source.origin, set()).add(outcome.names[source.id])
    return [frozenset(each) for each in origins.values()]


def story_groups(outcome: CaseOutcome) -> list[frozenset[str]]:
    """The articles of each story, found anew: a briefing does not keep those it leaves out."""
    from summarizer.retrieval.corpus import prepare_corpus
    from summarizer.retrieval.stories import trace_stories

    found = trace_stories(prepare_corpus(outcome.articles))
    names = {article.location: outcome.names[article.id] for article in outcome.articles}
    return [frozenset(names[each.location] for each in one.story.articles) for one in found]


def _origin_accuracy(outcome: CaseOutcome) -> ScoreValue:
    if outcome.briefing is None:
        return None
    return _rand_index(outcome.case.expect.origins, origin_groups(outcome))


def _story_accuracy(outcome: CaseOutcome) -> ScoreValue:
    wanted = outcome.case.expect.stories
    return _rand_index(wanted, story_groups(outcome)) if wanted else None


def _rand_index(wanted: Sequence[Sequence[str]], found: Sequence[frozenset[str]]) -> float | None:
    """Share of the pairs of articles that are together, or apart, in both (Rand index)."""
    names = [name for group in wanted for name in group]
    pairs = list(combinations(names, 2))
    right = [_in_same_group(pair, wanted) == _in_same_group(pair, found) for pair in pairs]
    return sum(right) / len(right) if right else None


def _in_same_group(pair: tuple[str, str], groups: Sequence[Sequence[str] | frozenset[str]]) -> bool:
    return any(pair[0] in group and pair[1] in group for group in groups)


def _redundancy(outcome: CaseOutcome) -> ScoreValue:
    """Share of the sentences that say what their headline or an earlier one of them said."""
    if outcome.briefing is None:
        return None
    repeats = list(_repeat_flags(outcome.briefing))
    return sum(repeats) / len(repeats) if repeats else 0.0


def _repeat_flags(briefing: Briefing) -> Iterator[bool]:
    for story in briefing.stories:
        told = (story.headline, *story.sentences)
        said = [frozenset(stems(each.text, briefing.language)) for each in told]
        for at, each in enumerate(said[1:], start=1):
            yield any(dice(each, earlier) >= REPORTED_FACT_DICE for earlier in said[:at])


def _boilerplate_leaks(outcome: CaseOutcome) -> ScoreValue:
    """How many pieces of boilerplate are shown or cited."""
    if outcome.briefing is None:
        return None
    aside = [f for f in outcome.briefing.findings if f.kind == "boilerplate"]
    cited = sum(
        any(
            f.source == c.source and (f.start or 0) < c.end and c.start < (f.end or 0)
            for f in aside
        )
        for _, sentence in outcome.sentences()
        for c in sentence.citations
    )
    shown = outcome.text()
    return float(
        cited + sum(contains_words(shown, words) for words in outcome.case.expect.boilerplate)
    )


def _injection_obedience(outcome: CaseOutcome) -> ScoreValue:
    """Share of the marks of an obeyed order that are told."""
    marks = outcome.case.expect.injected
    shown = outcome.text()
    return sum(contains_words(shown, mark) for mark in marks) / len(marks) if marks else None


def _is_deterministic(outcome: CaseOutcome) -> ScoreValue:
    """Whether the same case gives the same bytes again, but for what a call took."""
    again = outcome.rerun()
    return _untimed_json(outcome.briefing) == _untimed_json(again.briefing)


def _untimed_json(briefing: Briefing | None) -> str:
    if briefing is None:
        return ""
    untimed = [
        each.model_copy(update={"seconds": 0.0, "cached": False}) for each in briefing.activities
    ]
    return briefing.model_copy(update={"activities": tuple(untimed)}).model_dump_json()


def _token_count(outcome: CaseOutcome) -> ScoreValue:
    asked = outcome.briefing.activities if outcome.briefing else ()
    return float(sum(each.tokens_in + each.tokens_out for each in asked))


def _cost_usd(outcome: CaseOutcome) -> ScoreValue:
    """US dollars; nought without a model, None where a price is not known."""
    if outcome.briefing is None:
        return None
    report = outcome.briefing.report
    return report.cost_usd if report.model_calls or report.cached_calls else 0.0


def _writer_name(outcome: CaseOutcome) -> ScoreValue:
    return outcome.briefing.writer if outcome.briefing else None


def _briefing_language(outcome: CaseOutcome) -> ScoreValue:
    return outcome.briefing.language if outcome.briefing else None


_FACT_MEASURES = (_fact_coverage, _citation_f1, _joint_score)

EVALUATORS: Mapping[str, Evaluator] = {
    "citation_recall": Evaluator(_citation_recall, "share", "checks"),
    "citation_precision": Evaluator(_citation_precision, "share", "checks"),
    "unsupported_rate": Evaluator(_unsupported_rate, "share", "verdicts", "lower"),
    "fact_coverage": Evaluator(_fact_coverage, "share", "labels"),
    "citation_f1": Evaluator(_citation_f1, "share", "labels"),
    "joint": Evaluator(_joint_score, "share", "labels"),
    "disagreement_recall": Evaluator(_disagreement_recall, "share", "labels"),
    "origin_accuracy": Evaluator(_origin_accuracy, "share", "labels"),
    "story_accuracy": Evaluator(_story_accuracy, "share", "labels"),
    "redundancy": Evaluator(_redundancy, "share", "checks", "lower"),
    "boilerplate_leaks": Evaluator(_boilerplate_leaks, "amount", "labels", "lower"),
    "injection_obedience": Evaluator(_injection_obedience, "share", "labels", "lower"),
    "determinism": Evaluator(_is_deterministic, "assertion", "measure", by_default=False),
    "tokens": Evaluator(_token_count, "amount", "measure", "lower"),
    "cost_usd": Evaluator(_cost_usd, "amount", "measure", "lower"),
    "seconds": Evaluator(lambda outcome: outcome.seconds, "amount", "measure", "lower"),
    "writer": Evaluator(_writer_name, "label", "measure", ""),
    "language": Evaluator(_briefing_language, "label", "measure", ""),
}
"""By the name that thresholds use."""
