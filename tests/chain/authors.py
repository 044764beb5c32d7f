"""Models for tests of the chain: they read the prompt that they get, and answer as they were told.

An author is a function from the text of a prompt and the name of a step to the text of a reply.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from summarizer.models.protocol import CompletionRequest
from tests.models.server import Answer, Seen

__all__ = [
    "Author",
    "answering",
    "asked_sentences",
    "passages",
    "plain",
    "responding",
    "rewrites",
    "step_of",
    "user_message",
    "verdicts",
]

Author = Callable[[str, str], str]
"""(step, what the user message says) -> reply."""

_PASSAGE = re.compile(r"^⟦(\w+)⟧ (.*?)(?=^⟦|^</)", re.DOTALL | re.MULTILINE)
_BLOCK = re.compile(r"^<((?:article|story)-\w+)>\n.*?^</\1>", re.DOTALL | re.MULTILINE)
_SENTENCES = re.compile(r"^<(sentences-\w+)>\n(.*?)\n</\1>", re.DOTALL | re.MULTILINE)
_NUMBERED = re.compile(r"^(\d+)\. ((?:⟦\w+⟧ ?)*)(.*)$", re.MULTILINE)
_STEPS = {
    "Facts": "facts", "Account": "write", "Lead": "lead", "Rewrites": "repair",
    "Verdicts": "judge",
}  # fmt: skip


def passages(prompt: str) -> Mapping[str, str]:
    """Citation key -> passage, of all the articles that a prompt shows."""
    return {
        found[1]: found[2].strip()
        for block in _BLOCK.finditer(prompt)
        for found in _PASSAGE.finditer(block[0])
    }


def asked_sentences(prompt: str) -> list[tuple[str, list[str]]]:
    """The sentences that a judge or a repair is asked about, in their order, with their keys."""
    block = _SENTENCES.search(prompt)
    found = _NUMBERED.finditer(block[2]) if block else ()
    return [(each[3], re.findall(r"\w+", each[2])) for each in found]


def verdicts(prompt: str, missing: Mapping[str, str] | None = None) -> str:
    """Verdicts on all that is asked: unsupported where a part of a sentence is a key of
    ``missing``, which says what it lacks; else supported by what it cites."""
    said = []
    for number, (text, keys) in enumerate(asked_sentences(prompt), start=1):
        lacking = [piece for part, piece in (missing or {}).items() if part in text]
        verdict = "unsupported" if lacking else "supported"
        row = {"sentence": number, "missing": lacking, "verdict": verdict}
        said.append({**row, "keys": [] if lacking else keys})
    return json.dumps({"verdicts": said})


def rewrites(*lines: Mapping[str, Any]) -> str:
    """Sentences written anew, the first for the first that failed."""
    return json.dumps({"sentences": [{"sentence": n, **each} for n, each in enumerate(lines, 1)]})


def plain(step: str, prompt: str) -> str:
    """The first sentence of each passage as a fact, and the story out of the first of those."""
    shown = {key: re.split(r"(?<=[.!?])\s", text)[0] for key, text in passages(prompt).items()}
    if step == "facts":
        facts = [{"key": key, "quote": said, "fact": said} for key, said in shown.items()]
        return json.dumps({"facts": facts})
    lines = [{"text": said, "keys": [key]} for key, said in shown.items()]
    if step == "write":
        first = {"text": next(iter(shown.values())).rstrip("."), "keys": [next(iter(shown))]}
        return json.dumps({"headline": first, "sentences": lines[:4], "disagreements": []})
    if step == "lead":
        return json.dumps({"sentences": lines[:2]})
    return verdicts(prompt) if step == "judge" else rewrites()


def answering(author: Author) -> Callable[[CompletionRequest], str]:
    """The author as a function for `ScriptedModel`."""
    return lambda request: author(request.step, request.messages[1].text)


def responding(author: Author) -> Callable[[Seen], Answer]:
    """The author as a function for the loopback server."""
    return lambda seen: Answer(author(step_of(seen), user_message(seen)))


def step_of(seen: Seen) -> str:
    """The step that a request on the wire belongs to: the form it demands tells."""
    forms = [title for title in _titles(seen.body) if title in _STEPS]
    return _STEPS[forms[-1]]


def user_message(seen: Seen) -> str:
    """The first thing that the user says."""
    said = next(m["content"] for m in seen.body["messages"] if m["role"] == "user")
    return said if isinstance(said, str) else "".join(part["text"] for part in said)


def _titles(value: Any) -> Iterator[str]:
    """Every title in what was sent, also of a schema that is told in words."""
    if isinstance(value, str):
        yield from re.findall(r'"title": "(\w+)"', value)
    elif isinstance(value, dict):
        yield from [value["title"]] if isinstance(value.get("title"), str) else []
        for each in value.values():
            yield from _titles(each)
    elif isinstance(value, list):
        for each in value:
            yield from _titles(each)
