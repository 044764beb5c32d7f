"""Checks of quotations: what a claim quotes is in a passage word for word, and what a passage only
quotes, doubts or takes back is not claimed as its own."""

import re
from collections.abc import Iterator, Sequence

from summarizer.briefing import FindingKind
from summarizer.checking.claims import Claim, Issue, Passage, quotations_in
from summarizer.checking.restatement import repeated_sentences
from summarizer.text.aliases import Aliases
from summarizer.text.framing import FrameKind, says_frame
from summarizer.text.quotes import nearest_wording, occurs_verbatim

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


_FRAME_DETAILS: dict[FrameKind, tuple[FindingKind, str]] = {
    "quoted": ("speaker", "the source quotes it"),
    "doubted": ("status", "the source puts it under a line that doubts it"),
    "taken_back": ("status", "the source takes it back"),
}


def check_frames(claim: Claim, passages: Sequence[Passage], _known: Aliases) -> Iterator[Issue]:
    """Sentences of the claim that repeat only what the passages quote, doubt or take back, and do
    not say so."""
    for repeated in repeated_sentences(claim, passages):
        frame = repeated.frames[0]
        if frame is None or None in repeated.frames or claim.frame:
            continue
        if not (quotations_in(claim) or says_frame(claim.text, frame.kind, claim.language)):
            kind, detail = _FRAME_DETAILS[frame.kind]
            there = f"; there: “{' '.join(frame.text.split())}”" if frame.text else ""
            yield Issue(kind, claim.text, detail + there, False, "doubt")
