"""The text of subtitles (SubRip and WebVTT) with the time of each cue."""

import re
from html import unescape

from summarizer.errors import ExtractionError
from summarizer.sources.articles import Place
from summarizer.sources.documents import DocumentText
from summarizer.sources.extract import ExtractedText, decode_text, unix_lines
from summarizer.text.sentences import ends_sentence

_TIMES = re.compile(r"\s*(?:(\d{1,3}):)?(\d\d):(\d\d)[.,]\d{1,3}\s*-->\s*(?:(\d+):)?(\d\d):(\d\d)")
_TAG = re.compile(r"<[^<>\n]{0,200}>|\{\\[^{}\n]{0,100}\}")
_NEW_SPEAKER = re.compile(r"[-–—]\s?(?=\S)|>>+\s*")
PAUSE_SECONDS = 4
"""Seconds without a subtitle behind which a new paragraph begins."""


def read_subtitles(data: bytes) -> ExtractedText:
    """The subtitles as text; a paragraph ends at a pause or where a speaker begins.

    Raises ExtractionError if there is no cue.
    """
    document = DocumentText()
    paragraph, places = "", list[Place]()
    end, before = 0, ""
    for start, stop, lines in _cues(unix_lines(decode_text(data))):
        for number, line in enumerate(lines):
            if line == before:  # rolling captions show each line twice
                continue
            before = line
            speaks = _NEW_SPEAKER.match(line)
            pause = number == 0 and start - end >= PAUSE_SECONDS
            if paragraph and (speaks or pause) and ends_sentence(paragraph):
                document.add(paragraph, places)
                paragraph, places = "", []
            text = line[speaks.end() :] if speaks else line
            begins = len(paragraph) + 1 if paragraph else 0
            places.append(Place(begins, _clock(start)))
            paragraph = f"{paragraph} {text}" if paragraph else text
        end = stop
    document.add(paragraph, places)
    return document.extracted()


def _cues(text: str) -> list[tuple[int, int, list[str]]]:
    """The cues with their first and last second, and their lines without markup."""
    cues = []
    for block in re.split(r"\n[ \t]*\n", text):
        lines = block.strip().split("\n")
        at = next((index for index, line in enumerate(lines[:2]) if _TIMES.match(line)), None)
        times = _TIMES.match(lines[at]) if at is not None else None
        if at is None or times is None:
            continue
        hours, minutes, seconds, *last = (int(group or 0) for group in times.groups())
        start = 3600 * hours + 60 * minutes + seconds
        stop = 3600 * last[0] + 60 * last[1] + last[2]
        plain = (" ".join(unescape(_TAG.sub("", line)).split()) for line in lines[at + 1 :])
        cues.append((start, stop, [line for line in plain if line]))
    if not cues:
        raise ExtractionError("holds no subtitles")
    return cues


def _clock(seconds: int) -> str:
    """``00:12:31``"""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
