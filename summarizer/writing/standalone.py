"""Which of a source's sentences can be read alone, and which part of a line is the sentence."""

import math
import re

from summarizer.text.entities import institution, nation
from summarizer.text.languages import count_words
from summarizer.text.names import names
from summarizer.text.numbers import quantities
from summarizer.text.quotes import balanced, unquoted
from summarizer.text.selectors import Span
from summarizer.text.sentence_ends import EXCLAIMING, FULL_STOPS, QUESTIONING, STOPS, final_mark

__all__ = ["ease", "headline", "heads", "sentence", "stands_alone"]

SHORTEST, LONGEST = 8, 48
"""Words of a sentence worth telling; longer ones are two thoughts, shorter ones headings."""

TERSEST = 4
"""Words of a shorter one that is worth telling all the same, for its figure."""

FEWEST = 13
"""Words of a sentence that can say by itself what its last word "it" stands for."""

BRIEFEST, TITLE = 5, 20
"""Words of a headline: the fewest, even without its trailing clause, and the most of a title."""

_MARKER = re.compile(r"(?:[-–—•*·▪‣]|\(?\d{1,2}[.)])\s+")
_CONNECTIVE = re.compile(
    r"(?:Additionally|Also|As a result|Besides|Consequently|Finally|Further|Furthermore|Hence"
    r"|However|In addition|Indeed|In fact|Instead|Likewise|Meanwhile|Moreover|Nevertheless"
    r"|Nonetheless|Notably|Overall|Similarly|Still|Therefore|Thus|Yet),\s+(?=[A-ZÀ-Þ\d])"
)
_LABEL = re.compile(r"(?:[A-ZÀ-Þ][\w’'&/-]*(?:\s[\w’'&/-]+){0,3}):\s+(?=[A-ZÀ-Þ“\"])")
_OPENS = re.compile(r"[\"“„«「『‘'(]?[^\W_a-zà-ÿа-яїієґ]")

