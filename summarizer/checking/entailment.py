"""Whether the sentences of some evidence entail a claim, as a model on this machine reads them.

claim + sentences
| windows   as many sentences as the model reads at once, each overlapping the one before by half
| read      every window beside the claim
| join      where no window entails it: the sentences that together hold the claim's words
-> entailed, neutral, contradicted

Nothing is cut. A sentence that is longer than the window is divided at the clause or word nearest
to its middle, and its parts are read as sentences. A claim that leaves no room for evidence is read
as neutral, as is one without evidence.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from summarizer.checking.calibration import Calibration, read_calibration
from summarizer.checking.cross_encoder import (
    CrossEncoder,
    Label,
    ModelFiles,
    find_model_files,
    open_cross_encoder,
)
from summarizer.text.tokens import stems

DEFAULT_THREADS = 2
"""Threads of one model."""

MIN_PREMISE_TOKENS = 32
"""Tokens that a claim must leave for its evidence: those of one ordinary sentence."""

MAX_REMEMBERED_QUESTIONS = 20_000
"""Readings that a model keeps; 100 bytes each besides their texts."""


class Entailment(NamedTuple):
    """What a model makes of a claim. The probabilities add up to 1; ``contradicted`` is None where
    the model has two labels and cannot tell it from ``neutral``."""

    entailed: float
    neutral: float
    contradicted: float | None


class PairTooLong(ValueError):
    """A pair of texts has more tokens than the model's window."""


class EntailmentModel:
    """An open model, safe to use from several threads. ``name``: of its folder or file;
    ``window_tokens``: most tokens of evidence and claim that it reads at once; ``labels``: in the
    order of its outputs; ``calibration``: what it may decide, None where it was not measured."""

    def __init__(self, encoder: CrossEncoder, calibration: Calibration | None = None) -> None:
        self.name = encoder.name
        self.calibration = calibration
        self.window_tokens = encoder.window_tokens
        self.labels: tuple[Label, ...] = encoder.labels
        self._encoder = encoder
        self._read = lru_cache(MAX_REMEMBERED_QUESTIONS)(self._read_windows)

    def read_pairs(self, pairs: Sequence[tuple[str, str]]) -> list[Entailment]:
        """The reading of each pair of a premise and a hypothesis, in their order.

        Raises PairTooLong where one does not fit the window.
        """
        tokens = [self._encoder.encode(premise, hypothesis) for premise, hypothesis in pairs]
        for (premise, _), each in zip(pairs, tokens, strict=True):
            if len(each.ids) > self.window_tokens:
                raise PairTooLong(
                    f"{len(each.ids)} tokens are more than the {self.window_tokens} of"
                    f" {self.name}: “{premise[:40]}…”"
                )
        return [self._as_entailment(row) for row in self._encoder.probabilities(tokens)]

    def read(self, claim: str, sentences: Sequence[str]) -> Entailment:
        """The reading of a claim beside the sentences of its evidence, as the module describes it.

        ``entailed`` is the highest of any reading, ``contradicted`` the highest of any in which the
        claim is not rather entailed.
        """
        return self._read(claim, tuple(sentences))

    def _read_windows(self, claim: str, sentences: tuple[str, ...]) -> Entailment:
        room = self._room(claim)
        if room < MIN_PREMISE_TOKENS:
            return self._best([])
        fits = self._fits(room)
        parts = [part for each in sentences for part in _divided(each.strip(), fits)]
        windows = self._windows(parts, room)
        readings = self.read_pairs([(window, claim) for window in windows])
        if len(windows) > 1 and max(each.entailed for each in readings) <= 0.5:
            joined = " ".join(_sentences_with_words(claim, parts, fits))
            if joined not in windows:
                readings += self.read_pairs([(joined, claim)])
        return self._best(readings)

    def _room(self, claim: str) -> int:
        """Tokens of the window that are left beside a claim."""
        taken = self._encoder.count_tokens(claim) + self._encoder.special_tokens
        return self.window_tokens - taken

    def _fits(self, room: int) -> Callable[[str], bool]:
        return lambda text: self._encoder.count_tokens(text) <= room

    def _windows(self, parts: Sequence[str], room: int) -> list[str]:
        """The evidence in overlapping windows of whole sentences, of at most ``room`` tokens."""
        # A joined sentence can take one more token than it does alone.
        sizes = [self._encoder.count_tokens(part) + 1 for part in parts]
        windows = []
        start = end = 0
        while end < len(parts):
            end = max(_last_within(sizes, start, room + 1), start + 1)
            windows.append(" ".join(parts[start:end]))
            half = sum(sizes[start:end]) / 2
            start = min(max(_last_within(sizes, start, half), start + 1), end)
        return windows

    def _as_entailment(self, row: Sequence[float]) -> Entailment:
        by_label = dict(zip(self.labels, row, strict=True))
        entailed, contradicted = by_label["entailed"], by_label.get("contradicted")
        return Entailment(entailed, 1 - entailed - (contradicted or 0.0), contradicted)

    def _best(self, readings: Sequence[Entailment]) -> Entailment:
        """Several readings as one; none at all is neutral."""
        entailed = max((each.entailed for each in readings), default=0.0)
        if "contradicted" not in self.labels:
            return Entailment(entailed, 1 - entailed, None)
        against = [each.contradicted or 0.0 for each in readings]
        contradicted = max(
            (n for n, each in zip(against, readings, strict=True) if n >= each.entailed),
            default=min(against, default=0.0),
        )
        contradicted = min(contradicted, 1 - entailed)
        return Entailment(entailed, 1 - entailed - contradicted, contradicted)


