"""Words of each language, read from ``lexicon/<language>.toml``: one file is one language.

    lexicon("fr").months                    the words of one language
    words_of_all("negations")               the words of all languages together
    pattern_of_all("approximations")        the same for patterns

Words are separated by white space, rows by ``;``; a row of numbers begins with its value, a row of
phrases with a key and ``:``, and its phrases are separated by ``,``. A value that a comment calls a
pattern is an alternation of a regular expression, which may be broken into lines before ``|``.
"""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from summarizer.errors import SettingsError

FOLDER = Path(__file__).with_suffix("")

Words = frozenset[str]
OrderedWords = tuple[str, ...]
Rows = tuple[tuple[str, ...], ...]
Pattern = str
Rewrites = Mapping[str, tuple[tuple[str, str, str], ...]]
Numbers = Mapping[str, float]
"""A word -> its value."""
Patterns = Mapping[str, str]
WordTable = Mapping[str, frozenset[str]]
PhraseTable = Mapping[str, tuple[str, ...]]

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Lexicon(NamedTuple):
    """The words of one language. What a language has no words for is empty."""

    language: str

    # Detection, stems and sentences
    known: bool  # whether there is a file
    script: str  # ISO 15924, as in `languages`
    common_words: Words = frozenset()  # by which the language is detected
    distinctive_letters: Pattern = ""  # that few languages share; plain characters, no pattern
    stemmer: Pattern = ""  # name in PyStemmer
    inflections: Pattern = ""  # pattern: cut from a word before it is stemmed: elisions, endings
    stop_words: Words = frozenset()  # that carry no content
    word_scale: float = 1.0  # words of a sentence for one word of its English translation
    soft_checks_measured: bool = False  # whether the error of the soft checks is known
    sentence_rules: Pattern = ""  # language whose rules sentencex applies to this one
    figure_opens_sentence: bool = True  # whether sentencex begins a sentence with a figure
    abbreviations: Words = frozenset()  # that end no sentence, without their full stop
    ordinal_nouns: Pattern = ""  # after an ordinal such as "3."; a pattern
    close_languages: Words = frozenset()  # that few words tell apart from this one

    # Dates
    months: Rows = ()  # forms of each month in a date or after a preposition
    weekdays: Rows = ()  # forms of each weekday, from Monday
    ambiguous_dates: Words = frozenset()  # of these, what is also a word, a name or a fragment
    capital_dates: Words = frozenset()  # of these, what is a date only with a capital
    lowercase_dates: Words = frozenset()  # of these, what is a date only in lower case
    day_first: bool = True  # whether 11/12/2025 can only be the 11th of December
    date_words: Rows = ()  # tag of `summarizer.text.dates`, then its words with what they count
    whole_dates: Rows = ()  # unit, offset, words that are a date without spaces around
    past_report_words: Pattern = ""  # pattern: the weekday after them is past
    ahead_words: Pattern = ""  # pattern: the weekday after them is to come

    # Numbers, units and money
    number_words: Numbers = NOTHING  # 1 to 19
    number_tens: Numbers = NOTHING
    number_hundreds: Numbers = NOTHING  # patterns
    number_scales: Numbers = NOTHING
    ordinals: OrderedWords = ()  # from the first
    compound_number: Pattern = ""  # "{one}" and "{ten}" where one word holds both
    compound_ones: OrderedWords = ()  # their ones, from 1
    compound_tens: Numbers = NOTHING  # their tens, if not `number_tens`
    number_prefixes: OrderedWords = ()  # that are written as one word with a number
    number_endings: Pattern = ""  # pattern: of the case of a number word
    numbers_in_endings: bool = False  # whether the ending of a noun may say "two"
    counters: Pattern = ""  # pattern: what a numeral counts without a space
    units: Patterns = NOTHING  # shared unit -> pattern
    magnitudes: Patterns = NOTHING  # factor -> pattern
    multiples: Patterns = NOTHING  # factor -> pattern: words that say a figure by another one
    counted_nouns: Pattern = ""  # pattern: that make a count of "2000"
    time_units_after_share: Pattern = ""  # pattern: "two in ten minutes" is no share
    words_after_share: Pattern = ""  # pattern: "one goal in five is" is a share
    numbered_things: Pattern = ""  # pattern: names with a number, as "Boeing"
    words_before_numbers: Pattern = ""  # pattern: capitalised, but no name before a number
    words_after_numbered_names: Pattern = ""  # pattern
    words_before_pronoun_one: Pattern = ""  # pattern
    words_after_pronoun_one: Pattern = ""  # pattern
    words_before_half_of_match: Pattern = ""  # pattern
    approximations: Pattern = ""  # pattern: before a number that is not exact
    and_words: Words = frozenset()
    between_words: Words = frozenset()  # before a range
    change_words: Pattern = ""  # pattern: before "from 3 to 5" that is no range
    match_words: Pattern = ""  # pattern: beside a score

    # Names
    seats_of_government: PhraseTable = NOTHING  # country -> its capital, its government
    countries: PhraseTable = NOTHING  # country in English -> other names, people
    titles: Words = frozenset()  # before a name
    abbreviated_titles: OrderedWords = ()  # with a full stop
    portfolios: Words = frozenset()  # of an office, before its title
    institution_words: Words = frozenset()  # of the name of an institution
    outlet_words: Words = frozenset()  # last word of the name of a news outlet
    place_words: Words = frozenset()  # first word of the name of a place
    sentence_starters: Words = frozenset()  # that begin a sentence, and no name
    nouns_have_capitals: bool = False
    name_particles: OrderedWords = ()  # in lower case inside a name
    nationality_endings: Pattern = ""  # pattern
    common_word_endings: Pattern = ""  # pattern: of a word that is no name
    prefixes_before_names: Words = frozenset()  # before a hyphen
    predicates_after_name: Pattern = ""  # pattern

    # Quotations and speakers
    elisions: Pattern = ""  # pattern: after an apostrophe that opens no quotation
    attributions: Pattern = ""  # pattern: words that say whose statement it is
    rejections: Pattern = ""  # pattern: words that call a statement untrue
    doubtful_heads: Pattern = ""  # pattern: of a heading of what did not, or not surely, happen
    retractions: Pattern = ""  # pattern: begins a sentence that takes back the one before
    lead_ins: Pattern = ""  # pattern: begins a sentence that does not assert the next one

    # Meaning
    negations: Words = frozenset()
    or_words: Words = frozenset()
    clause_openers: OrderedWords = ()  # before which a clause ends
    subordinators: Words = frozenset()  # after which another statement begins
    denied_by_negation: Words = frozenset()  # verbs that end the scope of a negation before them
    denials: Words = frozenset()  # words that turn what follows, and are no negations
    modal_words: Words = frozenset()  # function words that change what is said
    copulas: Pattern = ""  # pattern
    words_after_copula: Pattern = ""  # pattern
    determiners: Words = frozenset()
    auxiliaries: Words = frozenset()
    derivational_endings: Words = frozenset()  # what may be left of two related stems
    negating_prefixes: OrderedWords = ()
    opposite_prefixes: Rows = ()
    status_words: WordTable = NOTHING  # kind of status -> its words; "*": any ending
    auxiliaries_of_negation: Words = frozenset()  # that come and go with "not"
    unreal_statuses: Words = frozenset()  # rows of `status_words`: it has not surely happened
    articles: Words = frozenset()

    # Sentences that stand alone, and contradictions
    dependent_openings: Words = frozenset()  # first words that need the sentence before
    dependent_beginnings: Pattern = ""  # pattern: the same without spaces
    dependent_phrases: Pattern = ""  # pattern
    connectives: Pattern = ""  # pattern: may be left out
    sentence_openers: Pattern = ""  # pattern: before them a full stop is missing
    finite_verbs: Pattern = ""  # pattern: irregular ones and auxiliaries
    verbs_with_empty_it: Pattern = ""  # pattern
    pronouns: Pattern = ""  # pattern: of the third person
    first_person: Pattern = ""  # pattern
    quantifiers: Pattern = ""  # pattern
    irregular_plurals: OrderedWords = ()
    verbs_after_plural: Pattern = ""  # pattern
    verbs_ending_in_s: Pattern = ""  # pattern: that are no plurals
    relative_times: Pattern = ""  # pattern: that only the day of writing explains
    place_nouns: Pattern = ""  # pattern: "this city"
    trailing_clause_openers: Pattern = ""  # pattern
    calls_to_action: Pattern = ""  # pattern
    defining_words: Words = frozenset()  # behind a noun, they say which one is meant
    self_explanatory_nouns: Words = frozenset()
    generic_topic_words: OrderedWords = ()
    telltale_words: Pattern = ""  # pattern: a sentence with them is in this language
    opposite_outcomes: WordTable = NOTHING  # one side -> the other side
    harm_words: WordTable = NOTHING
    additional_words: OrderedWords = ()
    correction_words: Pattern = ""  # pattern: takes back what was said before
    retraction_openers: Pattern = ""  # pattern: what follows is taken back
    words_before_old_values: Pattern = ""  # pattern: before what is no longer so
    words_before_known_counts: Pattern = ""  # pattern: the count of those who are known
    words_before_done_deeds: Pattern = ""  # pattern: before a participle
    lower_bounds: Pattern = ""  # pattern: before a figure that may be more
    upper_bounds: Pattern = ""  # pattern: before a figure that may be less
    nobody: Pattern = ""  # pattern: a count of none
    pending_words: Pattern = ""  # pattern: before a verb that is still to happen
    words_of_repetition: Pattern = ""  # pattern: what happens was so before
    update_words: Pattern = ""  # pattern: a later figure
    question_verbs: OrderedWords = ()

    # Pages, feeds and boilerplate
    read_more: Pattern = ""  # pattern: before a link to another article
    continue_reading: Pattern = ""  # pattern: at the end of a text that is cut
    machine_orders: Pattern = ""  # pattern: an order to whoever summarizes the text
    copyright_notices: Pattern = ""  # pattern
    picture_words: Pattern = ""  # pattern: before a caption
    byline_words: Pattern = ""  # pattern: before the name of an author
    byline_endings: Pattern = ""  # pattern: behind it
    source_label: Pattern = ""  # pattern
    reporting_credits: Pattern = ""  # pattern
    button_labels: Pattern = ""  # pattern
    date_labels: Pattern = ""  # pattern: before the date of an article
    promotions: Pattern = ""  # pattern: newsletters, apps, social media, commissions, contacts
    related_heads: Pattern = ""  # pattern: whole line before links to other articles
    contribution_credits: Pattern = ""  # pattern
    opinion_notes: Pattern = ""  # pattern: by which a text says that it is an opinion
    satire_notes: Pattern = ""  # pattern
    sponsor_notes: Pattern = ""  # pattern
    about_heads: Pattern = ""  # pattern: whole line before a company's portrait or its contacts
    bio_roles: Pattern = ""  # pattern: what the author of an article is
    walls: Patterns = NOTHING  # kind of wall -> pattern of its sentences
    article_labels: Patterns = NOTHING  # kind of article -> pattern of its section or label
    future_markers: Pattern = ""  # pattern: a day beside them is to come
    future_characters: Pattern = ""  # pattern: the same without spaces
    deadline_words: Pattern = ""  # pattern: before a deadline

    # Texts with citations that others wrote
    citation_labels: Pattern = ""  # pattern: before the number of a citation, singular
    document_labels: Pattern = ""  # pattern: the same, also before other numbers
    page_labels: Pattern = ""  # pattern: before a place in a source
    source_list_heads: Pattern = ""  # pattern: heading of a list of sources
    source_statements: Pattern = ""  # pattern: begins a sentence on what the sources do not say
    chat_phrases: Pattern = ""  # pattern: begins a sentence that speaks to whoever asked
    contrast_words: Pattern = ""  # pattern: before a clause that claims something else

    # Perturbations of evaluations
    direction_swaps: Rows = ()  # pairs
    antonym_swaps: Rows = ()  # pairs
    past_tenses: Rows = ()  # past tense, base form
    saying_verbs_for_swaps: Pattern = ""  # pattern
    words_between_equals: Pattern = ""  # pattern
    participles_for_swaps: Pattern = ""  # pattern: that are also the past tense
    words_before_no_past_verb: Pattern = ""  # pattern
    auxiliaries_for_swaps: OrderedWords = ()
    number_swaps: OrderedWords = ()
    magnitude_swaps: PhraseTable = NOTHING
    unit_swaps: PhraseTable = NOTHING  # longest first
    date_swaps: Patterns = NOTHING
    words_that_bind: OrderedWords = ()  # before a quantifier or a noun
    distance_endings: OrderedWords = ()  # of what stands before "after": "a day"
    rewrites: Rewrites = NOTHING  # kind -> pattern, mistake, faithful twin


