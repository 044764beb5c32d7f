"""Check for what a machine leaves in a text: reasoning, markup, keys, another language."""

import re
from collections.abc import Iterator, Sequence

from summarizer.checking.claims import Claim, Issue, Passage
from summarizer.text.aliases import Aliases
from summarizer.text.languages import count_words, detect_language, language_name, languages_differ
from summarizer.text.lexicon import lexicon

_KEY = r"\^?S?\d{1,3}"
_ARTEFACTS = {
    "a citation key": (
        rf"\[\s*{_KEY}(?:\s*[,;–-]\s*{_KEY})*\s*\]",
        r"\(\s*S\d{1,3}(?:[,;]\s*S\d{1,3})*\s*\)",
        r"【[^】]{0,80}】",
        r"⟦[^⟧]{0,80}⟧?",
        r"(?-i:[\[(]\s*[a-z]{1,2}\d{1,3}(?:\s*[,;]\s*[a-z]{1,2}\d{1,3})*\s*[\])])",
        r"\b[cs]-[0-9a-f]{12}\b",
        r"\[(?:citation needed|citation|source|ref)(?: ?S?\d{1,3})?\]",
    ),
    "a web address": (r"\bhttps?:/", r"\bwww\.\w"),
    "markup": (
        r"(?<!\w)\*\*(?=\w)",
        r"(?<!\w)__(?=\w)",
        r"^#{1,6}\s",
        r"```|<!--|\]\((?=\S)",
        r"&(?:nbsp|amp|lt|gt|quot|#\d{1,6});",
        r"</?(?!think)[a-z][a-z0-9-]{0,20}(?:\s[^<>]{0,200})?/?>",
    ),
    "data": (
        r"[{\[]\s*\"[\w -]{1,30}\"\s*[:,]",
        r"^\s*\"\w{1,30}\"\s*:",
        r"\\n|\\u[0-9a-f]{4}",
    ),
    "reasoning": (
        r"</?think(?:ing)?>|<\|\w{1,30}\|>",
        r"^(?:wait|hmm|hold on),? (?:no\b|the (?:source|passage|text)|that['’]?s not|i\b|let)",
        r"^(?:okay|ok|alright|so),? (?:let me|let['’]s see|the user|i need to|i should)",
        r"^let(?: me|['’]s) (?:re-?)?(?:check|read|phrase|write|count|correct|verify|revise)\b",
        r"^let(?: me|['’]s) (?:summari[sz]e|think (?:step|about this))\b",
        r"\bas an? (?:ai|(?:large )?language)(?: (?:language )?model| assistant)\b",
        r"^(?:sure|certainly|of course)[,!] (?:here|i)\b",
        r"^here(?: is|['’]s) (?:the|a|your) (?:\w+ )?(?:summary|briefing|headline|sentence)\b",
        r"^i(?:['’]m| am) sorry, but i (?:can|am)",
        r"\bi (?:cannot|can['’]t) (?:verify|find) (?:this|that|it) in the",
        r"\b(?:the|these) (?:provided|given|supplied) (?:source|passage|text|context|article)s?\b",
        r"\b(?:source|passage|chunk|article|document) S?\d{1,3} (?:says|states|mentions|reports)\b",
        r"\bthe user (?:ask(?:s|ed)?|want(?:s|ed)) (?:me|for|to)\b",
        r"^(?:self-)?correction\b[:,]|^scratch that\b",
    ),
}
_ARTEFACT_PATTERNS = {
    what: re.compile("|".join(patterns), re.IGNORECASE | re.MULTILINE)
    for what, patterns in _ARTEFACTS.items()
}

MIN_LANGUAGE_WORDS = 8
"""Words from which a sentence tells its language: of 10,300 English ones 36 are misread."""


def check_artefacts(claim: Claim, passages: Sequence[Passage], _known: Aliases) -> Iterator[Issue]:
    """One problem for each kind of debris, unless a cited passage itself has those words."""
    for what, pattern in _ARTEFACT_PATTERNS.items():
        found = pattern.search(claim.text)
        if found and not any(found[0] in passage.text for passage in passages):
            yield Issue("artefact", found[0].strip(), f"{what} in the text")
    if count_words(claim.text) >= MIN_LANGUAGE_WORDS and all(
        languages_differ(claim.language, each.language) for each in passages
    ):
        language = detect_language(claim.text)
        if _is_other_language(language, claim.language):
            wrong = f"in {language_name(language)}, not in {language_name(claim.language)}"
            yield Issue("artefact", claim.text, wrong)


def _is_other_language(found: str, wanted: str) -> bool:
    close = found in lexicon(wanted).close_languages or wanted in lexicon(found).close_languages
    return found not in ("und", wanted) and not close
