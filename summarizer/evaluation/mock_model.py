"""The mocked model of a case: its scripted replies, with the citation keys of the actual prompt.

A scripted reply names words of the passages it cites; their keys are looked up in the request. So a
prompt file may change without making replies invalid.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from summarizer import errors
from summarizer.errors import ModelError, SettingsError
from summarizer.evaluation.schema import (
    FactsReply,
    JudgeReply,
    LineReply,
    Replies,
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
"""The writer's name in a briefing."""

MOCK_JUDGE_NAME = "scripted/judge"

MIN_FACT_WORDS = 3
"""Words of a sentence that can be a fact; see `summarizer.writing.facts`."""

AnyStepReply = FactsReply | WriteReply | LineReply | JudgeReply
Passages = Mapping[str, str]
"""Citation key -> passage."""

_ARTICLE_BLOCK = re.compile(r"^<(article-\w+)>\n.*?^</\1>", re.DOTALL | re.MULTILINE)
_KEYED_PASSAGE = re.compile(r"^⟦(\w+)⟧ (.*?)(?=^⟦|^</)", re.DOTALL | re.MULTILINE)
_CHECKED_SENTENCE = re.compile(r"^<(?:sentence|claim)-\w+>\n(.*?)\n</", re.DOTALL | re.MULTILINE)


class MockScript:
    """Answers each question with the first of its step's replies that fits; each one once.

    To be given to `ScriptedModel`. Raises SettingsError for a question without a reply.
    """

    def __init__(self, replies: Replies) -> None:
        given = {name: getattr(replies, name) for name in Replies.model_fields}
        self._rules: Mapping[str, str] = {
            step: each for step, each in given.items() if isinstance(each, str)
        }
        self._left: dict[str, list[AnyStepReply]] = {
            step: list(each) for step, each in given.items() if step not in self._rules
        }

    def __call__(self, request: CompletionRequest) -> replay.ScriptedReply:
        """The reply to a question."""
        question, step = request.messages[1].text, request.step
        shown = shown_passages(question)
        if rule := self._rules.get(step):
            return json.dumps(_REPLY_RULES[step, rule](shown), ensure_ascii=False)
        normalized = {key: normalize_words(text) for key, text in shown.items()}
        asked = normalize_words(question)
        for index, reply in enumerate(self._left[step]):
            if normalize_words(reply.when) in asked and all(
                _key_of(words, normalized) for words in _anchor_words(reply)
            ):
                return _scripted_reply(self._left[step].pop(index), normalized)
        raise SettingsError(self._no_reply_message(step, question, shown))

    def unused_replies(self) -> list[str]:
        """One line for each reply that no step asked for."""
        lines = []
        for step, replies in self._left.items():
            for reply in replies:
                text = reply.model_dump_json(exclude_defaults=True)
                short = text if len(text) <= 80 else f"{text[:79]}…"
                lines.append(f"a reply for the step {step!r} was never asked for: {short}")
        return lines

    def _no_reply_message(self, step: str, question: str, shown: Passages) -> str:
        checked = _CHECKED_SENTENCE.search(question)
        excerpt = repr((checked[1] if checked else next(iter(shown.values()), question))[:60])
        if not self._left[step]:
            return f"the step {step!r} is asked, and has no reply left; it asks: {excerpt}"
        absent = [
            words
            for reply in self._left[step]
            for words in _anchor_words(reply)
            if normalize_words(words) not in normalize_words(question)
        ]
        reason = f"; not shown: {absent[0]!r}" if absent else ""
        return f"no reply for the step {step!r} fits what it asks: {excerpt}{reason}"


def shown_passages(question: str) -> Passages:
    """The passages of all the articles that a question shows."""
    return {
        match[1]: match[2].strip()
        for block in _ARTICLE_BLOCK.finditer(question)
        for match in _KEYED_PASSAGE.finditer(block[0])
    }


