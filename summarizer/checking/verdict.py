"""All checks of a sentence against the passages it cites, and the verdict that follows.

claim + passages
| numbers, dates, artefacts           in any languages
| names, quotations, frames, changes, status, coverage
| restatement, support                where claim and passage share a language
| entailment                          where a model is named and the rules leave the claim open
-> judgement: supported, unverified, unsupported, contradicted

A `CitationChecker` binds them to the sources of one story.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from summarizer.briefing import Verdict
from summarizer.checking import artefacts, factuality, figures, names, quotations, support
from summarizer.checking.alignment import novel_share
from summarizer.checking.citations import CitedSpan
from summarizer.checking.claims import NO_ALIASES, Claim, Issue, Judgement, Passage
from summarizer.checking.entailment import EntailmentModel
from summarizer.checking.entailment_verdict import decide_by_entailment
from summarizer.checking.restatement import restates
from summarizer.retrieval.chunks import Statement
from summarizer.sources.articles import Article
from summarizer.text.aliases import Aliases
from summarizer.text.annotations import Annotations
from summarizer.text.framing import Frame
from summarizer.text.languages import languages_differ
from summarizer.text.lexicon import Lexicon, lexicon
from summarizer.text.patterns import plain_digits

CheckFunction = Callable[[Claim, Sequence[Passage], Aliases], Iterable[Issue]]

CHECKS: Mapping[str, CheckFunction] = {
    "numbers": figures.check_numbers,
    "dates": figures.check_dates,
    "artefacts": artefacts.check_artefacts,
    "names": names.check_names,
    "quotations": quotations.check_quotations,
    "frames": quotations.check_frames,
    "changes": factuality.check_changes,
    "status": factuality.check_status,
    "coverage": factuality.check_coverage,
}
"""Take a check out to switch it off. All citations of a sentence carry it together."""

LANGUAGE_INDEPENDENT = ("numbers", "dates", "artefacts")
"""Checks that compare no words, and so work across languages."""

_WORDED = ("number", "date")
"""Kinds of hard issues that are parsed with the words of a language."""

MAX_FLAWED_SUPPORT = 0.49
"""Most support of a sentence with an issue: less than any that is likely."""


def find_issues(
    claim: Claim,
    passages: Sequence[Passage],
    *,
    aliases: Aliases = NO_ALIASES,
    only: Collection[str] = CHECKS.keys(),
) -> tuple[Issue, ...]:
    """What the checks of ``only`` find, in the order of `CHECKS`."""
    readable = _in_claim_language(claim, passages)
    found = (
        issue
        for name, check in CHECKS.items()
        if name in only and (readable or not passages or name in LANGUAGE_INDEPENDENT)
        for issue in check(claim, passages if name in LANGUAGE_INDEPENDENT else readable, aliases)
    )
    merged: dict[tuple[str, str], Issue] = {}
    for issue in found:
        first = merged.setdefault((issue.kind, issue.words), issue)
        if issue.contradicts:  # the later checks see what is in its place
            merged[issue.kind, issue.words] = first._replace(contradicts=True)
    languages = dict.fromkeys((claim.language, *(passage.language for passage in passages)))
    known = [lexicon(language) for language in languages]
    return tuple(_as_sure_as_measured(issue, known) for issue in merged.values())


def _as_sure_as_measured(issue: Issue, known: Sequence[Lexicon]) -> Issue:
    """The issue, as a doubt where nobody knows how often its check is wrong in a language.

    ``known``: the languages of the claim and of its passages, the claim's first. Soft checks were
    measured in few languages; hard ones need the number words and months of each.
    """
    sure = {
        "hard": issue.kind not in _WORDED
        or all(words.number_words or words.language == "und" for words in known),
        "soft": known[0].soft_checks_measured,
    }.get(issue.severity, True)
    # The ending of an Arabic or Hebrew noun may say "two".
    figures = set(re.findall(r"\d+", plain_digits(issue.words)))
    dual = issue.kind == "number" and any(words.numbers_in_endings for words in known)
    if sure and not (dual and figures and figures <= {"1", "2"}):
        return issue
    return issue._replace(contradicts=False, severity="doubt")


def judge_claim(
    claim: Claim,
    passages: Sequence[Passage],
    aliases: Aliases = NO_ALIASES,
    *,
    entailment: EntailmentModel | None = None,
) -> Judgement:
    """The verdict on a claim, with its support and every issue found.

    Rules say "supported" of a claim that restates a passage, and of nothing else. Across languages
    they say at most "unverified". What they leave open ``entailment`` decides, as far as it was
    calibrated to.
    """
    issues = find_issues(claim, passages, aliases=aliases)
    readable = _in_claim_language(claim, passages)
    if not any(issue.severity == "hard" for issue in issues) and restates(claim, readable):
        return Judgement("supported", support.VERBATIM_SUPPORT, ())
    value = support.support_given_issues(claim, readable, issues)
    measured = lexicon(claim.language).soft_checks_measured
    verdict = _verdict_of(issues) if passages or not measured else "unsupported"
    judged = Judgement(verdict, capped_support(value, issues), issues)
    return decide_by_entailment(judged, claim, passages, entailment) if entailment else judged


def capped_support(value: float, issues: Collection[Issue]) -> float:
    """A probability as it is shown beside the issues found; doubts are among what it weighs."""
    flawed = any(issue.severity != "doubt" for issue in issues)
    return min(value, MAX_FLAWED_SUPPORT) if flawed else value


def _verdict_of(issues: Sequence[Issue]) -> Verdict:
    if any(issue.contradicts for issue in issues):
        return "contradicted"
    if any(issue.severity != "doubt" for issue in issues):
        return "unsupported"
    return "unverified"


def _in_claim_language(claim: Claim, passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The passages in the claim's language; an undetermined one counts as shared."""
    return tuple(each for each in passages if not languages_differ(claim.language, each.language))


