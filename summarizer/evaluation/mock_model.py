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

MOCK_WRITER_NAME = "scripted/model"
"""The writer's name in a briefing."""

MOCK_JUDGE_NAME = "scripted/judge"

_LIST_NAMES = {"judge": "verdicts", "repair": "sentences"}
"""Steps that reply on several sentences, and what the list of their replies is called."""

MIN_FACT_WORDS = 3
"""Words of a sentence that can be a fact; see `summarizer.writing.facts`."""

AnyStepReply = FactsReply | WriteReply | LineReply | JudgeReply
Passages = Mapping[str, str]
"""Citation key -> passage."""

_ARTICLE_BLOCK = re.compile(r"^<(article-\w+)>\n.*?^</\1>", re.DOTALL | re.MULTILINE)
_KEYED_PASSAGE = re.compile(r"^⟦(\w+)⟧ (.*?)(?=^⟦|^</)", re.DOTALL | re.MULTILINE)
_SENTENCE_BLOCK = re.compile(r"^<(sentences-\w+)>\n(.*?)\n</\1>", re.DOTALL | re.MULTILINE)
_NUMBERED_SENTENCE = re.compile(r"^\d+\. (?:⟦\w+⟧ ?)*(.*?)(?=^\d+\. |\Z)", re.DOTALL | re.MULTILINE)


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
        shown, sentences = shown_passages(question), numbered_sentences(question)
        if rule := self._rules.get(step):
            made = _REPLY_RULES[step, rule](shown, sentences)
            return json.dumps(made, ensure_ascii=False)
        normalized = {key: normalize_words(text) for key, text in shown.items()}
        asked = normalize_words(question)
        whole = any(r.is_plain and normalize_words(r.when) in asked for r in self._left[step])
        if whole or not sentences:
            reply = self._take(step, question, shown)
            if reply.fails is not None:
                kind: type[ModelError] = getattr(errors, reply.fails)
                return kind("fails as the suite says", subject=MOCK_WRITER_NAME)
            made = _reply_object(reply, normalized)
            return json.dumps(made, ensure_ascii=False) if reply.raw is None else reply.raw
        replies = [self._take(step, sentence, shown) for sentence in sentences]
        listed = [
            {"sentence": number, **_reply_object(reply, normalized)}
            for number, reply in enumerate(replies, start=1)
        ]
        return json.dumps({_LIST_NAMES[step]: listed}, ensure_ascii=False)

    def _take(self, step: str, question: str, shown: Passages) -> AnyStepReply:
        """The first reply that fits a question or one of its sentences, taken from those left."""
        normalized = {key: normalize_words(text) for key, text in shown.items()}
        asked = normalize_words(question)
        for index, reply in enumerate(self._left[step]):
            if normalize_words(reply.when) in asked and all(
                _key_of(words, normalized) for words in _anchor_words(reply)
            ):
                return self._left[step].pop(index)
        raise SettingsError(self._no_reply_message(step, question, shown))

    def unused_replies(self) -> list[str]:
        """One line for each reply that no step asked for."""
        left = [(step, each) for step, replies in self._left.items() for each in replies]
        texts = [(step, each.model_dump_json(exclude_defaults=True)) for step, each in left]
        return [
            f"a reply for the step {step!r} was never asked for: "
            + (text if len(text) <= 80 else f"{text[:79]}…")
            for step, text in texts
        ]

    def _no_reply_message(self, step: str, question: str, shown: Passages) -> str:
        whole_prompt = bool(_ARTICLE_BLOCK.search(question))
        asked = next(iter(shown.values()), question) if whole_prompt else question
        excerpt = repr(asked[:60])
        if not self._left[step]:
            return f"the step {step!r} is asked, and has no reply left; it asks: {excerpt}"
        anchors = (words for reply in self._left[step] for words in _anchor_words(reply))
        known = normalize_words(question)
        absent = next((words for words in anchors if normalize_words(words) not in known), None)
        reason = f"; not shown: {absent!r}" if absent else ""
        return f"no reply for the step {step!r} fits what it asks: {excerpt}{reason}"


def shown_passages(question: str) -> Passages:
    """The passages of all the articles that a question shows."""
    return {
        match[1]: match[2].strip()
        for block in _ARTICLE_BLOCK.finditer(question)
        for match in _KEYED_PASSAGE.finditer(block[0])
    }


def numbered_sentences(question: str) -> tuple[str, ...]:
    """The sentences that a question is about, with what is wrong with each, in their order."""
    block = _SENTENCE_BLOCK.search(question)
    found = _NUMBERED_SENTENCE.finditer(block[2]) if block else ()
    return tuple(match[1].strip() for match in found)


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


def _reply_object(reply: AnyStepReply, normalized: Passages) -> dict[str, object]:
    """The reply in the form that its step demands."""
    if isinstance(reply, FactsReply):
        keys = (
            _key_of(each.at or each.quote, normalized) if each.key is None else each.key
            for each in reply.facts
        )
        return {
            "facts": [
                {"key": key, "quote": each.quote, "fact": each.fact or each.quote}
                for key, each in zip(keys, reply.facts, strict=True)
            ]
        }
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
    return {"missing": reply.missing, "verdict": reply.verdict, "keys": ()}


def _line_object(line: ScriptedLine | LineReply, normalized: Passages) -> dict[str, object]:
    keys = [*(_key_of(words, normalized) for words in line.at), *line.keys]
    return {"text": line.text or "", "keys": keys}


def _verbatim_facts(shown: Passages, _: Sequence[str]) -> object:
    """Every sentence of every passage as a fact, verbatim."""
    facts = [
        {"key": key, "quote": sentence, "fact": sentence}
        for key, text in shown.items()
        for sentence in _long_sentences(text)
    ]
    return {"facts": facts}


def _verbatim_story(shown: Passages, _: Sequence[str]) -> object:
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


def _constant_verdicts(sentences: Sequence[str], verdict: str) -> object:
    missing = [] if verdict == "supported" else ["all of it"]
    each = {"missing": missing, "verdict": verdict, "keys": []}
    return {"verdicts": [{"sentence": n, **each} for n, _ in enumerate(sentences, start=1)]}


_REPLY_RULES: Mapping[tuple[str, str], Callable[[Passages, Sequence[str]], object]] = {
    ("facts", "verbatim"): _verbatim_facts,
    ("write", "verbatim"): _verbatim_story,
    ("lead", "nothing"): lambda _, _sentences: {"sentences": []},
    ("repair", "nothing"): lambda _, sentences: {
        "sentences": [
            {"sentence": n, "text": "", "keys": []} for n, _ in enumerate(sentences, start=1)
        ]
    },
    ("judge", "supported"): lambda _, sentences: _constant_verdicts(sentences, "supported"),
    ("judge", "unsupported"): lambda _, sentences: _constant_verdicts(sentences, "unsupported"),
}
