"""Lines of a page that are not its story: walls, promotions, links, portraits, contacts, bios.

pattern of a language      `promotions`, `walls`, `related_heads` and others of the lexicons
| learnt words             what frames of pages say and articles do not (``boilerplate_words.tsv``)
| position                 what follows a promotion behind the last paragraph, a portrait's head, or
                           a head of links, until a paragraph comes
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from summarizer.sources.articles import Boilerplate, BoilerplateKind
from summarizer.text.data_files import parsed_data
from summarizer.text.languages import detect_language
from summarizer.text.lexicon import Lexicon, any_of, lexicon, lexicons, pattern_of_all
from summarizer.text.patterns import lazy_pattern
from summarizer.text.sentences import ends_sentence
from summarizer.text.spans import Span

MAX_WORD_WEIGHT = 3.0
"""Log-odds beyond which a word says no more."""

MIN_PROMOTION_SCORE = 0.36
"""Mean weight of the words of a line that is a promotion. On half of the labelled pages it finds
no sentence of a news article."""

MAX_SCORED_WORDS = 30
"""Words of the longest line whose words are weighed."""

MAX_LINE_CHARS, MAX_LAST_LINE_CHARS, LAST_LINES = 220, 420, 5
"""Code points of the longest line that its words set aside, and of the last lines of a page, where
adverts are longer."""

MIN_PARAGRAPH_WORDS = 18
"""Words of a line that ends as a sentence and is certainly a paragraph of the article."""

MAX_PORTRAIT_SHARE = 0.4
"""Share of the text that a portrait of a company may take, at its end."""

MAX_HEAD_CHARS = 80

MAX_COMPARED_PAGES = 50
"""Pages of one outlet whose lines are compared."""

MIN_REPEATED_WORDS = 3

OPENING_LINES = 8
"""First lines of a text, by which its language is detected."""

WALL_KINDS = ("paywall", "consent", "sign_in", "bot_check", "script", "missing")

_ADDRESSED_WALLS = ("paywall", "consent", "sign_in", "script")
"""Walls whose wording no news uses."""

_WORD = re.compile(r"[^\W\d_]+")
_BARE = " \t*_|()[]-–—•:"
_IS = "is|ist|est|es|è"
_BIO = (
    rf"[A-ZÀ-ÞЀ-Я][^\W\d_]+(?: [A-ZÀ-ÞЀ-Я][\w.’'-]+){{1,2}} (?:{_IS})\b[^.]{{0,80}}"
    rf"\b{pattern_of_all('bio_roles')}\b"
)
_SIGNATURE = re.compile(r"--\s?")


class TextLine(NamedTuple):
    """A line without the spaces around it, and where it is."""

    span: Span
    text: str


class _LineRule(NamedTuple):
    """What a line is that the pattern matches, if it is not longer; ``detail`` is the reason."""

    kind: BoilerplateKind
    max_chars: int
    pattern: str
    detail: str


LineRules = Sequence[_LineRule]
"""What `line_rules` gives: they are made once for all lines of a text."""


def line_rules(language: str) -> LineRules:
    """The rules for texts in a language, with those of English, in which much of the web is."""
    known = _lexicons_for(language)
    heads = any_of(*(words.related_heads for words in known))
    about = any_of(*(words.about_heads for words in known))
    adverts = any_of(*(words.promotions for words in known))
    helpers = any_of(*(words.contribution_credits for words in known))
    walls = wall_patterns(language)
    return (
        _LineRule("teaser", MAX_HEAD_CHARS, rf"(?i)\A{heads}[.…]*\Z", "head of links"),
        _LineRule("about", MAX_HEAD_CHARS, rf"(?i)\A{about}(?<![.!?])\Z", "head of a portrait"),
        *(_LineRule("wall", MAX_LINE_CHARS, walls[kind], kind) for kind in _ADDRESSED_WALLS),
        _LineRule("promotion", MAX_LAST_LINE_CHARS, f"(?i){adverts}", "advert or contact"),
        _LineRule("credit", MAX_LINE_CHARS, f"(?i){helpers}", "who contributed"),
    )


def wall_patterns(language: str) -> Mapping[str, str]:
    """Kind of wall -> its sentences in a language and in English."""
    known = _lexicons_for(language)
    return {
        kind: f"(?i){any_of(*(words.walls.get(kind, '') for words in known))}"
        for kind in WALL_KINDS
    }


def _lexicons_for(language: str) -> tuple[Lexicon, ...]:
    known = lexicon(language)
    return (lexicon("en"), known) if known.known else lexicons()


def word_pairs(line: str) -> Iterator[tuple[str, ...]]:
    """For each word: itself, and the pairs that it makes with its neighbours."""
    words = [word.lower() for word in _WORD.findall(line)]
    pairs = [f"{one} {other}" for one, other in pairwise(words)]
    for at, word in enumerate(words):
        yield word, *pairs[max(0, at - 1) : at + 1]


def repeated_lines(texts: Sequence[str]) -> frozenset[str]:
    """The lines that several of the texts have, which one outlet publishes. Two versions of one
    article count once."""
    counts: Counter[str] = Counter()
    kept: list[frozenset[str]] = []
    for text in texts[:MAX_COMPARED_PAGES]:
        lines = (line.strip() for line in text.split("\n"))
        own = frozenset(line for line in lines if len(line.split()) >= MIN_REPEATED_WORDS)
        if all(2 * len(own & other) < min(len(own), len(other)) for other in kept):
            kept.append(own)
            counts.update(own)
    return frozenset(line for line, count in counts.items() if count > 1)


def find_promotions(
    lines: Sequence[TextLine], outlet: str = "", repeated: frozenset[str] = frozenset()
) -> Iterator[Boilerplate]:
    """The lines that are not the story, in order.

    ``outlet``: the name of who publishes it; ``repeated``: lines that other pages of it have, too.
    At the end of a page these are boilerplate; further up they may be the background of a story.
    """
    rules = line_rules(detect_language("\n".join(line.text for line in lines[:OPENING_LINES])))
    own = [
        _own_kind(line.text, rules) if len(line.text) <= limit else None
        for at, line in enumerate(lines)
        for limit in [MAX_LINE_CHARS if at < len(lines) - LAST_LINES else MAX_LAST_LINE_CHARS]
    ]
    paragraphs = [
        at for at, line in enumerate(lines) if own[at] is None and _is_paragraph(line.text)
    ]
    last = max(paragraphs, default=len(lines))
    portraits = _portraits(lines, own, outlet, repeated)
    end = lines[-1].span.end if lines else 0
    follows: BoilerplateKind | None = None
    for at, line in enumerate(lines):
        kind, detail = own[at] or portraits.get(at) or (None, "")
        if kind is None and follows and _continues(line.text, follows):
            kind, detail = follows, "below a line of the same kind"
        elif kind is None:
            follows = None
        elif own[at] and (kind == "teaser" or (kind == "promotion" and at > last)):
            follows = None if ":" in line.text.strip(_BARE) else "teaser"
        elif kind == "about" and own[at]:
            if end - line.span.start > MAX_PORTRAIT_SHARE * end:
                kind = None
            else:
                follows = "about"
        if kind:
            yield Boilerplate(line.span, kind, detail)


def is_promotion(line: str, rules: LineRules) -> bool:
    """Whether the words of a line say that it is not the story."""
    return _own_kind(line.strip(), rules) is not None


def _own_kind(line: str, rules: LineRules) -> tuple[BoilerplateKind, str] | None:
    """What the words of a line say it is; None if it may be a line of the story."""
    bare = line.strip(_BARE)
    for kind, max_chars, pattern, detail in rules:
        if len(line) <= max_chars and lazy_pattern(pattern).search(bare):
            return kind, detail
    if _SIGNATURE.fullmatch(line):
        return "about", "signature of a mail"
    if (score := _promotion_score(line)) >= MIN_PROMOTION_SCORE:
        return "promotion", f"words of page frames: {score:.1f}"
    return None


def _promotion_score(line: str) -> float:
    """The mean weight of the words of a line of usual length; a short line weighs less."""
    weights: Mapping[str, float] = parsed_data(
        _parse_weights, "summarizer.sources", "boilerplate_words.tsv"
    )
    scores = [max(weights.get(word, 0.0) for word in pair) for pair in word_pairs(line)]
    return sum(scores) / (len(scores) + 3) if len(scores) <= MAX_SCORED_WORDS else 0.0


def _parse_weights(text: str) -> Mapping[str, float]:
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {word: float(weight) for word, weight in rows}


def _portraits(
    lines: Sequence[TextLine], own: Sequence[object], outlet: str, repeated: frozenset[str]
) -> Mapping[int, tuple[BoilerplateKind, str]]:
    """The last paragraphs that say who publishes the page or who wrote it, or that are repeated."""
    name = re.escape(outlet.partition(".")[0])
    about_outlet = re.compile(rf"{name} (?:{_IS})\b", re.IGNORECASE) if len(name) > 2 else None
    found: dict[int, tuple[BoilerplateKind, str]] = {}
    for at in range(len(lines) - 1, 1, -1):
        text = lines[at].text
        if text in repeated:
            found[at] = "about", "ends other pages of this outlet, too"
        elif about_outlet and about_outlet.match(text):
            found[at] = "about", "says what the publisher is"
        elif len(text) <= MAX_LAST_LINE_CHARS and lazy_pattern(_BIO).match(text):
            found[at] = "about", "says who the author is"
        elif own[at] is None:
            break
    return found


def _is_paragraph(line: str) -> bool:
    bullet = line[:1] in "-*•"
    return not bullet and len(line.split()) >= MIN_PARAGRAPH_WORDS and ends_sentence(line)


def _continues(line: str, kind: BoilerplateKind) -> bool:
    """Whether a line below one of ``kind`` belongs to it: a portrait goes on to the end, links up
    to a sentence."""
    if kind == "about":
        return True
    return len(line.split()) <= MAX_SCORED_WORDS and (line[:1] in "-*•" or not ends_sentence(line))
