"""Whether a sentence can be read on its own, and which part of a line is the sentence.

A sentence also depends on its context if it has a definite noun phrase ("the fumble", "these
rules") whose words occur in the sentences before it and not in what the reader has read.
"""

import math
import re
from collections.abc import Collection, Iterator, Sequence

from summarizer.retrieval.chunks import Statement
from summarizer.text.aliases import is_country, is_institution
from summarizer.text.languages import count_words, detect_language
from summarizer.text.lexicon import lexicon, words_of_all
from summarizer.text.names import find_names
from summarizer.text.numbers import find_quantities
from summarizer.text.quotes import blank_quotations, has_balanced_quotes
from summarizer.text.sentences import (
    EXCLAMATION_MARKS,
    FULL_STOPS,
    QUESTION_MARKS,
    SENTENCE_TERMINALS,
    final_mark,
)
from summarizer.text.spans import Span
from summarizer.text.tokens import content_stems, fold_word, function_words

MIN_SENTENCE_WORDS, MAX_SENTENCE_WORDS = 8, 48
"""Words of a sentence worth telling; longer ones are two thoughts, shorter ones headings."""

MIN_FIGURE_SENTENCE_WORDS = 4
"""Words of a shorter one that is worth telling all the same, for its figure."""

MIN_FINAL_PRONOUN_WORDS = 13
"""Words of a sentence that can say by itself what its last word "it" stands for."""

MIN_HEADLINE_WORDS, MAX_TITLE_WORDS = 5, 20
"""Words of a headline: the fewest, even without its trailing clause, and the most of a title."""

_ENGLISH = lexicon("en")
_LIST_MARKER = re.compile(r"(?:[-–—•*·▪‣]|\(?\d{1,2}[.)])\s+")
_CONNECTIVE = re.compile(rf"(?:{_ENGLISH.connectives}),\s+(?=[A-ZÀ-Þ\d])")
_RUN_IN_LABEL = re.compile(r"(?:[A-ZÀ-Þ][\w’'&/-]*(?:\s[\w’'&/-]+){0,3}):\s+(?=[A-ZÀ-Þ“\"])")
_SENTENCE_START = re.compile(r"(?:[\"“”„«»「『‘'(]\s?)?[^\W_a-zà-ÿа-яїієґ]")

_LEANING_OPENING = re.compile(rf"^(?:{_ENGLISH.dependent_phrases})", re.IGNORECASE)
_PRONOUN = re.compile(
    rf"\b(?:{_ENGLISH.pronouns})\b"
    r"|\bsuch an?\b",
    re.IGNORECASE,
)
_PLURALS = "|".join(_ENGLISH.irregular_plurals)
_PLURAL_SUBJECT = re.compile(
    r"(?<![\w-])(?:"
    rf"(?:[\w-]+[^\Wsiu]s|{_PLURALS}|those)\s(?:{_ENGLISH.verbs_after_plural})"
    rf"|(?:{_ENGLISH.quantifiers})\s(?:[\w-]+\s){{0,3}}?[\w-]+[^\Wsiu]s"
    r")\b",
    re.IGNORECASE,
)
"""Several who can be meant by "they" later in the sentence, as far as their grammar tells."""
_FIRST_PERSON = re.compile(rf"\b(?:{_ENGLISH.first_person})\b")
_SECOND_PERSON = re.compile(r"\b(?:you|your|yours|yourself)\b", re.IGNORECASE)
_MARKUP = re.compile(r"\]\(|\*\*|https?://|</?[a-z]+>")
_INDEPENDENT_OPENING = re.compile(
    r"Those\s(?:who|whose|with|\w+ing|\w+ed)\b|No\s[a-z]"
    r"|There(?:['’]s|\s(?:is|are|was|were|has|have|had|will|would)\b)"
)
"""Beginnings that lean on nothing, though their first word may."""
_PLURAL_PRONOUNS = frozenset(("they", "them", "their", "theirs", "themselves"))
_PLURAL_NOUN = re.compile(
    rf"(?<![\w’'-])(?!(?:{_ENGLISH.verbs_ending_in_s})s\b)"
    rf"[a-z][a-z-]+[^\Wsiu]s\b|\b(?:{_PLURALS})\b"
)
"""A plural, as far as its ending tells."""
_PRONOUN_ATTRIBUTION = re.compile(r"[,”\"]\s(?:it|they)\s(?:said|added|says|wrote|noted)\b")
_VERB_WITH_IT = re.compile(rf"\b(?:{_ENGLISH.verbs_with_empty_it})\sit\b")
_MISSING_FULL_STOP = re.compile(rf"[a-z]\s(?:{_ENGLISH.sentence_openers})\s[a-z]")
"""Two sentences without a full stop between."""
_NOUN_WITH_CLAUSE = re.compile(r"^(?:\w+[\s-]){0,4}\w+,\s(?:which|who|whose)\s[^,]+$")
"""A noun and what is said of it, and no more."""
_THE = re.compile(r"\b[Tt]he\b")
_VERB = re.compile(rf"\b(?:{_ENGLISH.finite_verbs})\b|\w(?:ed|s)\b|n['’]t\b")
_FINAL_PRONOUN = re.compile(rf"\b(?:it|this|that|so)[{SENTENCE_TERMINALS}]$")
_BARE_AGREEMENT = re.compile(rf"\b(?:dis)?agreed[{SENTENCE_TERMINALS}]$")
_CALL_TO_ACTION = re.compile(rf"^(?:{_ENGLISH.calls_to_action})\s")
_LEANING_PARTS = (_BARE_AGREEMENT, _VERB_WITH_IT, _PRONOUN_ATTRIBUTION)
_TIME_DEIXIS = re.compile(rf"\b(?:{_ENGLISH.relative_times})\b", re.IGNORECASE)
_PLACE_DEIXIS = re.compile(
    rf"\bhere\b|\bthis\s(?:\w+\s){{0,2}}(?:{_ENGLISH.place_nouns})\b"
    r"|\b[Tt]he (?:couple|pair|duo|trio|organi[sz]ation|measures?|move)\b"
)
_PUBLIC_APPEAL = re.compile(r"\b[Aa]nyone (?:with|who has) information\b|\b\d{3}-\d{4}\b")
_NEVER_TOLD = (
    _CALL_TO_ACTION,
    _MISSING_FULL_STOP,
    _FIRST_PERSON,
    _SECOND_PERSON,
    _PUBLIC_APPEAL,
)
_ADDITIVE_WORD = re.compile(
    r"\b(?:also|too|as well|later(?!\s(?:this|in|on|than)\b))\b", re.IGNORECASE
)

