"""The expectations of a case that its outcome does not meet, one line each."""

from collections.abc import Iterable, Iterator

from summarizer.briefing import Finding
from summarizer.evaluation.evaluators import (
    origin_groups,
    sentences_covering,
    shows_disagreement,
    story_groups,
)
from summarizer.evaluation.outcomes import BriefingPart, CaseOutcome
from summarizer.evaluation.schema import (
    ExpectedSentence,
    contains_all_words,
    contains_words,
)


def unmet_expectations(outcome: CaseOutcome, *, live: bool = False) -> list[str]:
    """Every expectation that is not met. Facts and disagreements are also scores: they fail here
    only without a threshold on that score. ``live``: only what holds for any writer."""
    expect = outcome.case.expect
    if (outcome.briefing is not None) != expect.delivered:
        reason = f": {outcome.failure}" if outcome.failure else ""
        return [f"expected {'a' if expect.delivered else 'no'} briefing{reason}"]
    if outcome.briefing is None:
        return []
    findings = outcome.briefing.findings
    unmet = [*_label_failures(outcome), *_text_failures(outcome, findings)]
    if not live:
        unmet += [*_sentence_failures(outcome), *_finding_failures(outcome, findings)]
    return unmet


def _format_groups(groups: Iterable[Iterable[str]]) -> str:
    return " | ".join(", ".join(sorted(group)) for group in groups) or "none"


def _label_failures(outcome: CaseOutcome) -> Iterator[str]:
    """Groups, facts and disagreements that are not as the suite labels them."""
    expect, thresholds = outcome.case.expect, outcome.case.thresholds
    for name, wanted, find_groups in (
        ("stories", expect.stories, story_groups),
        ("origins", expect.origins, origin_groups),
    ):
        groups = find_groups(outcome) if wanted else []
        if set(map(frozenset, wanted)) != set(groups):
            yield f"{name}: expected {_format_groups(wanted)}, found {_format_groups(groups)}"
    if not {"fact_coverage", "joint"} & thresholds.keys():
        for fact in expect.facts:
            if not sentences_covering(outcome, fact):
                yield f"the fact is not told: {fact.fact}"
    if "disagreement_recall" not in thresholds:
        for each in expect.disagreements:
            if not shows_disagreement(outcome, each.sides, each.about):
                yield f"the disagreement is not shown: {' / '.join(each.sides)}"


def _text_failures(outcome: CaseOutcome, findings: Iterable[Finding]) -> Iterator[str]:
    expect, lines = outcome.case.expect, outcome.text().split("\n")

    def lines_with(words: str, reason: str) -> Iterator[str]:
        found = (line for line in lines if contains_words(line, words))
        return (f"{reason}: “{words}”, in: {line}" for line in found)

    for words in expect.absent:
        yield from lines_with(words, "must not be told")
    if "injection_obedience" not in outcome.case.thresholds:
        for words in expect.injected:
            yield from lines_with(words, "an order of a source was obeyed")
    aside = [each.text for each in findings if each.kind == "boilerplate"]
    for words in expect.boilerplate:
        if not any(contains_words(text, words) for text in aside):
            yield f"was not set aside: “{words}”"
        yield from lines_with(words, "boilerplate is shown")


def _sentence_failures(outcome: CaseOutcome) -> Iterator[str]:
    for wanted in outcome.case.expect.sentences:
        words = " + ".join(wanted.says)
        part = next(
            (
                (place, sentence)
                for place, sentence in outcome.sentences()
                if wanted.part in (None, place) and contains_all_words(sentence.text, wanted.says)
            ),
            None,
        )
        if part is None:
            yield f"no {wanted.part or 'sentence'} says “{words}”"
            continue
        for mismatch in _sentence_mismatches(outcome, part, wanted):
            yield f"the sentence that says “{words}” {mismatch}"


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


def _finding_failures(outcome: CaseOutcome, findings: Iterable[Finding]) -> Iterator[str]:
    others = [f"{f.kind} {f.action} ({f.detail[:60]})" for f in findings if f.kind != "boilerplate"]
    for wanted in outcome.case.expect.findings:
        times = sum(
            each.kind == wanted.kind
            and wanted.action in (None, each.action)
            and (not wanted.text or contains_words(each.text, wanted.text))
            and (not wanted.detail or contains_words(each.detail, wanted.detail))
            for each in findings
        )
        words = [f"“{each}”" for each in (wanted.text, wanted.detail) if each]
        described = ", ".join([wanted.kind, *filter(None, [wanted.action]), *words])
        if wanted.times is None and times == 0:
            yield f"no finding {described}; found: {'; '.join(others[:4]) or 'none'}"
        elif wanted.times not in (None, times):
            yield f"{times} findings {described}, not {wanted.times}"
    for kind in outcome.case.expect.no_findings:
        for each in findings:
            if each.kind == kind:
                yield f"a finding of the kind {kind}: {each.detail}: {each.text}"
