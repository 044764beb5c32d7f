"""Word pairs that perturbations swap, read from ``perturbation_words.toml``."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

__all__ = ["PerturbationWords", "perturbation_words"]


class PerturbationWords(NamedTuple):
    """Tables of words; ``directions`` and ``antonyms`` hold each pair both ways."""

    directions: Mapping[str, str]
    antonyms: Mapping[str, str]
    base_form_of_past: Mapping[str, str]
    auxiliaries: tuple[str, ...]
    number_words: tuple[str, ...]
    magnitudes: Mapping[str, tuple[str, ...]]
    units: Mapping[str, tuple[str, ...]]
    """Longest unit first."""


@cache
def perturbation_words() -> PerturbationWords:
    """The words that come with the package."""
    file = files("summarizer.evaluation").joinpath("perturbation_words.toml")
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return PerturbationWords(
        _both_ways(tables["directions"]),
        _both_ways(tables["antonyms"]),
        dict(_pairs(tables["past_tenses"])),
        tuple(tables["auxiliaries"].split()),
        tuple(tables["number_words"].split()),
        {word: tuple(others) for word, others in tables["magnitudes"].items()},
        {unit: tuple(others) for unit, others in tables["units"].items()},
    )


def _pairs(text: str) -> list[tuple[str, str]]:
    pairs = []
    for pair in text.split(","):
        one, other = pair.split()
        pairs.append((one, other))
    return pairs


def _both_ways(text: str) -> Mapping[str, str]:
    """Each word with its first partner."""
    partners: dict[str, str] = {}
    for one, other in _pairs(text):
        partners.setdefault(one, other)
        partners.setdefault(other, one)
    return partners
