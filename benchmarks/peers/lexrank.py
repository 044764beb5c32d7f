"""The smallest useful LexRank summary of a folder: sumy, ten sentences, no citations.

sumy's own tokenizer wants data that must be downloaded; a regular expression is quicker, and so in
sumy's favour.
"""

import re
import sys
from pathlib import Path

from sumy.parsers.plaintext import PlaintextParser
from sumy.summarizers.lex_rank import LexRankSummarizer


class Tokenizer:
    """What sumy asks of a tokenizer."""

    def to_sentences(self, text):
        return tuple(re.split(r"(?<=[.!?])\s+", text))

    def to_words(self, sentence):
        return tuple(re.findall(r"[^\W\d_]+", sentence.lower()))


text = "\n\n".join(path.read_text(encoding="utf-8") for path in sorted(Path(sys.argv[1]).iterdir()))
document = PlaintextParser.from_string(text, Tokenizer()).document
for sentence in LexRankSummarizer()(document, 10):
    print(sentence)
