"""Each story summarised by sumy's LexRank, TextRank and LSA: JSON on standard input and output.

In: ``words``, and ``stories``, each a list of sentences. Out: for each story and method the
sentences of the longest summary within the words, in the order of the articles. sumy gets the
sentences ready split, so that it is not judged by its splitter.
"""

import json
import re
import sys

from sumy.parsers.plaintext import PlaintextParser
from sumy.summarizers.lex_rank import LexRankSummarizer
from sumy.summarizers.lsa import LsaSummarizer
from sumy.summarizers.text_rank import TextRankSummarizer

END = " \u241e "
METHODS = {"LexRank": LexRankSummarizer, "TextRank": TextRankSummarizer, "LSA": LsaSummarizer}


class Tokenizer:
    """What sumy asks of a tokenizer."""

    def to_sentences(self, text):
        return tuple(part.strip() for part in text.split(END.strip()) if part.strip())

    def to_words(self, sentence):
        return tuple(re.findall(r"[^\W\d_]+", sentence.lower()))


def summarise(method, sentences, words):
    """One more sentence as long as the words last."""
    document = PlaintextParser.from_string(END.join(sentences), Tokenizer()).document
    kept = []
    for count in range(1, len(sentences) + 1):
        taken = [str(sentence) for sentence in METHODS[method]()(document, count)]
        if kept and sum(len(sentence.split()) for sentence in taken) > words:
            break
        kept = taken
    return kept


asked = json.load(sys.stdin)
told = [
    {method: summarise(method, story, asked["words"]) for method in METHODS}
    for story in asked["stories"]
]
json.dump(told, sys.stdout)
