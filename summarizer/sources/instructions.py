"""Sentences of an article that give a machine reader orders. They are data, and never evidence."""

import re
from dataclasses import replace

from summarizer.sources.articles import Furniture
from summarizer.text.selectors import Span, trim
from summarizer.text.sentence_ends import CLOSING, STOPS

__all__ = ["instructions"]


def _each(firsts: str, seconds: str) -> str:
    """Every first word with every second one behind it, as hints."""
    return "|".join(f"{one} {other}" for one in firsts.split() for other in seconds.split())


_ORDERS: tuple[tuple[str, str], ...] = (
    # "Ignore all previous instructions", in the languages of the field's known attacks
    (
        "ignore|disregard|forget|override",
        r"\b(?:ignore|disregard|forget|override)\b[^.!?\n]{0,40}"
        r"\b(?:previous|prior|above|earlier|preceding|all|your|system)\b[^.!?\n]{0,30}"
        r"\b(?:instructions?|prompts?|rules|directions|guidelines)",
    ),
    ("ignor", r"ignor(?:a|e|ez|iere|ieren sie)\s[^.!?\n]{0,30}(?:instruc|anweisung|consignes)"),
    (
        "игнорируй|забудь|ігноруй",
        r"(?:игнорируй|забудь|ігноруй)(?:те)?\s[^.!?\n]{0,40}(?:инструкци|указани|інструкці|вказівк)",
    ),
    ("忽略|无视|無視", r"(?:忽略|无视|無視)[^。！？\n]{0,12}(?:指示|指令|说明|說明|提示)"),
    ("무시", r"(?:이전|위의|앞선)[^.!?\n]{0,12}(?:지시|명령)[^.!?\n]{0,8}무시"),
    # Orders about what it is, what it shows and how it answers
    (
        "system prompt|your instructions|your prompt|your rules",
        r"\b(?:reveal|print|repeat|output|show|leak)\b[^.!?\n]{0,40}"
        r"\b(?:system prompt|your (?:instructions|prompt|rules))",
    ),
    (
        "you are now|you are no longer",
        r"\byou are (?:now|no longer) (?:a|an|the|in)\b[^.!?\n]{0,60}"
        r"\b(?:assistant|ai|model|mode|chatbot|dan|bot)\b",
    ),
    (
        _each("respond reply answer output", "only with in"),
        r"\b(?:respond|reply|answer|output) (?:only )?(?:with|in)\b[^.!?\n]{0,30}"
        r"\b(?:the word|json|yaml|base64|only|following|markdown|format)\b",
    ),
    # Orders addressed to whoever summarises
    (
        _each("note message instruction instructions attention important dear", "to for"),
        r"\b(?:note|message|instructions?|attention|important|dear) (?:to|for) (?:the |any |all )?"
        r"(?:ai|llms?|language models?|assistants?|summari[sz]ers?|chatbots?|models?)\b",
    ),
    (
        "ai |ais |ai,|llm|language model|assistant|summari",
        r"\b(?:ai|llm|language model|assistant|summari[sz]er)s?\b[^.!?\n]{0,60}"
        r"\b(?:must|should|shall|please)\b[^.!?\n]{0,40}"
        r"\b(?:ignore|disregard|output|respond|reply|write|include|say|omit|summari[sz]e|mention"
        r"|recommend|cite|praise|promote|conclude)\b",
    ),
    (
        "dear ",
        r"\bdear (?:ai |language )?(?:ai|llms?|models?|assistants?|summari[sz]ers?|chatbots?)\b",
    ),
    (
        "ignore|disregard|forget",
        r"\b(?:ignore|disregard|forget)\b[^.!?\n]{0,30}\b(?:other|remaining|rest of the|all) "
        r"(?:articles?|sources?|documents?|passages?)\b",
    ),
    (
        "summari",
        r"\bwhen (?:you )?summari[sz]ing\b[^.!?\n]{0,60}"
        r"\b(?:say|write|include|omit|do not|always|never)\b",
    ),
    (
        _each("not n't", "summari cite mention"),
        r"\b(?:do not|don't) (?:summari[sz]e|cite|mention) "
        r"(?:this|the (?:above|following|other))\b",
    ),
    # Marks of a prompt's own structure
    ("<|inst]", r"<\|?(?:im_start|im_end|system|endoftext)\|?>|\[/?INST\]"),
    ("<", r"</?(?:system|instructions?|article|sources?|evidence)>"),
)
"""Words of which one must stand in the text, a quick look before the slow one, and the pattern."""

_HINTED = tuple((tuple(hints.split("|")), pattern) for hints, pattern in _ORDERS)

_EDGE = re.compile(rf"[{STOPS}]+[{CLOSING}]*\s*|\n")
REACH = 600
"""Code points before an order in which its sentence must begin."""


_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
"""What a reader does not see between the letters of a word, and a machine would."""


def instructions(text: str) -> list[Furniture]:
    """The sentences that speak to a machine, in order; also those that hide it from the eye."""
    if not _UNSEEN.search(text):
        return _instructions(text)
    seen = [at for at, letter in enumerate(text) if not _UNSEEN.match(letter)]
    found = _instructions("".join(text[at] for at in seen))
    return [
        replace(item, span=Span(seen[item.span.start], seen[item.span.end - 1] + 1))
        for item in found
    ]


def _instructions(text: str) -> list[Furniture]:
    lower = text.casefold()
    matches = (
        match
        for hints, pattern in _HINTED
        if any(hint in lower for hint in hints)
        for match in re.finditer(pattern, text, re.IGNORECASE)  # compiled once it is needed
    )
    found: list[Furniture] = []
    for match in sorted(matches, key=re.Match.start):
        span = _sentence_around(text, match.start(), match.end())
        if not found or found[-1].span.end <= span.start:
            detail = f"speaks to a machine: {match.group()[:60]}"
            found.append(Furniture(span, "instruction", detail))
    return found


def _sentence_around(text: str, start: int, end: int) -> Span:
    reach = max(0, start - REACH)
    before = [match.end() for match in _EDGE.finditer(text, reach, start)]
    after = _EDGE.search(text, end)
    return trim(text, Span(before[-1] if before else reach, after.end() if after else len(text)))
