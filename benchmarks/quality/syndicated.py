"""What editors do to a wire, and what a way through another language does: made-up copies.

None of these rules is known to the code that is measured: it looks at stems and their shares, these
exchange words, move clauses, cut and join sentences.
"""

import random
import re
from collections.abc import Callable, Sequence

__all__ = ["KINDS", "retranslated", "reworded"]

_EDITOR = {
    "killed": "left dead", "injured": "hurt", "announced": "made public", "began": "started",
    "children": "youngsters", "police": "officers", "about": "some", "after": "following",
    "because": "since", "several": "a number of", "many": "numerous", "also": "as well",
    "but": "yet", "told": "informed", "showed": "revealed", "near": "close to",
    "bought": "acquired", "people": "persons", "arrested": "taken into custody",
    "home": "house", "car": "vehicle", "big": "large", "huge": "enormous", "help": "assistance",
    "attack": "assault", "died": "perished", "death": "demise", "jail": "prison", "job": "post",
    "show": "programme", "movie": "film", "firm": "company", "company": "firm",
    "deal": "agreement", "plan": "scheme", "asked": "requested",
    "early": "in the early hours of", "according": "in line", "reported": "related",
    "damaged": "harmed", "destroyed": "wrecked", "hit": "struck", "left": "departed",
    "more than": "over", "at least": "no fewer than", "said": "stated", "says": "states",
}  # fmt: skip
_TRANSLATOR = {
    "the": "", "a": "one", "an": "one", "was": "has been", "were": "have been",
    "had": "possessed", "has": "does have", "who": "which", "will": "is going to",
    "would": "was going to", "can": "is able to", "could": "was able to",
    "must": "is obliged to", "first": "initial", "last": "final", "new": "novel",
    "old": "former", "year": "twelve-month", "month": "calendar month", "against": "versus",
    "before": "prior to", "during": "in the course of", "between": "amid",
    "through": "by way of", "against the": "versus the", "in": "within", "on": "upon",
    "to": "towards", "court": "tribunal", "judge": "magistrate", "lawyer": "advocate",
    "officials": "functionaries", "government": "cabinet", "fire": "blaze",
    "earthquake": "tremor", "quake": "tremor", "victims": "casualties", "building": "edifice",
    "buildings": "edifices", "school": "college", "hospital": "clinic", "game": "match",
    "team": "squad", "won": "gained", "win": "gain", "star": "celebrity", "actor": "performer",
    "actress": "performer", "ship": "vessel", "soldiers": "troops", "man": "gentleman",
    "woman": "lady", "city": "town", "night": "evening",
}  # fmt: skip

_TIME = re.compile(
    r"^(?P<head>[A-Z].{20,}?),? (?P<time>(?:on|last|this|late|early) (?:\w+day|week|month|year))"
    r"(?P<tail>[,.].*)?$",
    re.DOTALL,
)
_ADVERB = re.compile(
    r" (?!only|early|family|daily|weekly|reply|supply|apply|hardly|barely|nearly)[a-z]{3,}ly\b"
)
_QUOTED = re.compile("[\"“”]|''|(?<!\\w)['‘]")
_GENITIVE = re.compile(r"\b([A-Z]\w+)'s ((?:[a-z]+ ){0,1}[a-z]+)\b")
_JOINT = re.compile(r", (and|but|while|which) ")

Rewrite = Callable[[Sequence[str], random.Random], list[tuple[str, int]]]
"""Sentences -> sentences, each with the position of the one it came from."""


def reworded(sentence: str, chance: random.Random, share: float = 0.6) -> str:
    """Lightly: some words exchanged, the time moved to the front, adverbs dropped. What holds
    quoted words is left as it is, as are names."""
    if _QUOTED.search(sentence):
        return sentence
    sentence = _exchanged(sentence, _EDITOR, chance, share)
    if (found := _TIME.match(sentence)) and chance.random() < share:
        head, tail = found["head"], found["tail"] or "."
        front = found["time"][0].upper() + found["time"][1:]
        sentence = f"{front}, {head}{tail}"
    return _ADVERB.sub("", sentence)


def retranslated(sentence: str, chance: random.Random) -> str:
    """Through another language and back: function words, many nouns and the genitives differ."""
    sentence = _exchanged(reworded(sentence, chance, 0.9), _TRANSLATOR, chance, 0.8)
    return _GENITIVE.sub(r"the \2 of \1", sentence)


def _exchanged(text: str, table: dict[str, str], chance: random.Random, share: float) -> str:
    def exchange(found: re.Match[str]) -> str:
        other = table.get(found[0].lower())
        named = found[0][0].isupper() and found.start() > 0
        if other is None or named or chance.random() > share:
            return found[0]
        return other.capitalize() if found[0][0].isupper() else other

    return re.sub(r" {2,}", " ", re.sub(r"more than|at least|\w+", exchange, text)).strip()


def _verbatim(sentences: Sequence[str], _: random.Random) -> list[tuple[str, int]]:
    return [(text, n) for n, text in enumerate(sentences)]


def _trimmed(sentences: Sequence[str], chance: random.Random) -> list[tuple[str, int]]:
    most = max(3, round(len(sentences) * chance.uniform(0.3, 0.7)))
    return _verbatim(sentences[:most], chance)


def _reordered(sentences: Sequence[str], chance: random.Random) -> list[tuple[str, int]]:
    numbered = _verbatim(sentences, chance)
    return chance.sample(numbered, len(numbered))


def _reworded(sentences: Sequence[str], chance: random.Random) -> list[tuple[str, int]]:
    return [(reworded(text, chance), n) for n, text in enumerate(sentences)]


def _retranslated(sentences: Sequence[str], chance: random.Random) -> list[tuple[str, int]]:
    """Long sentences are cut at a joint, too."""
    made = []
    for n, text in enumerate(sentences):
        parts = _JOINT.split(retranslated(text, chance), maxsplit=1)
        if len(parts) == 3 and min(len(parts[0]), len(parts[2])) > 40:
            made += [(f"{parts[0]}.", n), (parts[2][0].upper() + parts[2][1:], n)]
        else:
            made.append((retranslated(text, chance), n))
    return made


KINDS: dict[str, Rewrite] = {
    "verbatim": _verbatim,
    "trimmed": _trimmed,
    "re-ordered": _reordered,
    "lightly re-worded": _reworded,
    "translated back": _retranslated,
}
