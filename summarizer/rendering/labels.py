"""The program's own words on a page, in the language of the briefing.

One file ``labels/<language>.toml`` holds every label of a language as a template; a test compares
its keys with those of English. So a page is either in the language of its briefing or in English,
and mixes the two only where a whole block, such as the findings, has English text.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from summarizer.text.languages import localized_number, long_day, short_day

_FOLDER = Path(__file__).with_suffix("")

LABELLED_LANGUAGES = frozenset(path.stem for path in _FOLDER.glob("*.toml"))
"""Languages (BCP 47) in which a page can be written."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one language. Called with a key and values, they return the text.

    A number is written as the language groups its digits. English puts the noun behind it in its
    plural (``{n:source}``). The templates of other languages put the number behind the noun,
    which then needs no plural.
    """

    language: str
    templates: Mapping[str, str]

    def __call__(self, key: str, **values: int | float | str | date) -> str:
        return self.templates[key].format(
            **{name: self._written(value) for name, value in values.items()}
        )

    def _written(self, value: int | float | str | date) -> "str | _Count":
        match value:
            case str():
                return value
            case date():
                return self.day(value)
            case float():
                return (
                    f"{value:.2f}" if self.is_english else localized_number(value, self.language, 2)
                )
            case _:
                return _Count(value, self.language)

    def translate(self, english: str) -> str:
        """The label whose English text this is; the text itself if it is none."""
        keys = (key for key, template in ENGLISH.templates.items() if template == english)
        return self.templates.get(next(keys, ""), english)

    @property
    def is_english(self) -> bool:
        return self.language == "en"

    def day(self, when: date) -> str:
        """The day with a short month."""
        if self.is_english:
            return format_day(when)
        return short_day(when, self.language, with_year=True)

    def long_day(self, when: date) -> str:
        """The day with the whole name of its month."""
        if self.is_english:
            return f"{when.day} {when:%B} {when.year}"
        return long_day(when, self.language)


@dataclass(frozen=True, slots=True)
class _Count:
    number: int
    language: str

    def __format__(self, noun: str) -> str:
        if noun:
            return pluralize(self.number, noun)
        if self.language == "en":
            return f"{self.number:,}"
        return localized_number(self.number, self.language)


def pluralize(number: int, noun: str) -> str:
    """``number`` with the English ``noun``, in the plural unless it is one.

    >>> pluralize(1, "story"), pluralize(1200, "story"), pluralize(2, "day")
    ('1 story', '1,200 stories', '2 days')
    """
    if number != 1:
        noun = f"{noun[:-1]}ies" if noun.endswith("ry") else f"{noun}s"
    return f"{number:,} {noun}"


def format_day(when: date) -> str:
    """A date that reads the same on both sides of the Atlantic: 5 Jun 2025."""
    return f"{when.day} {when:%b} {when.year}"


def format_minute(when: datetime) -> str:
    """A time to the minute, in UTC: 5 Jun 2025, 07:30."""
    return f"{format_day(when)}, {when.astimezone(UTC):%H:%M} UTC"


# Of constant size: one value for each file of the package.
@cache
def _read_labels(language: str) -> Labels:
    text = (_FOLDER / f"{language}.toml").read_text(encoding="utf-8")
    return Labels(language, tomllib.loads(text))


def find_labels(language: str) -> Labels:
    """The labels of a language (BCP 47), or of the language that it is a variety of, else English.

    >>> find_labels("pt-BR").language, find_labels("und").language
    ('pt', 'en')
    """
    parts = language.split("-")
    tags = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
    found = (_read_labels(tag) for tag in tags if tag in LABELLED_LANGUAGES)
    return next(found, None) or _read_labels("en")


ENGLISH = find_labels("en")
