"""Check of outcomes (killed, hurt, arrested): each needs a word of its field in the evidence.

A wrong outcome is the worst mistake, and a short sentence has little else to compare. The word
lists are wide, so evidence without any word of a field does not report that outcome.
"""

from collections.abc import Iterator, Sequence

from summarizer.checking.claims import Claim, Issue, Passage
from summarizer.text.aliases import Aliases
from summarizer.text.lexicon import any_of, lexicon
from summarizer.text.patterns import lazy_pattern
from summarizer.text.tokens import folded_words

__all__ = ["check_outcomes"]

_SIGNS_BY_WORD = {
    word: signs for words, signs in lexicon("en").outcomes.items() for word in words.split()
}
"""Words that tell an outcome, and the signs of it, "kill*" with any ending. Of the 2,847 supported
claims of the open sets two have none of the signs of what they tell, of the 7,595 unsupported ones
fifty."""


def check_outcomes(claim: Claim, passages: Sequence[Passage], _known: Aliases) -> Iterator[Issue]:
    """The words that tell an outcome of which the passages have no sign. English only."""
    if claim.language not in ("en", "und") or not passages:
        return
    for word in dict.fromkeys(folded_words(claim.text)):
        signs = _SIGNS_BY_WORD.get(word)
        if not signs:
            continue
        pattern = lazy_pattern(rf"\b{any_of(signs)}\b".replace("*", r"\w*"))
        if not any(pattern.search(passage.text.lower()) for passage in passages):
            yield Issue("support", word, "nothing like it in the cited passages")
