"""Check of the quoted words of a claim: they are in a passage word for word."""

import re
from collections.abc import Iterator, Sequence

from summarizer.checking.claims import Claim, Issue, Passage, quotations_in
from summarizer.text.aliases import Aliases
from summarizer.text.quotes import nearest_wording, occurs_verbatim

__all__ = ["check_quotations"]

_INSERTION = re.compile(r"\s*\[[^\[\]]{1,60}\]\s*")
"""What an editor put into the words of a quotation; a claim may leave it out."""


def check_quotations(claim: Claim, passages: Sequence[Passage], _known: Aliases) -> Iterator[Issue]:
    """Quoted words that are in no passage."""
    texts = [passage.text for passage in passages]
    texts += [_INSERTION.sub(" ", text) for text in texts if "[" in text]
    for quotation in quotations_in(claim):
        if any(occurs_verbatim(quotation.text, text) for text in texts):
            continue
        near = next(filter(None, (nearest_wording(quotation.text, p.text) for p in passages)), "")
        detail = "not words of the cited passages" + (f"; there: {near}" if near else "")
        yield Issue("quote", quotation.text, detail)