class SharedLexicon(NamedTuple):
    """What is the same in every language; every key must be given."""

    frequent_languages: OrderedWords  # a text that fits two languages is in the earlier one
    date_marks: Rows  # marks and time zones of dates, as `Lexicon.date_words`
    sentencex_languages: Words  # without a file here, but known to sentencex
    rtl_scripts: Words  # ISO 15924, lower case
    rtl_languages: Words  # languages whose usual script is written from right to left (CLDR)
    news_agencies: Pattern
    satire_hosts: Words  # hosts of outlets that publish only satire
    units: Patterns  # every unit that is not money; of two that fit, the upper one is meant
    currencies: Patterns  # every unit of money
    magnitudes: Patterns  # every factor


def lexicon(language: str) -> Lexicon:
    """The words of a language (ISO 639-1 code); empty and not ``known`` if it has no file.

    Raises ``SettingsError`` if its file has a key that is not known, or lacks one.

    >>> lexicon("fr").or_words, lexicon("xx").known
    (frozenset({'ou'}), False)
    """
    known = _read_files().by_language.get(language)
    return known or Lexicon(language=language, known=False, script="")


def lexicons() -> tuple[Lexicon, ...]:
    """The lexicons of all languages, frequent ones first, English before all."""
    return tuple(_read_files().by_language.values())