@dataclass(frozen=True, slots=True)
class CitationChecker:
    """``articles`` and ``statements`` are by source id; ``statements`` is all that may be cited.
    ``entailment`` reads what the rules leave open. ``strict``: a sentence that stays unverified may
    not be printed."""

    articles: Mapping[str, Article]
    statements: Mapping[str, Sequence[Statement]]
    aliases: Aliases
    language: str
    annotations: Annotations = field(default_factory=Annotations, repr=False)
    entailment: EntailmentModel | None = None
    strict: bool = False
    _judgements: dict[object, Judgement] = field(default_factory=dict, repr=False)
    """Mending, corroborating and measuring ask the same questions."""

    def judge(self, text: str, cited: Sequence[CitedSpan], frame: Frame | None = None) -> Judgement:
        """Whether the cited words together carry ``text``, as ALCE asks it. ``frame``: what the
        draft that it is from makes of it."""
        asked = text, self.language, frame, tuple((i.chunk.source, i.span) for i in cited)
        if asked not in self._judgements:
            dates = [self.articles[item.chunk.source].exact_date for item in cited]
            published = dates[0] if dates else None
            claim = Claim(text, self.language, published, self.annotations, frame=frame)
            passages = [self._passage(item) for item in cited]
            self._judgements[asked] = judge_claim(
                claim, passages, self.aliases, entailment=self.entailment
            )
        return self._judgements[asked]

    def reads_language_of(self, cited: Sequence[CitedSpan]) -> bool:
        """Whether any of the citations is in the language of the sentences."""
        return bool(self._readable_passages(cited))

    def novel_share(self, text: str, cited: Sequence[CitedSpan]) -> float:
        """Share of the meaning of ``text`` that is in no cited word, 0 to 1; 0 where the languages
        differ."""
        passages = self._readable_passages(cited)
        claim = Claim(text, self.language, annotations=self.annotations)
        return novel_share(claim, passages) if passages else 0.0

    def _readable_passages(self, cited: Sequence[CitedSpan]) -> list[Passage]:
        """The cited words in the language of the text."""
        passages = map(self._passage, cited)
        return [each for each in passages if not languages_differ(self.language, each.language)]

    def _passage(self, cited: CitedSpan) -> Passage:
        article = self.articles[cited.chunk.source]
        return Passage(
            cited.quote,
            article.language,
            article.exact_date,
            self.annotations,
            publisher=article.publisher or "",
            frames=cited.frames,
        )
