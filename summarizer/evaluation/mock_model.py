"""The mocked model of a case: its scripted replies, with the citation keys of the actual prompt.

A scripted reply names words of the passages it cites; their keys are looked up in the request. So a
prompt file may change without making replies invalid.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from summarizer import errors
from summarizer.errors import ModelError, SettingsError
from summarizer.evaluation.schema import (
    FactsReply,
    JudgeReply,
    LineReply,
    Replies,
    ScriptedFact,
    ScriptedLine,
    WriteReply,
    normalize_words,
)
from summarizer.models import replay
from summarizer.models.protocol import CompletionRequest
from summarizer.text.sentences import split_sentences
from summarizer.text.tokens import folded_words

__all__ = ["MOCK_JUDGE_NAME", "MOCK_WRITER_NAME", "MockScript", "shown_passages"]

MOCK_WRITER_NAME = "scripted/model"
"""What the mocked model is called in a briefing."""

MOCK_JUDGE_NAME = "scripted/judge"

AnyStepReply = FactsReply | WriteReply | LineReply | JudgeReply

_ARTICLE_BLOCK = re.compile(r"^<(article-\w+)>\n.*?^</\1>", re.DOTALL | re.MULTILINE)
_KEYED_PASSAGE = re.compile(r"^⟦(\w+)⟧ (.*?)(?=^⟦|^</)", re.DOTALL | re.MULTILINE)

MIN_FACT_WORDS = 3
"""Words of a sentence that can be a fact by itself; see `summarizer.writing.facts`."""


class MockScript:
    """Answers each question with the first of its step's replies that fits; each one once.

    To be given to `ScriptedModel`. Raises SettingsError for a question without a reply.
    """

    def __init__(self, replies: Replies) -> None:
        self._left: dict[str, list[AnyStepReply]] = {
            step: list(given)
            for step in ("facts", "write", "repair", "judge")
            if not isinstance(given := getattr(replies, step), str)
        }
        self._rules: Mapping[str, str] = {
            step: given
            for step in ("facts", "write", "repair", "judge")
            if isinstance(given := getattr(replies, step), str)
        }

    def __call__(self, request: CompletionRequest) -> replay.ScriptedReply:
        """The reply to a question."""
        asked = request.messages[1].text
        shown = shown_passages(asked)
        if rule := self._rules.get(request.step):
            return json.dumps(_REPLY_RULES[request.step, rule](shown), ensure_ascii=False)
        left = self._left[request.step]
        for at, reply in enumerate(left):
            if _fits_question(reply, asked, shown):
                return _scripted_reply(left.pop(at), shown)
        raise SettingsError(self._lacking(request.step, asked))

    def unused_replies(self) -> list[str]:
        """One line for each reply that nobody asked for."""
        return [
            f"a reply for the step {step!r} was never asked for: {_short_json(reply)}"
            for step, left in self._left.items()
            for reply in left
        ]

    def _lacking(self, step: str, asked: str) -> str:
        if not self._left[step]:
            return f"the step {step!r} is asked, and has no reply left; it asks: {_excerpt(asked)}"
        missing = [words for reply in self._left[step] for words in _anchor_words(reply)]
        absent = [
            words for words in missing if normalize_words(words) not in normalize_words(asked)
        ]
        why = f"; not shown: {absent[0]!r}" if absent else ""
        return f"no reply for the step {step!r} fits what it asks: {_excerpt(asked)}{why}"


def shown_passages(asked: str) -> Mapping[str, str]:
    """Citation key -> passage, of all the articles that a question shows."""
    return {
        found[1]: found[2].strip()
        for block in _ARTICLE_BLOCK.finditer(asked)
        for found in _KEYED_PASSAGE.finditer(block[0])
    }


def _excerpt(asked: str) -> str:
    """What a question is about, in a few words: the sentence or claim, else its first passage."""
    block = re.search(r"^<(?:sentence|claim)-\w+>\n(.*?)\n</", asked, re.DOTALL | re.MULTILINE)
    told = block[1] if block else next(iter(shown_passages(asked).values()), asked)
    return repr(told[:60])


def _fits_question(reply: AnyStepReply, asked: str, shown: Mapping[str, str]) -> bool:
    """Whether the question holds the words of ``when``, and its passages all that is cited."""
    if normalize_words(reply.when) not in normalize_words(asked):
        return False
    texts = [normalize_words(text) for text in shown.values()]
    return all(
        any(normalize_words(words) in text for text in texts) for words in _anchor_words(reply)
    )


def _anchor_words(reply: AnyStepReply) -> Iterator[str]:
    """The words of passages that a reply rests on."""
    if isinstance(reply, FactsReply):
        yield from (fact.at or fact.quote for fact in reply.facts if fact.key is None)
    elif isinstance(reply, WriteReply):
        sides = (side for dispute in reply.disagreements for side in dispute.sides)
        for line in (reply.headline, *reply.sentences, *sides):
            yield from line.at if line else ()
    elif isinstance(reply, LineReply):
        yield from reply.at


def _short_json(reply: AnyStepReply) -> str:
    said = reply.model_dump_json(exclude_defaults=True)
    return said if len(said) <= 80 else f"{said[:79]}…"


def _scripted_reply(reply: AnyStepReply, shown: Mapping[str, str]) -> replay.ScriptedReply:
    if reply.fails is not None:
        kind: type[ModelError] = getattr(errors, reply.fails)
        return kind("fails as the suite says", subject=MOCK_WRITER_NAME)
    if reply.raw is not None:
        return reply.raw
    return json.dumps(_reply_object(reply, shown), ensure_ascii=False)


def _reply_object(reply: AnyStepReply, shown: Mapping[str, str]) -> object:
    """The reply in the form that its step demands."""
    if isinstance(reply, FactsReply):
        return {"facts": [_fact_object(fact, shown) for fact in reply.facts]}
    if isinstance(reply, WriteReply):
        return {
            "headline": _line_object(reply.headline or ScriptedLine(text=""), shown),
            "sentences": [_line_object(line, shown) for line in reply.sentences],
            "disagreements": [
                {"about": each.about, "sides": [_line_object(side, shown) for side in each.sides]}
                for each in reply.disagreements
            ],
        }
    if isinstance(reply, LineReply):
        return _line_object(
            ScriptedLine(text=reply.text or "", at=reply.at, keys=reply.keys), shown
        )
    return {"reason": reply.reason, "missing": reply.missing, "verdict": reply.verdict}


def _fact_object(fact: ScriptedFact, shown: Mapping[str, str]) -> object:
    key = fact.key if fact.key is not None else _passage_key(fact.at or fact.quote, shown)
    return {"key": key, "quote": fact.quote, "fact": fact.fact or fact.quote}


def _line_object(line: ScriptedLine, shown: Mapping[str, str]) -> object:
    return {
        "text": line.text,
        "keys": [*(_passage_key(words, shown) for words in line.at), *line.keys],
    }


def _passage_key(words: str, shown: Mapping[str, str]) -> str:
    """The key of the first passage that holds the words."""
    return next(
        key for key, text in shown.items() if normalize_words(words) in normalize_words(text)
    )


def _verbatim_facts(shown: Mapping[str, str]) -> object:
    """Every sentence of every passage as a fact, letter by letter."""
    facts = [
        {"key": key, "quote": said, "fact": said}
        for key, text in shown.items()
        for said in _long_sentences(text)
    ]
    return {"facts": facts}


def _verbatim_story(shown: Mapping[str, str]) -> object:
    """Every sentence of every passage; the first is the headline too, if it is the only one."""
    lines = [
        {"text": said, "keys": [key]}
        for key, text in shown.items()
        for said in _long_sentences(text) or [text]
    ]
    return {"headline": lines[0], "sentences": lines[1:] or lines}


def _long_sentences(text: str) -> Sequence[str]:
    parts = [text[slice(*span)] for span in split_sentences(text)]
    return [part for part in parts if len(folded_words(part)) >= MIN_FACT_WORDS]


def _constant_verdict(verdict: str) -> object:
    missing: Iterable[str] = () if verdict == "supported" else ("all of it",)
    reason = f"The suite's judge calls everything {verdict}."
    return {"reason": reason, "missing": list(missing), "verdict": verdict}


_REPLY_RULES: Mapping[tuple[str, str], Callable[[Mapping[str, str]], object]] = {
    ("facts", "verbatim"): _verbatim_facts,
    ("write", "verbatim"): _verbatim_story,
    ("repair", "nothing"): lambda _: {"text": "", "keys": []},
    ("judge", "supported"): lambda _: _constant_verdict("supported"),
    ("judge", "unsupported"): lambda _: _constant_verdict("unsupported"),
}
