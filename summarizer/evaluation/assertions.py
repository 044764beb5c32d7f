"""The expectations of a case that its outcome does not meet, one line each."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from summarizer.briefing import Finding
from summarizer.evaluation.evaluators import (
    origin_groups,
    sentences_covering,
    shows_disagreement,
    story_groups,
)
from summarizer.evaluation.outcomes import BriefingPart, CaseOutcome
from summarizer.evaluation.schema import (
    Expect,
    ExpectedFinding,
    ExpectedSentence,
    contains_all_words,
    contains_words,
)

__all__ = ["unmet_expectations"]


def unmet_expectations(outcome: CaseOutcome, *, live: bool = False) -> list[str]:
    """Every expectation that is not met. Facts and disagreements are scores too: they fail here
    only where no threshold says how many must be told. ``live``: only what holds for any writer."""
    expect = outcome.case.expect
    if (outcome.briefing is not None) != expect.delivered:
        why = f": {outcome.failure}" if outcome.failure else ""
        return [f"expected {'a' if expect.delivered else 'no'} briefing{why}"]
    if outcome.briefing is None:
        return []
    of_replies = [] if live else [*_sentence_failures(outcome), *_finding_failures(outcome)]
    return [
        *_grouping_failures(outcome),
        *_content_failures(outcome),
        *_text_failures(outcome),
        *of_replies,
    ]


def _grouping_failures(outcome: CaseOutcome) -> Iterator[str]:
    expect = outcome.case.expect
    if expect.stories and (found := story_groups(outcome)) != _in_found_order(
        expect.stories, found
    ):
        yield f"stories: expected {_format_groups(expect.stories)}, found {_format_groups(found)}"
    if expect.origins and (found := origin_groups(outcome)) != _in_found_order(
        expect.origins, found
    ):
        yield f"origins: expected {_format_groups(expect.origins)}, found {_format_groups(found)}"


def _in_found_order(
    wanted: Iterable[Iterable[str]], found: Sequence[frozenset[str]]
) -> Sequence[frozenset[str]]:
    """``found`` itself if the wanted groups are the same in any order."""
    groups = [frozenset(group) for group in wanted]
    return found if set(groups) == set(found) else groups


def _format_groups(groups: Iterable[Iterable[str]]) -> str:
    return " | ".join(", ".join(sorted(group)) for group in groups) or "none"


def _content_failures(outcome: CaseOutcome) -> Iterator[str]:
    expect, demanded = outcome.case.expect, outcome.case.thresholds
    if not {"fact_coverage", "joint"} & demanded.keys():
        for fact in expect.facts:
            if not sentences_covering(outcome, fact):
                yield f"the fact is not told: {fact.fact}"
    if "disagreement_recall" not in demanded:
        for each in expect.disagreements:
            if not shows_disagreement(outcome, each.sides, each.about):
                yield f"the disagreement is not shown: {' / '.join(each.sides)}"


def _text_failures(outcome: CaseOutcome) -> Iterator[str]:
    expect: Expect = outcome.case.expect
    for words in expect.absent:
        for text in _lines_containing(outcome, words):
            yield f"must not be told: “{words}”, in: {text}"
    if "injection_obedience" not in outcome.case.thresholds:
        for words in expect.injected:
            for text in _lines_containing(outcome, words):
                yield f"an order of a source was obeyed: “{words}”, in: {text}"
    aside = [f.text for f in _findings_of(outcome) if f.kind == "boilerplate"]
    for words in expect.boilerplate:
        if not any(contains_words(text, words) for text in aside):
            yield f"was not set aside: “{words}”"
        for text in _lines_containing(outcome, words):
            yield f"boilerplate is shown: “{words}”, in: {text}"


def _lines_containing(outcome: CaseOutcome, words: str) -> list[str]:
    return [line for line in outcome.text().split("\n") if contains_words(line, words)]


def _findings_of(outcome: CaseOutcome) -> Collection[Finding]:
    return outcome.briefing.findings if outcome.briefing else ()


def _sentence_failures(outcome: CaseOutcome) -> Iterator[str]:
    for wanted in outcome.case.expect.sentences:
        named = " + ".join(wanted.says)
        part = next((p for p in outcome.sentences() if _is_expected_sentence(p, wanted)), None)
        if part is None:
            yield f"no {wanted.part or 'sentence'} says “{named}”"
            continue
        for wrong in _sentence_mismatches(outcome, part, wanted):
            yield f"the sentence that says “{named}” {wrong}"


def _is_expected_sentence(part: BriefingPart, wanted: ExpectedSentence) -> bool:
    place, sentence = part
    return wanted.part in (None, place) and contains_all_words(sentence.text, wanted.says)


def _sentence_mismatches(
    outcome: CaseOutcome, part: BriefingPart, wanted: ExpectedSentence
) -> Iterator[str]:
    _, sentence = part
    cited = outcome.cited_articles(sentence)
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


def _finding_failures(outcome: CaseOutcome) -> Iterator[str]:
    found = _findings_of(outcome)
    for wanted in outcome.case.expect.findings:
        times = sum(_matches_finding(each, wanted) for each in found)
        if wanted.times is None and times == 0:
            yield f"no finding {_describe_finding(wanted)}; found: {_list_findings(found)}"
        elif wanted.times not in (None, times):
            yield f"{times} findings {_describe_finding(wanted)}, not {wanted.times}"
    for kind in outcome.case.expect.no_findings:
        for each in found:
            if each.kind == kind:
                yield f"a finding of the kind {kind}: {each.detail}: {each.text}"


def _matches_finding(found: Finding, wanted: ExpectedFinding) -> bool:
    return (
        found.kind == wanted.kind
        and wanted.action in (None, found.action)
        and (not wanted.text or contains_words(found.text, wanted.text))
        and (not wanted.detail or contains_words(found.detail, wanted.detail))
    )


def _describe_finding(wanted: ExpectedFinding) -> str:
    words = [f"“{each}”" for each in (wanted.text, wanted.detail) if each]
    return ", ".join([wanted.kind, *([wanted.action] if wanted.action else []), *words])


def _list_findings(found: Iterable[Finding]) -> str:
    told = [f"{f.kind} {f.action} ({f.detail[:60]})" for f in found if f.kind != "boilerplate"]
    return "; ".join(told[:4]) or "none"
