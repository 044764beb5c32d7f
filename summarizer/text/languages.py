"""The language of a text, detected from its script and its function words, and its English name.

The script comes first. Within a script, each function word and each letter that few languages share
counts for the languages that have it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Literal

from summarizer.text.lexicon import lexicons, shared_lexicon
from summarizer.text.patterns import COMBINING_MARKS, lazy_pattern

if TYPE_CHECKING:
    from babel import Locale

LANGUAGE_SAMPLE_CHARS = 1000
"""Code points that are looked at."""

# Script -> its letters, and the language if one (nearly) alone is written in it.
_SCRIPTS = {
    "Latn": (r"[A-Za-zÀ-ɏḀ-ỿ]", ""),
    "Cyrl": (r"[Ѐ-ӿ]", ""),
    "Jpan": (r"[ぁ-ゖァ-ヺ]", "ja"),
    "Hang": (r"[가-힣ᄀ-ᇿ]", "ko"),
    "Hani": (r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]", "zh"),
    "Arab": (r"[\u0620-\u06d3\u06fa-\u06ff]", ""),
    "Hebr": (r"[א-ת]", "he"),
    "Deva": (r"[\u0900-\u097f]", "hi"),
    "Thai": (r"[\u0e01-\u0e4e]", "th"),
    "Grek": (r"[Ͱ-Ͽἀ-῿]", "el"),
    "Armn": (r"[Ա-և]", "hy"),
    "Geor": (r"[ა-ჿᲐ-Ჿ]", "ka"),
    "Beng": (r"[\u0980-\u09ff]", "bn"),
    "Guru": (r"[\u0a00-\u0a7f]", "pa"),
    "Gujr": (r"[\u0a80-\u0aff]", "gu"),
    "Taml": (r"[\u0b80-\u0bff]", "ta"),
    "Telu": (r"[\u0c00-\u0c7f]", "te"),
    "Knda": (r"[\u0c80-\u0cff]", "kn"),
    "Mlym": (r"[\u0d00-\u0d7f]", "ml"),
    "Laoo": (r"[\u0e81-\u0edf]", "lo"),
    "Mymr": (r"[\u1000-\u109f]", "my"),
    "Khmr": (r"[\u1780-\u17d3]", "km"),
    "Ethi": (r"[\u1200-\u137f]", "am"),
}

_WORD = re.compile(r"[^\W\d_]+")
_MARK = re.compile(r"[^\W\d_A-Za-z]")

SignWeights = dict[str, list[tuple[str, float]]]

MIN_LANGUAGE_EVIDENCE = 0.5
"""Evidence below which no language is named; a function word of one language alone counts 1."""

# Han 1.7: translated news has 1.6 to 1.8 Chinese characters for one English word. Kana 2.5: they
# spell endings. Thai and its neighbours 4.5: letters of an alphabet, but no spaces.
_CHARS_PER_UNSPACED_WORD = (
    (("Hani",), 1.7),
    (("Jpan",), 2.5),
    (("Thai", "Laoo", "Mymr", "Khmr"), 4.5),
)
_PERHAPS_UNSPACED = re.compile(r"[^\x00-\u0dff\u1e00-\u2bff]")
"""No script before Thai goes without spaces, nor do more Latin, more Greek, marks and signs."""
_SPACED_WORD = re.compile(r"\w+(?:[.,'’\-]\w+)*")


def detect_language(text: str) -> str:
    """ISO 639-1 code of the language of ``text``, from its beginning; ``und`` if it cannot tell.

    >>> detect_language("Він сказав, що переговори тривають."), detect_language("17.11.25")
    ('uk', 'und')
    """
    sample = text[:LANGUAGE_SAMPLE_CHARS]
    script = _main_script(sample)
    only = _SCRIPTS[script][1] if script else "und"
    return only or _likeliest_language(sample, script)


def count_words(text: str) -> int:
    """Words, as a reader of a spaced language would count them, so that a length means one thing.

    >>> count_words("Xi’s 1,000 follow-up calls"), count_words("中国和美国同意降低关税")
    (4, 6)
    """
    if text.isascii():
        return len(_SPACED_WORD.findall(text))
    if uses_word_spaces(text):
        return len(_SPACED_WORD.findall(lazy_pattern(f"[{COMBINING_MARKS}]").sub("", text)))
    unspaced = 0.0
    for scripts, letters_a_word in _CHARS_PER_UNSPACED_WORD:
        for script in scripts:
            text, found = re.subn(_SCRIPTS[script][0], " ", text)
            unspaced += found / letters_a_word
    return len(_SPACED_WORD.findall(text)) + round(unspaced)


def uses_word_spaces(text: str) -> bool:
    """Whether every word of the text is surely between spaces or marks: few texts in European
    languages are not, and patterns that know no other script compile five times as fast.

    >>> uses_word_spaces("Čeští “vědci”"), uses_word_spaces("中国")
    (True, False)
    """
    return text.isascii() or not _PERHAPS_UNSPACED.search(text)


def _main_script(sample: str) -> str:
    """The script of most letters, empty if there are none."""
    counts: dict[str, int] = {}
    for script in _SCRIPTS:
        counts[script] = sum(map(len, lazy_pattern(f"{_SCRIPTS[script][0]}+").findall(sample)))
        if script in ("Latn", "Cyrl") and 2 * counts[script] > len(sample):
            return script
    if 10 * counts["Jpan"] > counts["Hani"]:  # Japanese is written in both, Chinese is not
        counts["Jpan"] += counts.pop("Hani")
    script = max(counts, key=counts.__getitem__)
    return script if counts[script] else ""


def base_language(tag: str) -> str:
    """The code of the language in a tag (BCP 47), without script and region.

    >>> base_language("pt-BR"), base_language("uk")
    ('pt', 'uk')
    """
    return tag.partition("-")[0]


def canonical_language(tag: str) -> str:
    """The tag (BCP 47: language, script and region) in its usual case. Raises ValueError if the
    CLDR does not know one of them.

    >>> canonical_language("pt-br"), canonical_language("ZH-hant")
    ('pt-BR', 'zh-Hant')
    """
    from babel import Locale
    from babel.core import get_locale_identifier, parse_locale

    language, region, script, *_ = parts = parse_locale(tag, sep="-")
    english = Locale("en")
    if (
        language not in language_names()
        or (region and region not in english.territories)
        or (script and script not in english.scripts)
        or any(parts[3:])
    ):
        raise ValueError(f"no language: {tag!r}")
    return get_locale_identifier(parts, sep="-")


def languages_differ(one: str, other: str) -> bool:
    """Whether both are known, and not the same."""
    return one != other and "und" not in (one, other)


def direction(language: str) -> Literal["ltr", "rtl", "auto"]:
    """The direction in which a language (BCP 47) is written; ``auto``, as HTML has it, if the
    language is not known. A script that the code names decides.

    >>> direction("ar-EG"), direction("pa"), direction("pa-Arab"), direction("und")
    ('rtl', 'ltr', 'rtl', 'auto')
    """
    code, *rest = re.split("[-_]", language.lower())
    if code in ("", "und"):
        return "auto"
    script = next((each for each in rest if len(each) == 4 and each.isalpha()), None)
    shared = shared_lexicon()
    leftward = script in shared.rtl_scripts if script else code in shared.rtl_languages
    return "rtl" if leftward else "ltr"


def written_in(text: str, language: str = "und") -> str:
    """``language``, unless the text is evidently written in the other direction: then its own.

    The language of a whole briefing need not be that of each of its sentences. Of a short text the
    script is certain, while close languages are easily taken for each other.

    >>> written_in("The harbour was closed.", "ar"), written_in("Der Hafen ist zu.", "en")
    ('en', 'en')
    """
    own, given = detect_language(text), direction(language)
    return own if given == "auto" or {given, direction(own)} == {"ltr", "rtl"} else language


def _likeliest_language(sample: str, script: str) -> str:
    """The language of ``script`` with most evidence."""
    words, marks = _WEIGHTS_BY_SCRIPT.get(script, ({}, {}))
    lower = sample.lower()
    scores: defaultdict[str, float] = defaultdict(float)
    for found, weights in ((_WORD.findall(lower), words), (_MARK.findall(lower), marks)):
        for sign, times in Counter(found).items():
            for language, weight in weights.get(sign, ()):
                scores[language] += times * weight
    best = max(scores, key=scores.__getitem__, default="und")
    return best if scores[best] >= MIN_LANGUAGE_EVIDENCE else "und"


def _sign_weights(script: str) -> tuple[SignWeights, SignWeights]:
    written = [each for each in lexicons() if each.script == script]
    words = {each.language: each.common_words for each in written}
    marks = {each.language: each.distinctive_letters for each in written}
    return _shared_weights(words, 1.0), _shared_weights(marks, 0.5)


def _shared_weights(signs: Mapping[str, Iterable[str]], whole: float) -> SignWeights:
    """``whole`` of each sign, shared by the languages that have it."""
    owners: dict[str, list[str]] = {}
    for code, own in signs.items():
        for sign in set(own):
            owners.setdefault(sign, []).append(code)
    return {sign: [(code, whole / len(codes)) for code in codes] for sign, codes in owners.items()}


_WEIGHTS_BY_SCRIPT = {script: _sign_weights(script) for script in {w.script for w in lexicons()}}
"""What each function word and each letter says: 1 for a language alone, 1/2 for two."""


def language_names() -> Mapping[str, str]:
    """Language code -> its English name, of all languages of the CLDR."""
    from babel import Locale

    names: Mapping[str, str] = Locale("en").languages
    return {code: name for code, name in names.items() if code != "und" and "_" not in code}


def language_name(tag: str) -> str:
    """The English name of a language (BCP 47).

    >>> language_name("uk"), language_name("zh-Hant"), language_name("und")
    ('Ukrainian', 'Traditional Chinese', 'the language of the articles')
    """
    from babel import Locale

    english = Locale("en")
    code, *others = tag.split("-")
    names: Mapping[str, str] = {**english.languages, "und": "the language of the articles"}
    whole = names.get(tag.replace("-", "_"))
    if whole or not others:
        return whole or names["und"]
    details = [english.scripts.get(each) or english.territories.get(each, each) for each in others]
    return f"{names.get(code, names['und'])} ({', '.join(details)})"


def has_decimal_comma(code: str) -> bool:
    """Whether the language writes 1,5 for one and a half.

    >>> has_decimal_comma("de"), has_decimal_comma("en"), has_decimal_comma("")
    (True, False, False)
    """
    from babel import Locale, UnknownLocaleError

    try:
        symbols = Locale.parse(code or "und").number_symbols
    except (UnknownLocaleError, ValueError):
        return False
    return bool(symbols.get("latn", {}).get("decimal") == ",")


def short_day(day: date, language: str, *, with_year: bool = False) -> str:
    """The day in a few characters as the language writes it; as English if it is not known.

    >>> short_day(date(2025, 11, 24), "en"), short_day(date(2025, 11, 24), "de", with_year=True)
    ('24 Nov', '24. Nov. 2025')
    """
    from babel.dates import format_skeleton

    return format_skeleton("yMMMd" if with_year else "MMMd", day, locale=_locale(language))


def long_day(day: date, language: str) -> str:
    """The day with the whole name of its month as the language writes it; as English if it is not
    known.

    >>> long_day(date(2025, 11, 24), "en"), long_day(date(2025, 11, 24), "pt-BR")
    ('24 November 2025', '24 de novembro de 2025')
    """
    from babel.dates import format_date

    return format_date(day, "long", locale=_locale(language))


def localized_number(number: float, language: str, decimals: int = 0) -> str:
    """The number with so many decimals, as the language (BCP 47) writes it.

    >>> localized_number(1200, "de"), localized_number(0.5, "fr", 2)
    ('1.200', '0,50')
    """
    from babel.numbers import format_decimal

    pattern = f"#,##0.{'0' * decimals}" if decimals else None
    return format_decimal(number, pattern, locale=_locale(language))


def _locale(language: str) -> "Locale":
    """Its locale in the CLDR; that of Great Britain if there is none."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse({"en": "en-GB"}.get(language, language), sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en", "GB")