_TRAILING_CLAUSE = re.compile(rf",\s(?:{_ENGLISH.trailing_clause_openers})\s.*$")
_WORD = re.compile(r"[\w'’]+")
_GERMAN_WORD = re.compile(rf"\b(?:{lexicon('de').telltale_words})\b")
_EMPTY_WORDS = function_words("en")
_APOSTROPHE = re.compile(r"['’]")
_FINAL_MARKS = f"{FULL_STOPS} "
_NO_STATEMENT = (":", *QUESTION_MARKS, *EXCLAMATION_MARKS)


def sentence_span(text: str) -> Span:
    """The sentence within a line of the source: list marker, run-in label and the connective that
    joins it to the one before left out, where what is left begins like a sentence.

    >>> text = "- Trade Truce: However, Beijing hopes for a truce."
    >>> text[slice(*sentence_span(text))]
    'Beijing hopes for a truce.'
    """
    marker = _LIST_MARKER.match(text)
    at = marker.end() if marker else 0
    label = _RUN_IN_LABEL.match(text, at) if marker else None
    at = label.end() if label else at
    connective = _CONNECTIVE.match(text, at)
    return Span(connective.end() if connective else at, len(text))


def is_standalone(text: str, language: str = "") -> bool:
    """Whether a reader who sees nothing else understands who and what: a whole sentence, no
    pronoun or connective that leans on the one before, no quotation torn in two.

    ``language`` is detected if it is not given, here and below.
    """
    language = language or detect_language(text)
    return is_whole(text, language) and not leans_on_previous(text, language)


def is_whole(text: str, language: str = "") -> bool:
    """Whether it is a sentence of a report that is complete in itself, though it may depend on the
    one before."""
    language = language or detect_language(text)
    length = _english_length(text, language)
    enough = length >= MIN_SENTENCE_WORDS or (
        length >= MIN_FIGURE_SENTENCE_WORDS and bool(find_quantities(text, language))
    )
    whole = (
        enough and length <= MAX_SENTENCE_WORDS and final_mark(text) not in ("", *QUESTION_MARKS)
    )
    return whole and not _is_title_case(text) and _is_statement(text, language)


def can_be_headline(text: str, language: str = "") -> bool:
    """Whether it can be a headline: a sentence that stands alone, or a title."""
    language = language or detect_language(text)
    return is_standalone(text, language) or (
        MIN_HEADLINE_WORDS <= _english_length(text, language) <= MAX_TITLE_WORDS
        and _is_statement(text, language)
        and not leans_on_previous(text, language)
    )