def _last_within(sizes: Sequence[int], start: int, limit: float) -> int:
    """The end of the longest run of items from ``start`` whose sizes add up to at most
    ``limit``."""
    end, total = start, 0
    while end < len(sizes) and total + sizes[end] <= limit:
        total += sizes[end]
        end += 1
    return end


_CLAUSE_BREAKS = re.compile(r"(?<=[,;:])\s+|\s+(?=[–—]\s)")
_WORD_BREAKS = re.compile(r"\s+")


def _divided(sentence: str, fits: Callable[[str], bool]) -> Iterator[str]:
    """The sentence, or parts of it that fit: divided at the clause nearest to its middle, else at
    the word, else between two characters."""
    if not sentence or fits(sentence):
        yield from [sentence] if sentence else []
        return
    middle = len(sentence) // 2
    for pattern in (_CLAUSE_BREAKS, _WORD_BREAKS):
        breaks = [found.start() for found in pattern.finditer(sentence)]
        # Near an end it would cut off a word or two, which say little alone.
        breaks = [at for at in breaks if middle / 2 <= at <= middle * 1.5]
        if breaks:
            middle = min(breaks, key=lambda at: abs(at - middle))
            break
    for half in (sentence[:middle], sentence[middle:]):
        yield from _divided(half.strip(), fits)


def _sentences_with_words(
    claim: str, parts: Sequence[str], fits: Callable[[str], bool]
) -> list[str]:
    """The fewest parts, in their order, that together hold as many words of the claim as fit."""
    missing = set(stems(claim))
    by_part = [set(stems(part)) for part in parts]
    chosen: list[int] = []
    while missing:
        best = max(range(len(parts)), key=lambda index: len(missing & by_part[index]))
        joined = [parts[index] for index in sorted([*chosen, best])]
        if not missing & by_part[best] or not fits(" ".join(joined)):
            break
        chosen.append(best)
        missing -= by_part[best]
    return [parts[index] for index in sorted(chosen)]


_OPENING = Lock()


def open_entailment_model(path: Path, threads: int = DEFAULT_THREADS) -> EntailmentModel:
    """The model at ``path``, a folder or an ``.onnx`` file, with its calibration; the same one
    whenever it is asked for.

    Raises SettingsError where the path holds no model that tells entailment, or where the extra
    ``nli`` is not installed.
    """
    with _OPENING:
        files = find_model_files(path.expanduser().resolve())
        return _opened(files, threads, read_calibration(files), os.getpid())


def open_named_model(path: Path | None) -> EntailmentModel | None:
    """The model that a setting names; None where it names none. Raises SettingsError."""
    return open_entailment_model(path) if path else None


# As many as the models that are named, and once more after one was calibrated; a forked process
# cannot use the session of its parent.
@cache
def _opened(
    files: ModelFiles, threads: int, calibration: Calibration | None, _process: int
) -> EntailmentModel:
    return EntailmentModel(open_cross_encoder(files, threads), calibration)
