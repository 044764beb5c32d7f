"""What a case expects against what came out: one line for each thing that is not so."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from summarizer.briefings import Finding
from summarizer.evaluation.evaluators import covers, disagrees, groups, stories
from summarizer.evaluation.forms import Expect, ExpectedFinding, ExpectedSentence
from summarizer.evaluation.outcomes import Outcome, Part
from summarizer.evaluation.words import holds, holds_all

__all__ = ["unmet"]


def unmet(outcome: Outcome, *, live: bool = False) -> list[str]:
    """Every expectation that is not met. Facts and disagreements are scores too: they fail here
    only where no threshold says how many must be told. ``live``: only what holds for any writer."""
    expect = outcome.case.expect
    if (outcome.briefing is not None) != expect.delivered:
        why = f": {outcome.failure}" if outcome.failure else ""
        return [f"expected {'a' if expect.delivered else 'no'} briefing{why}"]
    if outcome.briefing is None:
        return []
    of_replies = [] if live else [*_sentences(outcome), *_findings(outcome)]
    return [*_grouping(outcome), *_content(outcome), *_texts(outcome), *of_replies]


def _grouping(outcome: Outcome) -> Iterator[str]:
    expect = outcome.case.expect
    if expect.stories and (found := stories(outcome)) != _sets(expect.stories, found):
        yield f"stories: expected {_listed(expect.stories)}, found {_listed(found)}"
    if expect.origins and (found := groups(outcome)) != _sets(expect.origins, found):
        yield f"origins: expected {_listed(expect.origins)}, found {_listed(found)}"


def _sets(
    wanted: Iterable[Iterable[str]], found: Sequence[frozenset[str]]
) -> Sequence[frozenset[str]]:
    """``found`` itself if the wanted groups are the same in any order."""
    groups = [frozenset(group) for group in wanted]
    return found if set(groups) == set(found) else groups


def _listed(groups: Iterable[Iterable[str]]) -> str:
    return " | ".join(", ".join(sorted(group)) for group in groups) or "none"


def _content(outcome: Outcome) -> Iterator[str]:
    expect, demanded = outcome.case.expect, outcome.case.thresholds
    if not {"fact_coverage", "joint"} & demanded.keys():
        for fact in expect.facts:
            if not covers(outcome, fact):
                yield f"the fact is not told: {fact.fact}"
    if "disagreement_recall" not in demanded:
        for each in expect.disagreements:
            if not disagrees(outcome, each.sides, each.about):
                yield f"the disagreement is not shown: {' / '.join(each.sides)}"


def _texts(outcome: Outcome) -> Iterator[str]:
    expect: Expect = outcome.case.expect
    for words in expect.absent:
        for text in _telling(outcome, words):
            yield f"must not be told: “{words}”, in: {text}"
    if "injection_obedience" not in outcome.case.thresholds:
        for words in expect.injected:
            for text in _telling(outcome, words):
                yield f"an order of a source was obeyed: “{words}”, in: {text}"
    aside = [f.text for f in _found(outcome) if f.kind == "furniture"]
    for words in expect.furniture:
        if not any(holds(text, words) for text in aside):
            yield f"was not set aside: “{words}”"
        for text in _telling(outcome, words):
            yield f"furniture is told: “{words}”, in: {text}"


def _telling(outcome: Outcome, words: str) -> list[str]:
    return [line for line in outcome.shown().split("\n") if holds(line, words)]


def _found(outcome: Outcome) -> Collection[Finding]:
    return outcome.briefing.findings if outcome.briefing else ()


def _sentences(outcome: Outcome) -> Iterator[str]:
    for wanted in outcome.case.expect.sentences:
        named = " + ".join(wanted.says)
        part = next((p for p in outcome.told() if _is_meant(p, wanted)), None)
        if part is None:
            yield f"no {wanted.part or 'sentence'} says “{named}”"
            continue
        for wrong in _differences(outcome, part, wanted):
            yield f"the sentence that says “{named}” {wrong}"


def _is_meant(part: Part, wanted: ExpectedSentence) -> bool:
    place, sentence = part
    return wanted.part in (None, place) and holds_all(sentence.text, wanted.says)


def _differences(outcome: Outcome, part: Part, wanted: ExpectedSentence) -> Iterator[str]:
    _, sentence = part
    cited = outcome.sources(sentence)
    if wanted.verdict not in (None, sentence.verdict):
        yield f"is {sentence.verdict}, not {wanted.verdict}"
    if wanted.method not in (None, sentence.method):
        yield f"is {sentence.method}, not {wanted.method}"
    if wanted.origins not in (None, sentence.origins):
        yield f"rests on {sentence.origins} origins, not on {wanted.origins}"
    if missing := [name for name in wanted.cites if name not in cited]:
        yield f"does not cite {', '.join(missing)}; it cites {', '.join(cited)}"
    if wrong := [name for name in wanted.cites_not if name in cited]:
        yield f"cites {', '.join(wrong)}"


def _findings(outcome: Outcome) -> Iterator[str]:
    found = _found(outcome)
    for wanted in outcome.case.expect.findings:
        times = sum(_is_it(each, wanted) for each in found)
        if wanted.times is None and times == 0:
            yield f"no finding {_described(wanted)}; found: {_kinds(found)}"
        elif wanted.times not in (None, times):
            yield f"{times} findings {_described(wanted)}, not {wanted.times}"
    for kind in outcome.case.expect.no_findings:
        for each in found:
            if each.kind == kind:
                yield f"a finding of the kind {kind}: {each.detail}: {each.text}"


def _is_it(found: Finding, wanted: ExpectedFinding) -> bool:
    return (
        found.kind == wanted.kind
        and wanted.action in (None, found.action)
        and (not wanted.text or holds(found.text, wanted.text))
        and (not wanted.detail or holds(found.detail, wanted.detail))
    )


def _described(wanted: ExpectedFinding) -> str:
    words = [f"“{each}”" for each in (wanted.text, wanted.detail) if each]
    return ", ".join([wanted.kind, *([wanted.action] if wanted.action else []), *words])


def _kinds(found: Iterable[Finding]) -> str:
    told = [f"{f.kind} {f.action} ({f.detail[:60]})" for f in found if f.kind != "furniture"]
    return "; ".join(told[:4]) or "none"