def _english_length(text: str, language: str) -> int:
    """How many words an English sentence that says the same would have."""
    return round(count_words(text) / lexicon(language).word_scale)


def _is_title_case(text: str) -> bool:
    """Whether it Is Written Like a Title: fit for a headline, not for a paragraph. German has
    capitals for every noun."""
    if _GERMAN_WORD.search(text):
        return False
    long = [word for word in _WORD.findall(text) if len(word) > 3]
    return len(long) > 3 and sum(word[0].isupper() for word in long) >= 0.8 * len(long)


def _is_statement(text: str, language: str) -> bool:
    """Whether it states something in words of its own, and no quotation in it is torn."""
    if (
        not _SENTENCE_START.match(text)
        or text.endswith(_NO_STATEMENT)
        or not has_balanced_quotes(text)
        or text.count("(") != text.count(")")
        or _MARKUP.search(text)
    ):
        return False
    own_words = blank_quotations(text)
    if language not in ("en", "und"):  # the other rules know English words
        return _WORD.search(own_words) is not None
    return (
        _WORD.search(own_words) is not None
        and not _NOUN_WITH_CLAUSE.match(own_words)
        and not _lacks_verb(own_words)
        and not any(each.search(own_words) for each in _NEVER_TOLD)
    )


def leans_on_previous(text: str, language: str = "") -> bool:
    """Whether a pronoun, connective or pointer in it means something in the sentence before."""
    language = language or detect_language(text)
    opening = _WORD.search(text)
    dangling = opening is not None and _is_dangling(opening[0], language)
    if opening is None or (dangling and not _INDEPENDENT_OPENING.match(text)):
        return True
    if language not in ("en", "und"):
        beginnings = lexicon(language).dependent_beginnings
        return bool(beginnings) and re.match(beginnings, text) is not None
    if _LEANING_OPENING.match(text[opening.start() :]):
        return True
    own_words = blank_quotations(text)
    if _FINAL_PRONOUN.search(own_words) and count_words(text) < MIN_FINAL_PRONOUN_WORDS:
        return True
    return any(each.search(own_words) for each in _LEANING_PARTS) or _has_unresolved_pronoun(
        own_words
    )


def _is_dangling(word: str, language: str) -> bool:
    """Whether a first word does: "It's" as "It"; of an unknown language, a word of any."""
    own = lexicon(language).dependent_openings
    words = words_of_all("dependent_openings") if language == "und" else own
    return word != "US" and _APOSTROPHE.split(word.casefold())[0] in words


def _lacks_verb(told: str) -> bool:
    """Whether a short English line has no word that may be its verb: "Day six of the revolt." """
    short = count_words(told) < MIN_SENTENCE_WORDS and told.endswith(".") and _THE.search(told)
    return bool(short) and not _VERB.search(told)


def _has_unresolved_pronoun(told: str) -> bool:
    """A pronoun before anybody who can be meant is told of."""
    pronoun = next(
        (each for each in _PRONOUN.finditer(told) if not _refers_to_several(told, each)), None
    )
    if not pronoun:
        return False
    before = told[: pronoun.start()]
    people = [
        name for name in find_names(before) if not is_country(name) and not is_institution(name)
    ]
    if pronoun[0].casefold() in _PLURAL_PRONOUNS:
        return len(find_names(before)) < 2 and not (people and _PLURAL_NOUN.search(before))
    return not people


def _refers_to_several(told: str, pronoun: re.Match[str]) -> bool:
    """Whether it means several who are told of before: "Banks are changing their models"."""
    before = told[: pronoun.start()]
    subject = pronoun[0].casefold() != "them" or before.endswith(("ing ", " of "))
    return (
        pronoun[0].casefold() in _PLURAL_PRONOUNS
        and subject
        and _PLURAL_SUBJECT.search(before) is not None
    )


def adds_to_previous(text: str) -> bool:
    """Whether it adds to what was said before it: "also", "later", "again"."""
    return _ADDITIVE_WORD.search(blank_quotations(text)) is not None


def standalone_score(text: str) -> float:
    """How easily it is read out of its place, 0..1: less when it counts from the day or the place
    of writing ("yesterday", "here"), or adds to something said before ("also")."""
    told = blank_quotations(text)
    marks = (
        (_TIME_DEIXIS, 0.6),
        (_PLACE_DEIXIS, 0.6),
        (_ADDITIVE_WORD, 0.85),
    )
    return math.prod(factor for pattern, factor in marks if pattern.search(told))