def shared_lexicon() -> SharedLexicon:
    """What is the same in every language."""
    return _read_files().shared


def words_of_all(name: str) -> frozenset[str]:
    """The words of a field of `Lexicon` in all languages."""
    return frozenset[str]().union(*(getattr(each, name) for each in lexicons()))


def pattern_of_all(name: str) -> str:
    """One alternation of the patterns or words of a field of `Lexicon` in all languages."""
    return any_of(*(getattr(each, name) for each in lexicons()))


def any_of(*alternatives: str | frozenset[str] | tuple[str, ...]) -> str:
    """A pattern for any of these, each a pattern or several words; longer words first.

    >>> any_of("about|around", frozenset({"or", "order"}))
    '(?:about|around|order|or)'
    """
    parts = [
        each
        if isinstance(each, str)
        else "|".join(sorted(each, key=lambda word: (-len(word), word)))
        for each in dict.fromkeys(filter(None, alternatives))
    ]
    return f"(?:{'|'.join(parts)})"


class _Files(NamedTuple):
    shared: SharedLexicon
    by_language: Mapping[str, Lexicon]


# Of constant size: one value for each file of the package.
@cache
def _read_files() -> _Files:
    shared = read_lexicon(SharedLexicon, FOLDER / "common.toml")
    codes = sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem != "common")
    languages = dict.fromkeys((*shared.frequent_languages, *codes))
    return _Files(
        shared,
        {
            code: read_lexicon(Lexicon, FOLDER / f"{code}.toml", language=code, known=True)
            for code in languages
        },
    )


