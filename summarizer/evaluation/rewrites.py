r"""Sentences with other words, from the rows of the lexicon: a mistake, or the same in other words.

    [pattern, mistake, faithful twin]           a row
    ['at least ({figure})', 'at most \1', '\1 or more']

The voice of a verb is turned by code: "A praised B" is the same as "B was praised by A", and the
opposite of "A was praised by B".
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from summarizer.text.lexicon import lexicon
from summarizer.text.patterns import lazy_pattern
from summarizer.text.quotes import find_quotations

_ENGLISH = lexicon("en")
_MONTH = "|".join(forms[0].title() for forms in _ENGLISH.months)
_DAY = "|".join(forms[0].title() for forms in _ENGLISH.weekdays)
_TITLE = "|".join(sorted({*_ENGLISH.titles, *_ENGLISH.portfolios}))
_DETERMINER = f"(?:{'|'.join(sorted(_ENGLISH.determiners))})"
_NAME = r"[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3}"
_PAST_VERB = "|".join((*_ENGLISH.auxiliaries_for_swaps, *(row[0] for row in _ENGLISH.past_tenses)))

_PLACEHOLDERS: Mapping[str, str] = {
    "{month}": f"(?:{_MONTH})",
    "{name}": _NAME,
    "{figure}": (
        r"(?:[$€£]?\d[\d,.]*(?<![.,])(?: (?:thousand|million|billion|trillion))?"
        rf"(?:%| per ?cent\b)?|(?:{'|'.join(_ENGLISH.number_swaps)}|a dozen)\b)"
    ),
    "{title}": rf"(?:[A-Za-z]+ ){{0,2}}?(?i:{_TITLE})\b",
    "{date}": (
        rf"(?:(?:{_DAY}|{_MONTH}|noon|midnight|today|tomorrow|\d{{4}})\b"
        rf"|(?:next|last) (?:week|month|year)\b|the end of\b"
        rf"|\d{{1,2}} (?:[ap]\.?m|{_MONTH})\b)(?!['’])"
    ),
    "{clause}": (
        rf"(?:{_DETERMINER} (?:[\w'’-]+ ){{1,4}}?(?<!ly )|(?:he|she|it|they|there) |{_NAME} )"
        rf"(?:{_PAST_VERB}|[a-z]{{3,}}ed)\b"
    ),
    "{last}": r"((?:[\w'’-]+ ){0,3}[\w'’-]+)(?=[.,;]|$)",
    "{free}": "".join(rf"(?<!\b{word} )" for word in _ENGLISH.words_that_bind),
    "{apart}": "".join(rf"(?<!{end})" for end in _ENGLISH.distance_endings),
}
"""What a row of the lexicon may name. ``last``: the end of a part of a sentence; ``free``: no word
before it that makes it another phrase ("the last few weeks"); ``apart``: no time or distance before
it ("a day after")."""

_NOT_INSIDE_WORD = r"(?!(?<=\w)\w)"

_QUOTING_KINDS = frozenset({"quoted word"})
"""Kinds whose rows change quotations; all others leave them as they are."""


def mistaken_rewrites(kind: str, text: str) -> Iterator[str]:
    """The text with one mistake of a kind."""
    for pattern, mistake, _ in _ENGLISH.rewrites.get(kind, ()):
        if mistake:
            yield from dict.fromkeys(_rewritten(kind, text, pattern, mistake))


def faithful_rewrites(kind: str, text: str) -> Iterator[str]:
    """The text with the same meaning, changed where a mistake of this kind may be made."""
    for pattern, _, twin in _ENGLISH.rewrites.get(kind, ()):
        if twin:
            yield from dict.fromkeys(_rewritten(kind, text, pattern, twin))


def _rewritten(kind: str, text: str, pattern: str, template: str) -> Iterator[str]:
    for name, words in _PLACEHOLDERS.items():
        pattern = pattern.replace(name, words)
    finder = lazy_pattern(f"{_NOT_INSIDE_WORD}(?:{pattern}){_NOT_INSIDE_WORD}")
    quoted = [] if kind in _QUOTING_KINDS else [each.span for each in find_quotations(text)]
    # The capital that only opens the sentence must not hide its first word.
    opened = text[:1].lower() + text[1:]
    matches = [*finder.finditer(text), *filter(None, [finder.match(opened)])]
    for match in matches:
        start, end = match.span()
        if any(first < end and start < last for first, last in quoted):
            continue
        before, words = text[:start], match.expand(template)
        if text[start].isupper():
            words = words[:1].upper() + words[1:]
        if article := re.search(r"(?<!\w)an? $", before, re.IGNORECASE):
            form = "n " if words[0].lower() in "aeiou" else " "
            before = before[: article.start() + 1] + form
        yield before + words + text[end:]


_PLAIN_PHRASE = rf"(?:{_DETERMINER} (?:[a-z][a-z'’-]+ ){{0,2}}[a-z][a-z'’-]+|(?:[Tt]he )?{_NAME})"
_REST = r"(?P<rest>(?:[,;]? [a-z].*|[,;] .*)?)"
_PARTICIPLE = f"(?P<verb>{_ENGLISH.participles_for_swaps})"
_ACTIVE = re.compile(
    f"(?P<agent>{_PLAIN_PHRASE}) {_PARTICIPLE} (?P<patient>{_PLAIN_PHRASE}){_REST}"
)
_PASSIVE = re.compile(
    f"(?P<patient>{_PLAIN_PHRASE}) (?:was|were) {_PARTICIPLE} by (?P<agent>{_PLAIN_PHRASE}){_REST}"
)


class _Action(NamedTuple):
    """A sentence that says who did what to whom, and the words after that."""

    agent: str
    verb: str
    patient: str
    rest: str
    passive: bool

    def in_voice(self, *, passive: bool, exchanged: bool) -> str:
        """The sentence in one of the voices, with the roles as they are or exchanged."""
        agent, patient = (self.patient, self.agent) if exchanged else (self.agent, self.patient)
        plural = patient[-1] == "s" and patient[0].islower() and patient[-2] != "s"
        verb = f"{'were' if plural else 'was'} {self.verb} by" if passive else self.verb
        first, second = (patient, agent) if passive else (agent, patient)
        if second.startswith("The "):
            second = f"the {second[4:]}"
        return f"{first[0].upper()}{first[1:]} {verb} {second}{self.rest}"


def _find_action(text: str) -> _Action | None:
    """What the text says that one did to another; None where the grammar is not plain."""
    if find_quotations(text):
        return None
    body = text.rstrip(".")
    # With a capital the first word may be a name, without it a determiner.
    for form in (body, body[:1].lower() + body[1:]):
        for pattern in (_PASSIVE, _ACTIVE):
            if match := pattern.fullmatch(form):
                agent, verb, patient, rest = match.group("agent", "verb", "patient", "rest")
                if _is_plain(agent) and _is_plain(patient) and _ends_phrase(rest):
                    stop = text[len(body) :]
                    return _Action(agent, verb, patient, rest + stop, pattern is _PASSIVE)
    return None


def _is_plain(phrase: str) -> bool:
    """Whether it is a noun phrase without a function word, and no date."""
    words = phrase.split()
    dated = re.search(rf"\b(?:{_MONTH}|{_DAY})\b", phrase)
    plain = _ENGLISH.stop_words.isdisjoint(words[1:]) and not words[-1].endswith(
        ("ed", "ing", "ly")
    )
    opens_only = words[0].lower() in _ENGLISH.sentence_starters - _ENGLISH.determiners
    return plain and not dated and not opens_only


def _ends_phrase(rest: str) -> bool:
    """Whether the noun phrase before is complete, and no second verb or object follows."""
    first = rest.split(maxsplit=1)[0] if rest else ""
    if first in _ENGLISH.and_words | _ENGLISH.or_words | _ENGLISH.determiners:
        return False
    return not rest or rest[0] in ",;" or first in _ENGLISH.stop_words


def exchanged_roles(text: str) -> Iterator[str]:
    """Who did it and to whom it was done exchanged, in both voices."""
    if action := _find_action(text):
        for passive in (not action.passive, action.passive):
            yield action.in_voice(passive=passive, exchanged=True)


def turned_voices(text: str) -> Iterator[str]:
    """The active for the passive, and the reverse, with the roles kept."""
    if action := _find_action(text):
        yield action.in_voice(passive=not action.passive, exchanged=False)