def headline_span(text: str) -> Span:
    """The part of a sentence that makes a headline: trailing clauses and the full stop left out."""
    cut = _TRAILING_CLAUSE.search(text)
    end = (
        cut.start() if cut and count_words(text[: cut.start()]) >= MIN_HEADLINE_WORDS else len(text)
    )
    if not has_balanced_quotes(text[:end]):
        end = len(text)
    return Span(0, len(text[:end].rstrip(_FINAL_MARKS)))


ANTECEDENT_SENTENCES = 10
"""Sentences before it in which the article introduces what it takes as known."""

_NOUN_WORDS = r"\s((?:[a-z][\w’'-]+[ ,.;]*){1,4})"
_DEFINITE_PHRASE = re.compile(rf"\b(?:[Tt]he|[Ss]uch){_NOUN_WORDS}")
_DEMONSTRATIVE_PHRASE = re.compile(
    rf"\b(?:[Tt]h(?:is|ese)|(?:with|of|to|for|in|by|from|on|at) th(?:at|ose)){_NOUN_WORDS}"
)
_DEFINITE_SUBJECT = re.compile(rf"^(?:The|This|These|That|Those){_NOUN_WORDS}")
_CAPITALISED_WORD = re.compile(r"\b[A-ZÀ-Þ][\w-]{2,}")
_NAME_PAIR = re.compile(r"\b([A-ZÀ-Þ][\w.-]*)\s(?=([A-ZÀ-Þ][\w-]{2,}))")
_DEFINING_WORDS = _ENGLISH.defining_words
"""Words behind a noun that say which one is meant."""
_SELF_EXPLANATORY_NOUNS = _ENGLISH.self_explanatory_nouns
"""Nouns that everybody knows, and adjectives that say which one is meant."""
_TRAILING_ATTRIBUTION = re.compile(r",\sthe\s[^,]{1,40}\s(?:said|says|reported|reports|added)\.?$")
"""Who tells it may be known from the citation."""
_PHRASE_WORD = re.compile(r"[\w’'-]+")


def needed_antecedents(
    item: Statement, before: Sequence[Statement], language: str
) -> tuple[frozenset[str], ...]:
    """What it takes as known, each by its stems. ``before``: what its article says before it. Only
    in English, whose articles these are."""
    if language != "en" or not before:
        return ()
    own_words = _TRAILING_ATTRIBUTION.sub("", blank_quotations(item.text))
    introduced = frozenset().union(*(each.stems for each in before[-ANTECEDENT_SENTENCES:]))
    pointed = [
        *_phrase_stems(_DEMONSTRATIVE_PHRASE, own_words, language),
        *_phrase_stems(_DEFINITE_SUBJECT, own_words, language),
    ]
    known = [
        stems
        for stems in _phrase_stems(_DEFINITE_PHRASE, own_words, language)
        if stems & introduced
    ]
    return (*pointed, *known, *_introduced_surnames(item, before, language))


def _introduced_surnames(
    item: Statement, before: Sequence[Statement], language: str
) -> Iterator[frozenset[str]]:
    """The last words in it of names that the article gives in full before it."""
    own = set(_CAPITALISED_WORD.findall(item.text)) - _second_words_of_names(item.text)
    earlier = frozenset[str]().union(
        *(each.annotations.get(_second_words_of_names, each.text) for each in before)
    )
    for surname in sorted(own & earlier):
        yield frozenset(content_stems(surname, language))


def _second_words_of_names(text: str) -> frozenset[str]:
    """The words with a capital that another one comes before: "King" in "Billy King"."""
    return frozenset(
        pair[2] for pair in _NAME_PAIR.finditer(text) if fold_word(pair[1]) not in _EMPTY_WORDS
    )


def _phrase_stems(pattern: re.Pattern[str], text: str, language: str) -> Iterator[frozenset[str]]:
    for found in pattern.finditer(text):
        if words := _noun_phrase_words(found[1]):
            yield frozenset(content_stems(" ".join(words), language))


def _noun_phrase_words(text: str) -> list[str]:
    """The words of a noun phrase that needs an antecedent; none if it says itself what is meant."""
    words: list[str] = []
    for found in _PHRASE_WORD.finditer(text):
        if found[0] in _DEFINING_WORDS or found[0] in _SELF_EXPLANATORY_NOUNS:
            return []
        if found[0] in _EMPTY_WORDS:
            break
        words.append(found[0])
        if text[found.end() : found.end() + 1] not in ("", " "):
            break
    return words


def count_unmet_antecedents(needed: Sequence[frozenset[str]], told: Collection[str]) -> int:
    """How many of them nothing told has a word of."""
    return sum(stems.isdisjoint(told) for stems in needed)