_DANGLING = frozenset(
    # Pronouns, connectives and pointers that lean on the sentence before.
    """he she they it his hers her their theirs its him them that these those such here
    there but and or nor so yet also then thus hence therefore however moreover
    furthermore meanwhile otherwise instead nevertheless nonetheless still besides
    additionally consequently similarly likewise indeed afterwards later earlier
    separately finally both neither either another others what who which where why how yes
    no well anyway got we i my our us you your
    él ella ellos ellas esto esta este estos estas ese esa eso
    aquello pero y además también entonces asimismo mientras su sus il elle ils elles ce
    cela cette ces mais et donc ensuite ainsi aussi cependant son ses leur leurs er sie es
    dies diese dieser dieses aber und doch auch dann deshalb jedoch sein seine ihr ihre он
    она оно они это этот эта эти но а и также затем однако поэтому его ее её их він вона
    воно вони це цей ця ці але та й також потім однак проте тому його її їх""".split()
)
_LEANING = re.compile(
    r"^(?:"
    r"this\s(?!week|month|year|season|summer|autumn|winter|spring|morning|afternoon|evening)"
    r"|(?:the|these|those|this|that|both|such)\s(?:two|three|former|latter|same|pair|duo|move|latest"
    r"|agency|ministry|newspaper|report|statement|post|announcement)\b"
    r"|(?:at|in|on|as|for|after|before|since|despite|because of|in addition to|according to|like|by"
    r"|with|from|under)\s(?:this|that|these|those(?!\s(?:who|whose|with|\w+ing|\w+ed)\b)|it|them"
    r"|him|her|which|then)\b"
    r"|(?:in|as a)\s(?:addition|response|result|contrast|turn|return)\b"
    r"|for (?:example|instance|his|her|its|their)\b"
    r"|on the other hand|at the same time|by contrast|of (?:these|those|them)\b"
    r"|\S+ others? (?:said|say)\b"
    r"|in (?:conclusion|summary|short|sum|closing|wrapping up)\b|to (?:conclude|sum up|wrap up)\b"
    r"|(?:all in all|other|one such|adding to|coupled with)\s"
    r"|even\s(?!though|if|as|when|before|after)"
    r"|(?:in|at|near|outside|on|from)\s[^,]{1,60},\s(?:he|she|they)\b"
    r"|\S+(?:\s\S+)?\s(?:believes?|believed|calls?|called|thinks?)\sit\s(?:to|a|an|the)\b"
    r"|(?:\S+\s){1,4}(?:subsequently|then|therefore|however|meanwhile|instead)\b"
    r")",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"\b(?:he|she|they|him|them|his|hers|her|their|theirs|himself|herself|themselves)\b"
    r"|\bsuch an?\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"(?<![\w-])(?:"
    r"(?:[\w-]+[^\Wsiu]s|people|men|women|children|police|those)"
    r"\s(?:are|were|have|can|could|do|may|might|must|shall|should|will|would|who|whose|\w{3,}ing)"
    r"|(?:many|several|some|most|numerous|multiple|certain|various|few|other|dozens|hundreds|thousands"
    r"|millions)\s(?:[\w-]+\s){0,3}?[\w-]+[^\Wsiu]s"
    r")\b",
    re.IGNORECASE,
)
"""Several who can be meant by "they" later in the sentence, as far as their grammar tells."""
_FIRST_PERSON = re.compile(
    r"\b(?:[Ll]et['’]s|I|[Ww]e|me|us|[Mm]y|[Oo]ur|ours|I['’](?:m|ve|d|ll)|[Ww]e['’](?:re|ve|ll|d))\b"
)
_SECOND_PERSON = re.compile(r"\b(?:you|your|yours|yourself)\b", re.IGNORECASE)
_MARKUP = re.compile(r"\]\(|\*\*|https?://|</?[a-z]+>")
_TELLS = re.compile(
    r"Those\s(?:who|whose|with|\w+ing|\w+ed)\b|No\s[a-z]"
    r"|There(?:['’]s|\s(?:is|are|was|were|has|have|had|will|would)\b)"
)
"""Beginnings that lean on nothing, though their first word may."""
_PLURAL = frozenset(("they", "them", "their", "theirs", "themselves"))
_MANY = re.compile(
    r"(?<![\w’'-])(?!(?:add|believe|claim|hope|insist|mean|note|plan|say|think|want|warn)s\b)"
    r"[a-z][a-z-]+[^\Wsiu]s\b|\b(?:people|men|women|children|police)\b"
)
"""A plural, as far as its ending tells."""
_WHO_SAID = re.compile(r"[,”\"]\s(?:it|they)\s(?:said|added|says|wrote|noted)\b")
_DID_IT = re.compile(r"\b(?:say|saying|hear|heard|do|did|done|doing)\sit\b")
_GLUED = re.compile(r"[a-z]\s(?:As|But|And|However|It|He|She|They|This|We|If|When)\s[a-z]")
"""Two sentences without a full stop between."""
_HALF = re.compile(r"^(?:\w+[\s-]){0,4}\w+,\s(?:which|who|whose)\s[^,]+$")
"""A noun and what is said of it, and no more."""
_THE = re.compile(r"\b[Tt]he\b")
_VERB = re.compile(
    r"\b(?:am|are|was|were|be|do|did|have|had|will|would|can|could|may|might|must|shall|should|say"
    r"|said|told|won|lost|made|took|taken|came|went|gone|fell|rose|hit|got|put|ran|held|left|led|met"
    r"|found|gave|saw|seen|began|became|kept|brought|bought|sold|sent|spent|felt|shot|fought|broke"
    r"|spoke|stood|struck|knew|grew|threw|flew|wrote|drove|set|cut|let|cost|beat|swept|sought|taught"
    r"|caught|built|dealt|paid|laid|fed|sank|drew|quit|shut|hurt|drank|slept|read|died)\b"
    r"|\w(?:ed|s)\b|n['’]t\b"
)
_LAST = re.compile(rf"\b(?:it|this|that|so)[{STOPS}]$")
_URGING = re.compile(r"^(?:Visit|Click|Subscribe|Sign up|Download|Follow)\s")
_AMISS = (_URGING, _DID_IT, _GLUED, _WHO_SAID, _FIRST_PERSON, _SECOND_PERSON)
_CJK_DANGLING = re.compile(
    r"^(?:他|她|它|他们|她们|這|这|那|但|而且|此外|另外|因此|所以"
    r"|彼は|彼女|これ|それ|しかし|また|さらに|그는|그녀|이는|그러나|하지만|또한|이에)"
)
_DEIXIS = re.compile(
    r"\b(?:yesterday|today|tomorrow|tonight|this (?:morning|afternoon|evening)|now|recently|ago)\b",
    re.IGNORECASE,
)
_HERE = re.compile(
    r"\bhere\b|\bthis\s(?:\w+\s){0,2}(?:island|city|town|village|country|state|province|region)\b"
    r"|\b[Tt]he (?:couple|pair|duo|trio|organi[sz]ation|measures?|move)\b"
)
_SERVICE = re.compile(r"\b[Aa]nyone (?:with|who has) information\b|\b\d{3}-\d{4}\b")
_ALSO = re.compile(r"\b(?:also|too|as well|again|later)\b", re.IGNORECASE)

_TAIL = re.compile(
    r",\s(?:who|which|whom|whose|where|when|with|adding|saying|amid|as|after|while|despite|even as)"
    r"\s.*$"
)
_WORD = re.compile(r"[\w'’]+")
_GERMAN = re.compile(
    r"\b(?:der|die|das|de[mns]|eine?[mnrs]?|und|hat|ist|wurden?|am|im|zu[mr]|vo[mn])\b"
)
_APOSTROPHE = re.compile(r"['’]")
_CLOSERS = f"{FULL_STOPS} "
_NO_STATEMENT = (":", *QUESTIONING, *EXCLAIMING)


def sentence(text: str) -> Span:
    """The sentence within a line of the source: list marker, run-in label and the connective that
    joins it to the one before left out, where what is left begins like a sentence.

    >>> text = "- Trade Truce: However, Beijing hopes for a truce."
    >>> text[slice(*sentence(text))]
    'Beijing hopes for a truce.'
    """
    marker = _MARKER.match(text)
    at = marker.end() if marker else 0
    label = _LABEL.match(text, at) if marker else None
    at = label.end() if label else at
    connective = _CONNECTIVE.match(text, at)
    return Span(connective.end() if connective else at, len(text))


def stands_alone(text: str) -> bool:
    """Whether a reader who sees nothing else understands who and what: a whole sentence, no
    pronoun or connective that leans on the one before, no quotation torn in two."""
    length = count_words(text)
    enough = length >= SHORTEST or (length >= TERSEST and bool(quantities(text)))
    whole = enough and length <= LONGEST and final_mark(text) not in ("", *QUESTIONING)
    return whole and not _heading(text) and _independent(text)


def heads(text: str) -> bool:
    """Whether it can be a headline: a sentence that stands alone, or a title."""
    return stands_alone(text) or (BRIEFEST <= count_words(text) <= TITLE and _independent(text))


def _heading(text: str) -> bool:
    """Whether it Is Written Like a Title: fit for a headline, not for a paragraph. German has
    capitals for every noun."""
    if _GERMAN.search(text):
        return False
    long = [word for word in _WORD.findall(text) if len(word) > 3]
    return len(long) > 3 and sum(word[0].isupper() for word in long) >= 0.8 * len(long)


def _independent(text: str) -> bool:
    """Whether nothing in it leans on the sentence before, and no quotation is torn."""
    if not _OPENS.match(text) or text.endswith(_NO_STATEMENT) or not balanced(text):
        return False
    opening = _WORD.search(text)
    if opening is None or (_dangles(opening[0]) and not _TELLS.match(text)):
        return False
    if _CJK_DANGLING.match(text) or _LEANING.match(text[opening.start() :]):
        return False
    told = unquoted(text)
    if _LAST.search(told) and count_words(text) < FEWEST:
        return False
    if _MARKUP.search(text) or _HALF.match(told) or _verbless(told) or not _WORD.search(told):
        return False
    return not any(each.search(told) for each in _AMISS) and not _points_back(told)


def _dangles(word: str) -> bool:
    """Whether a first word does: "It's" as "It"."""
    return _APOSTROPHE.split(word.casefold())[0] in _DANGLING and word != "US"


def _verbless(told: str) -> bool:
    """Whether a short English line has no word that may be its verb: "Day six of the revolt." """
    short = count_words(told) < SHORTEST and told.endswith(".") and _THE.search(told)
    return bool(short) and not _VERB.search(told)


def _points_back(told: str) -> bool:
    """A pronoun before anybody who can be meant is told of."""
    pronoun = next((each for each in _POINTING.finditer(told) if not _of_several(told, each)), None)
    if not pronoun:
        return False
    before = told[: pronoun.start()]
    people = [name for name in names(before) if not nation(name) and not institution(name)]
    if pronoun[0].casefold() in _PLURAL:
        return len(names(before)) < 2 and not (people and _MANY.search(before))
    return not people


def _of_several(told: str, pronoun: re.Match[str]) -> bool:
    """Whether it means several who are told of before: "Banks are changing their models"."""
    before = told[: pronoun.start()]
    subject = pronoun[0].casefold() != "them" or before.endswith(("ing ", " of "))
    return pronoun[0].casefold() in _PLURAL and subject and _SEVERAL.search(before) is not None


def ease(text: str) -> float:
    """How easily it is read out of its place, 0..1: less when it counts from the day or the place
    of writing ("yesterday", "here"), adds to something told before ("also"), or asks for calls."""
    told = unquoted(text)
    marks = ((_DEIXIS, 0.6), (_HERE, 0.6), (_ALSO, 0.85), (_SERVICE, 0.2))
    return math.prod(factor for pattern, factor in marks if pattern.search(told))


def headline(text: str) -> Span:
    """The part of a sentence that makes a headline: trailing clauses and the full stop left out."""
    cut = _TAIL.search(text)
    end = cut.start() if cut and count_words(text[: cut.start()]) >= BRIEFEST else len(text)
    if not balanced(text[:end]):
        end = len(text)
    return Span(0, len(text[:end].rstrip(_CLOSERS)))
