"""What languages are called when a model is asked to write in one."""

from collections.abc import Mapping

__all__ = ["LANGUAGES", "called"]

LANGUAGES: Mapping[str, str] = dict(
    pair.split("=")
    for pair in """ar=Arabic bg=Bulgarian bn=Bengali ca=Catalan cs=Czech da=Danish de=German
    el=Greek en=English es=Spanish et=Estonian fa=Persian fi=Finnish fr=French he=Hebrew hi=Hindi
    hr=Croatian hu=Hungarian hy=Armenian id=Indonesian it=Italian ja=Japanese ka=Georgian ko=Korean
    lt=Lithuanian lv=Latvian nl=Dutch no=Norwegian pl=Polish pt=Portuguese ro=Romanian ru=Russian
    sk=Slovak sl=Slovenian sr=Serbian sv=Swedish sw=Swahili ta=Tamil te=Telugu th=Thai tr=Turkish
    uk=Ukrainian ur=Urdu vi=Vietnamese zh=Chinese""".split()
)
"""ISO 639-1 code -> English name."""


def called(code: str) -> str:
    """The English name of a language code.

    >>> called("uk"), called("und")
    ('Ukrainian', 'the language of the articles')
    """
    return LANGUAGES.get(code, "the language of the articles")
