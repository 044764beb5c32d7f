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

from summarizer.briefings import Briefing, Sentence
from summarizer.checking.checks import judge
from summarizer.checking.claims import Claim, Passage
from summarizer.evaluation.forms import ExpectedFact
from summarizer.evaluation.outcomes import Outcome
from summarizer.evaluation.words import holds, holds_all
from summarizer.retrieval.overlap import dice
from summarizer.text.tokens import stems

__all__ = ["EVALUATORS", "Evaluator", "Value", "covers", "disagrees", "groups", "stories"]

Value = bool | float | str | None

Kind = Literal["share", "amount", "assertion", "label"]

SAME = 0.5
"""Dice of the stems from which two sentences say one thing; the report's own bound."""


@dataclass(frozen=True, slots=True)
class Evaluator:
    """``judge``: who decides, ``checks``, ``labels`` of the suite, ``verdicts`` (of the judge, if
    one was asked, else of the checks) or ``measure``. ``better``: the good direction. ``always``:
    without it only those cases are evaluated that demand it."""

    measure: Callable[[Outcome], Value]
    kind: Kind
    judge: Literal["checks", "labels", "verdicts", "measure"]
    better: Literal["higher", "lower", ""] = "higher"
    always: bool = True

    def judged_by(self, outcome: Outcome) -> str:
        """The name of whoever decided."""
        if self.judge == "verdicts":
            return outcome.judge or "checks"
        if self.judge == "labels" and self.measure in _OF_FACTS and _unlabelled(outcome):
            return "checks"
        return self.judge


def _recall(outcome: Outcome) -> Value:
    return outcome.briefing.report.citation_recall if outcome.briefing else None


def _precision(outcome: Outcome) -> Value:
    return outcome.briefing.report.citation_precision if outcome.briefing else None


def _unsupported(outcome: Outcome) -> Value:
    verdicts = [sentence.verdict for _, sentence in outcome.told()]
    return sum(v != "supported" for v in verdicts) / len(verdicts) if verdicts else None


def _unlabelled(outcome: Outcome) -> bool:
    """Whether there is a fact that only the checks can look for."""
    return any(not fact.says for fact in outcome.case.expect.facts)


def covers(outcome: Outcome, fact: ExpectedFact) -> list[Sentence]:
    """The sentences that say a fact."""
    return [sentence for _, sentence in outcome.told() if _says(outcome, sentence, fact)]


def _says(outcome: Outcome, sentence: Sentence, fact: ExpectedFact) -> bool:
    if fact.says:
        return holds_all(sentence.text, fact.says)
    language = outcome.briefing.language if outcome.briefing else "und"
    claim, passage = Claim(fact.fact, language), Passage(sentence.text, language, None)
    return judge(claim, [passage]).verdict == "supported"


def _f1(outcome: Outcome, fact: ExpectedFact) -> float | None:
    """F1 of the sources that a fact is cited to; None where it is not told."""
    telling = covers(outcome, fact)
    if not telling:
        return None
    cited = {name for sentence in telling for name in outcome.sources(sentence)}
    right = len(cited & set(fact.sources))
    return 2 * right / (len(cited) + len(set(fact.sources)))


def _coverage(outcome: Outcome) -> Value:
    facts = outcome.case.expect.facts
    return sum(bool(covers(outcome, fact)) for fact in facts) / len(facts) if facts else None


def _sourced(outcome: Outcome) -> list[float | None]:
    """The F1 of each fact whose sources the suite names."""
    return [_f1(outcome, fact) for fact in outcome.case.expect.facts if fact.sources]


def _citation_f1(outcome: Outcome) -> Value:
    told = [each for each in _sourced(outcome) if each is not None]
    return sum(told) / len(told) if told else None


def _joint(outcome: Outcome) -> Value:
    told = _sourced(outcome)
    return sum(each or 0.0 for each in told) / len(told) if told else None


def disagrees(outcome: Outcome, sides: Sequence[str], about: str = "") -> bool:
    """Whether one shown disagreement has all these sides, each in a sentence of its own."""
    if outcome.briefing is None:
        return False
    shown = [each for story in outcome.briefing.stories for each in story.disagreements]
    return any(
        holds(each.about, about or each.about)
        and _matched(sides, [side.text for side in each.sides])
        for each in shown
        if each.about or not about
    )


