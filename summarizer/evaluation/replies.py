"""The mocked model of a case: its replies, with the keys that the prompt of the moment gives.

A reply names words of the passages that it rests on; which key they have is read from the question.
So a prompt file may change, and no reply is orphaned.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from summarizer import errors
from summarizer.errors import ModelError, SettingsError
from summarizer.evaluation.forms import (
    FactsReply,
    JudgeReply,
    Line,
    LineReply,
    Replies,
    StatedFact,
    WriteReply,
)
from summarizer.evaluation.words import plain
from summarizer.models import scripted
from summarizer.models.port import Request
from summarizer.text.sentences import split
from summarizer.text.tokens import words

__all__ = ["JUDGE", "NAME", "Script", "passages"]

NAME = "scripted/model"
"""What the mocked model is called in a briefing."""

JUDGE = "scripted/judge"

Reply = FactsReply | WriteReply | LineReply | JudgeReply

_BLOCK = re.compile(r"^<(article-\w+)>\n.*?^</\1>", re.DOTALL | re.MULTILINE)
_PASSAGE = re.compile(r"^⟦(\w+)⟧ (.*?)(?=^⟦|^</)", re.DOTALL | re.MULTILINE)

SHORTEST = 3
"""Words of a sentence that can be a fact by itself; see `summarizer.writing.facts`."""


class Script:
    """Answers each question with the first of its step's replies that fits; each one once.

    To be given to `ScriptedModel`. Raises SettingsError for a question without a reply.
    """

    def __init__(self, replies: Replies) -> None:
        self._left: dict[str, list[Reply]] = {
            step: list(given)
            for step in ("facts", "write", "repair", "judge")
            if not isinstance(given := getattr(replies, step), str)
        }
        self._rules: Mapping[str, str] = {
            step: given
            for step in ("facts", "write", "repair", "judge")
            if isinstance(given := getattr(replies, step), str)
        }

    def __call__(self, request: Request) -> scripted.Reply:
        """The reply to a question."""
        asked = request.messages[1].text
        shown = passages(asked)
        if rule := self._rules.get(request.step):
            return json.dumps(_RULES[request.step, rule](shown), ensure_ascii=False)
        left = self._left[request.step]
        for at, reply in enumerate(left):
            if _fits(reply, asked, shown):
                return _said(left.pop(at), shown)
        raise SettingsError(self._lacking(request.step, asked))

    def unasked(self) -> list[str]:
        """One line for each reply that nobody asked for."""
        return [
            f"a reply for the step {step!r} was never asked for: {_shortly(reply)}"
            for step, left in self._left.items()
            for reply in left
        ]

    def _lacking(self, step: str, asked: str) -> str:
        if not self._left[step]:
            return f"the step {step!r} is asked, and has no reply left; it asks: {_about(asked)}"
        missing = [words for reply in self._left[step] for words in _anchors(reply)]
        absent = [words for words in missing if plain(words) not in plain(asked)]
        why = f"; not shown: {absent[0]!r}" if absent else ""
        return f"no reply for the step {step!r} fits what it asks: {_about(asked)}{why}"


def passages(asked: str) -> Mapping[str, str]:
    """Citation key -> passage, of all the articles that a question shows."""
    return {
        found[1]: found[2].strip()
        for block in _BLOCK.finditer(asked)
        for found in _PASSAGE.finditer(block[0])
    }


def _about(asked: str) -> str:
    """What a question is about, in a few words: the sentence or claim, else its first passage."""
    block = re.search(r"^<(?:sentence|claim)-\w+>\n(.*?)\n</", asked, re.DOTALL | re.MULTILINE)
    told = block[1] if block else next(iter(passages(asked).values()), asked)
    return repr(told[:60])


def _fits(reply: Reply, asked: str, shown: Mapping[str, str]) -> bool:
    """Whether the question holds the words of ``when``, and its passages all that is cited."""
    if plain(reply.when) not in plain(asked):
        return False
    texts = [plain(text) for text in shown.values()]
    return all(any(plain(words) in text for text in texts) for words in _anchors(reply))


def _anchors(reply: Reply) -> Iterator[str]:
    """The words of passages that a reply rests on."""
    if isinstance(reply, FactsReply):
        yield from (fact.at or fact.quote for fact in reply.facts if fact.key is None)
    elif isinstance(reply, WriteReply):
        sides = (side for dispute in reply.disagreements for side in dispute.sides)
        for line in (reply.headline, *reply.sentences, *sides):
            yield from line.at if line else ()
    elif isinstance(reply, LineReply):
        yield from reply.at


def _shortly(reply: Reply) -> str:
    said = reply.model_dump_json(exclude_defaults=True)
    return said if len(said) <= 80 else f"{said[:79]}…"


def _said(reply: Reply, shown: Mapping[str, str]) -> scripted.Reply:
    if reply.fails is not None:
        kind: type[ModelError] = getattr(errors, reply.fails)
        return kind("fails as the suite says", subject=NAME)
    if reply.raw is not None:
        return reply.raw
    return json.dumps(_form(reply, shown), ensure_ascii=False)


def _form(reply: Reply, shown: Mapping[str, str]) -> object:
    """The reply in the form that its step demands."""
    if isinstance(reply, FactsReply):
        return {"facts": [_fact(fact, shown) for fact in reply.facts]}
    if isinstance(reply, WriteReply):
        return {
            "headline": _line(reply.headline or Line(text=""), shown),
            "sentences": [_line(line, shown) for line in reply.sentences],
            "disagreements": [
                {"about": each.about, "sides": [_line(side, shown) for side in each.sides]}
                for each in reply.disagreements
            ],
        }
    if isinstance(reply, LineReply):
        return _line(Line(text=reply.text or "", at=reply.at, keys=reply.keys), shown)
    return {"reason": reply.reason, "missing": reply.missing, "verdict": reply.verdict}


def _fact(fact: StatedFact, shown: Mapping[str, str]) -> object:
    key = fact.key if fact.key is not None else _key(fact.at or fact.quote, shown)
    return {"key": key, "quote": fact.quote, "fact": fact.fact or fact.quote}


def _line(line: Line, shown: Mapping[str, str]) -> object:
    return {"text": line.text, "keys": [*(_key(words, shown) for words in line.at), *line.keys]}


def _key(words: str, shown: Mapping[str, str]) -> str:
    """The key of the first passage that holds the words."""
    return next(key for key, text in shown.items() if plain(words) in plain(text))


def _facts_of(shown: Mapping[str, str]) -> object:
    """Every sentence of every passage as a fact, letter by letter."""
    facts = [
        {"key": key, "quote": said, "fact": said}
        for key, text in shown.items()
        for said in _sentences(text)
    ]
    return {"facts": facts}


def _story_of(shown: Mapping[str, str]) -> object:
    """Every sentence of every passage; the first is the headline too, if it is the only one."""
    lines = [
        {"text": said, "keys": [key]}
        for key, text in shown.items()
        for said in _sentences(text) or [text]
    ]
    return {"headline": lines[0], "sentences": lines[1:] or lines}


def _sentences(text: str) -> Sequence[str]:
    parts = [text[slice(*span)] for span in split(text)]
    return [part for part in parts if len(words(part)) >= SHORTEST]


def _verdict_of(verdict: str) -> object:
    missing: Iterable[str] = () if verdict == "supported" else ("all of it",)
    reason = f"The suite's judge calls everything {verdict}."
    return {"reason": reason, "missing": list(missing), "verdict": verdict}


_RULES: Mapping[tuple[str, str], Callable[[Mapping[str, str]], object]] = {
    ("facts", "verbatim"): _facts_of,
    ("write", "verbatim"): _story_of,
    ("repair", "nothing"): lambda _: {"text": "", "keys": []},
    ("judge", "supported"): lambda _: _verdict_of("supported"),
    ("judge", "unsupported"): lambda _: _verdict_of("unsupported"),
}