def _key_of(words: str, normalized: Passages) -> str:
    """The key of the first passage that holds the words; empty if there is none."""
    wanted = normalize_words(words)
    return next((key for key, text in normalized.items() if wanted in text), "")


def _anchor_words(reply: AnyStepReply) -> Iterator[str]:
    """The words of passages that a reply cites."""
    if isinstance(reply, FactsReply):
        yield from (fact.at or fact.quote for fact in reply.facts if fact.key is None)
    elif isinstance(reply, WriteReply):
        sides = (side for dispute in reply.disagreements for side in dispute.sides)
        for line in (reply.headline, *reply.sentences, *sides):
            yield from line.at if line else ()
    elif isinstance(reply, LineReply):
        yield from reply.at


def _scripted_reply(reply: AnyStepReply, normalized: Passages) -> replay.ScriptedReply:
    if reply.fails is not None:
        kind: type[ModelError] = getattr(errors, reply.fails)
        return kind("fails as the suite says", subject=MOCK_WRITER_NAME)
    if reply.raw is not None:
        return reply.raw
    return json.dumps(_reply_object(reply, normalized), ensure_ascii=False)


def _reply_object(reply: AnyStepReply, normalized: Passages) -> object:
    """The reply in the form that its step demands."""
    if isinstance(reply, FactsReply):
        facts = [
            {
                "key": _key_of(each.at or each.quote, normalized) if each.key is None else each.key,
                "quote": each.quote,
                "fact": each.fact or each.quote,
            }
            for each in reply.facts
        ]
        return {"facts": facts}
    if isinstance(reply, WriteReply):
        return {
            "headline": _line_object(reply.headline or ScriptedLine(text=""), normalized),
            "sentences": [_line_object(line, normalized) for line in reply.sentences],
            "disagreements": [
                {
                    "about": each.about,
                    "sides": [_line_object(side, normalized) for side in each.sides],
                }
                for each in reply.disagreements
            ],
        }
    if isinstance(reply, LineReply):
        return _line_object(reply, normalized)
    return {"reason": reply.reason, "missing": reply.missing, "verdict": reply.verdict}


def _line_object(line: ScriptedLine | LineReply, normalized: Passages) -> object:
    keys = [*(_key_of(words, normalized) for words in line.at), *line.keys]
    return {"text": line.text or "", "keys": keys}


def _verbatim_facts(shown: Passages) -> object:
    """Every sentence of every passage as a fact, verbatim."""
    facts = [
        {"key": key, "quote": sentence, "fact": sentence}
        for key, text in shown.items()
        for sentence in _long_sentences(text)
    ]
    return {"facts": facts}


def _verbatim_story(shown: Passages) -> object:
    """Every sentence of every passage; if there is only one, it is headline and sentence."""
    lines = [
        {"text": sentence, "keys": [key]}
        for key, text in shown.items()
        for sentence in _long_sentences(text) or [text]
    ]
    return {"headline": lines[0], "sentences": lines[1:] or lines}


def _long_sentences(text: str) -> Sequence[str]:
    sentences = [text[slice(*span)] for span in split_sentences(text)]
    return [each for each in sentences if len(folded_words(each)) >= MIN_FACT_WORDS]


def _constant_verdict(verdict: str) -> object:
    reason = f"The suite's judge calls everything {verdict}."
    missing = [] if verdict == "supported" else ["all of it"]
    return {"reason": reason, "missing": missing, "verdict": verdict}


_REPLY_RULES: Mapping[tuple[str, str], Callable[[Passages], object]] = {
    ("facts", "verbatim"): _verbatim_facts,
    ("write", "verbatim"): _verbatim_story,
    ("repair", "nothing"): lambda _: {"text": "", "keys": []},
    ("judge", "supported"): lambda _: _constant_verdict("supported"),
    ("judge", "unsupported"): lambda _: _constant_verdict("unsupported"),
}