def _matched(wanted: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether every wanted side can have a text to itself."""
    if not wanted:
        return True
    return any(
        holds(text, wanted[0]) and _matched(wanted[1:], [*texts[:at], *texts[at + 1 :]])
        for at, text in enumerate(texts)
    )


def _disagreements(outcome: Outcome) -> Value:
    wanted = outcome.case.expect.disagreements
    shown = [disagrees(outcome, each.sides, each.about) for each in wanted]
    return sum(shown) / len(shown) if shown else None


def groups(outcome: Outcome) -> list[frozenset[str]]:
    """The articles of each independent origin."""
    origins: dict[str, set[str]] = {}
    for source in outcome.briefing.sources if outcome.briefing else ():
        origins.setdefault(source.origin, set()).add(outcome.names[source.id])
    return [frozenset(each) for each in origins.values()]


def stories(outcome: Outcome) -> list[frozenset[str]]:
    """The articles of each story, found anew: a briefing does not keep those it leaves out."""
    from summarizer.pipeline import prepare, trace_stories

    found = trace_stories(prepare(outcome.articles))
    names = {article.location: outcome.names[article.id] for article in outcome.articles}
    return [frozenset(names[each.location] for each in one.story.articles) for one in found]


def _origin_accuracy(outcome: Outcome) -> Value:
    if outcome.briefing is None:
        return None
    return _agreement(outcome.case.expect.origins, groups(outcome))


def _story_accuracy(outcome: Outcome) -> Value:
    wanted = outcome.case.expect.stories
    return _agreement(wanted, stories(outcome)) if wanted else None


def _agreement(wanted: Sequence[Sequence[str]], found: Sequence[frozenset[str]]) -> float | None:
    """Share of the pairs of articles that are together, or apart, in both (Rand index)."""
    names = [name for group in wanted for name in group]
    pairs = list(combinations(names, 2))
    right = [_together(pair, wanted) == _together(pair, found) for pair in pairs]
    return sum(right) / len(right) if right else None


def _together(pair: tuple[str, str], groups: Sequence[Sequence[str] | frozenset[str]]) -> bool:
    return any(pair[0] in group and pair[1] in group for group in groups)


def _redundancy(outcome: Outcome) -> Value:
    """Share of the sentences that say what their headline or an earlier one of them said."""
    if outcome.briefing is None:
        return None
    repeats = list(_repeats(outcome.briefing))
    return sum(repeats) / len(repeats) if repeats else 0.0


def _repeats(briefing: Briefing) -> Iterator[bool]:
    for story in briefing.stories:
        told = (story.headline, *story.sentences)
        said = [frozenset(stems(each.text, briefing.language)) for each in told]
        for at, each in enumerate(said[1:], start=1):
            yield any(dice(each, earlier) >= SAME for earlier in said[:at])


def _furniture(outcome: Outcome) -> Value:
    """How many pieces of furniture are told or cited."""
    if outcome.briefing is None:
        return None
    aside = [f for f in outcome.briefing.findings if f.kind == "furniture"]
    cited = sum(
        any(
            f.source == c.source and (f.start or 0) < c.end and c.start < (f.end or 0)
            for f in aside
        )
        for _, sentence in outcome.told()
        for c in sentence.citations
    )
    shown = outcome.shown()
    return float(cited + sum(holds(shown, words) for words in outcome.case.expect.furniture))


def _obedience(outcome: Outcome) -> Value:
    """Share of the marks of an obeyed order that are told."""
    marks = outcome.case.expect.injected
    shown = outcome.shown()
    return sum(holds(shown, mark) for mark in marks) / len(marks) if marks else None


def _determinism(outcome: Outcome) -> Value:
    """Whether the same case gives the same bytes again, but for what a call took."""
    again = outcome.again()
    return _bytes(outcome.briefing) == _bytes(again.briefing)


def _bytes(briefing: Briefing | None) -> str:
    if briefing is None:
        return ""
    untimed = [
        each.model_copy(update={"seconds": 0.0, "cached": False}) for each in briefing.activities
    ]
    return briefing.model_copy(update={"activities": tuple(untimed)}).model_dump_json()


def _tokens(outcome: Outcome) -> Value:
    asked = outcome.briefing.activities if outcome.briefing else ()
    return float(sum(each.tokens_in + each.tokens_out for each in asked))


def _cost(outcome: Outcome) -> Value:
    """US dollars; nought without a model, None where a price is not known."""
    if outcome.briefing is None:
        return None
    report = outcome.briefing.report
    return report.cost_usd if report.model_calls or report.cached_calls else 0.0


def _writer(outcome: Outcome) -> Value:
    return outcome.briefing.writer if outcome.briefing else None


def _language(outcome: Outcome) -> Value:
    return outcome.briefing.language if outcome.briefing else None


_OF_FACTS = (_coverage, _citation_f1, _joint)

EVALUATORS: Mapping[str, Evaluator] = {
    "citation_recall": Evaluator(_recall, "share", "checks"),
    "citation_precision": Evaluator(_precision, "share", "checks"),
    "unsupported_rate": Evaluator(_unsupported, "share", "verdicts", "lower"),
    "fact_coverage": Evaluator(_coverage, "share", "labels"),
    "citation_f1": Evaluator(_citation_f1, "share", "labels"),
    "joint": Evaluator(_joint, "share", "labels"),
    "disagreement_recall": Evaluator(_disagreements, "share", "labels"),
    "origin_accuracy": Evaluator(_origin_accuracy, "share", "labels"),
    "story_accuracy": Evaluator(_story_accuracy, "share", "labels"),
    "redundancy": Evaluator(_redundancy, "share", "checks", "lower"),
    "furniture_leaks": Evaluator(_furniture, "amount", "labels", "lower"),
    "injection_obedience": Evaluator(_obedience, "share", "labels", "lower"),
    "determinism": Evaluator(_determinism, "assertion", "measure", always=False),
    "tokens": Evaluator(_tokens, "amount", "measure", "lower"),
    "cost_usd": Evaluator(_cost, "amount", "measure", "lower"),
    "seconds": Evaluator(lambda outcome: outcome.seconds, "amount", "measure", "lower"),
    "writer": Evaluator(_writer, "label", "measure", ""),
    "language": Evaluator(_language, "label", "measure", ""),
}
"""By the name that thresholds use."""