_READERS: Mapping[Any, Callable[[Any], Any]] = {
    bool: bool,
    float: float,
    Pattern: lambda text: "".join([line.strip() for line in text.splitlines()]),
    Words: lambda text: frozenset(text.split()),
    OrderedWords: lambda text: tuple(text.split()),
    Rows: lambda text: tuple([tuple(row.split()) for row in text.split(";")]),
    Numbers: lambda text: {
        word.replace("_", " "): float(row[0])
        for row in map(str.split, text.split(";"))
        for word in row[1:]
    },
    Patterns: lambda rows: {key: _READERS[Pattern](row) for key, row in rows.items()},
    WordTable: lambda rows: {key: frozenset(row.split()) for key, row in rows.items()},
    Rewrites: lambda rows: {
        kind: tuple([(pattern, wrong, same) for pattern, wrong, same in each])
        for kind, each in rows.items()
    },
    PhraseTable: lambda text: {
        key: tuple(phrases.split(", ")) if phrases else ()
        for row in text.split(";")
        for key, _, phrases in [" ".join(row.split()).partition(": ")]
    },
}
"""Type of a field -> what makes it from the value in the file."""

_AnyLexicon = TypeVar("_AnyLexicon", Lexicon, SharedLexicon)


def read_lexicon(kind: type[_AnyLexicon], path: Path, **given: Any) -> _AnyLexicon:
    """The file at ``path`` as a lexicon. Raises ``SettingsError`` with the file and the key."""
    subject = f"{path.parent.name}/{path.name}"
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(str(error), subject=subject) from error
    allowed = set(kind._fields) - given.keys()
    for key in values.keys() - allowed:
        raise SettingsError(f"unknown key {key!r}", subject=subject)
    for key in allowed - values.keys() - kind._field_defaults.keys():
        raise SettingsError(f"the key {key!r} is missing", subject=subject)
    try:
        for key, value in values.items():
            values[key] = _READERS[kind.__annotations__[key]](value)
    except (AttributeError, ValueError) as error:
        raise SettingsError(f"{key!r} has a value of another kind", subject=subject) from error
    return kind(**given, **values)
