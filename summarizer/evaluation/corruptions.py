"""The fifteen kinds of mistakes, and the candidates of each for one sentence.

None changes nothing, and none says what the cited words still say.
"""

from collections.abc import Iterator, Mapping
from typing import Literal

from summarizer.evaluation.mistakes import citing, figures, naming, wording
from summarizer.evaluation.mistakes.made import Corrupted, Maker
from summarizer.evaluation.samples import Library, Sample

__all__ = ["KINDS", "Kind", "corruptions"]

Kind = Literal[
    "number", "magnitude", "unit", "date", "name of the source", "name from elsewhere", "negation",
    "antonym", "direction", "speaker", "quoted word", "swapped names", "added clause",
    "wrong citation", "wrong passage",
]  # fmt: skip

KINDS: Mapping[Kind, Maker] = {
    "number": figures.numbers,
    "magnitude": figures.magnitudes,
    "unit": figures.units,
    "date": figures.dates,
    "name of the source": naming.names_within,
    "name from elsewhere": naming.names_elsewhere,
    "negation": wording.negations,
    "antonym": wording.antonyms,
    "direction": wording.directions,
    "speaker": naming.speakers,
    "quoted word": wording.quoted,
    "swapped names": naming.swapped,
    "added clause": wording.clauses,
    "wrong citation": citing.citations,
    "wrong passage": citing.passages,
}

_WORDLESS = frozenset({"number", "date", "quoted word", "wrong citation", "wrong passage"})


def corruptions(sample: Sample, library: Library) -> Iterator[tuple[Kind, Iterator[Corrupted]]]:
    """Each kind with its candidates; those that turn words only where the sentence is English."""
    english = sample.claim.language in ("en", "und")
    for kind, make in KINDS.items():
        if english or kind in _WORDLESS:
            yield kind, (made for made in make(sample, library) if _differs(made, sample))


def _differs(made: Corrupted, sample: Sample) -> bool:
    """Whether it is another sentence, and none that the cited words say."""
    plain = " ".join(made.text.split())
    said = any(plain.rstrip(".") in " ".join(p.text.split()) for p in made.passages)
    return not said and (made.text != sample.claim.text or made.passages != sample.passages)
