"""The statements of articles that answer one question, or none.

    question -> content stems, each weighted by its rarity in all that is stored -> for every
    statement the share of that weight that it contains itself, and at a discount what only its
    passage, its title or the rest of its article contains

A word of the question that no article has counts as missing with its full weight. So a question
about something else is answered by nothing, rather than by the nearest text.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from summarizer.retrieval.answers import PSEUDO_ARTICLES, question_weights
from summarizer.retrieval.chunks import Statement
from summarizer.retrieval.corpus import Corpus
from summarizer.text.tokens import content_stems, document_frequency

PASSAGE_SHARE, ARTICLE_SHARE = 0.5, 0.25
"""What a word counts that is not in the statement: in its passage or title; elsewhere in its
article."""

MIN_ANSWER_SHARE = 0.57
"""Share of the question's weight at which a statement is an answer. On the 20 questions of
``evals/questions/seen.jsonl`` the right statements have .57 or more, the best of questions without
an answer .56 or less. The others of that folder were not used."""

MIN_SHARE_OF_BEST = 0.75
"""Share of the best answer's score at which another statement is shown with it."""

MAX_ANSWERS = 3
"""Statements of an answer, of different texts."""


@dataclass(frozen=True, slots=True)
class QuestionStems:
    """The content stems of a question; ``rarity``: the weight of each."""

    rarity: Mapping[str, float]

    def share(self, stems: frozenset[str]) -> float:
        """The share of the question's weight that these stems have, 0..1."""
        total = math.fsum(self.rarity.values()) or 1.0
        return math.fsum(weight for stem, weight in self.rarity.items() if stem in stems) / total


def question_stems(question: str, language: str) -> list[str]:
    """The content stems by which articles are searched, in order."""
    return list(question_weights(question, language))


def weigh_question(
    stems: Sequence[str], frequencies: Mapping[str, int], searched: int
) -> QuestionStems:
    """The stems weighted by their rarity in ``searched`` articles and in news at large.

    ``frequencies``: in how many of those articles each stem occurs.
    """
    total = searched + PSEUDO_ARTICLES
    counts = {
        stem: frequencies.get(stem, 0) + PSEUDO_ARTICLES * document_frequency(stem)
        for stem in stems
    }
    return QuestionStems(
        {stem: math.log1p((total - n + 0.5) / (n + 0.5)) for stem, n in counts.items()}
    )


def answering_statements(question: QuestionStems, corpus: Corpus) -> list[Statement]:
    """The statements that answer the question, the best first; empty if none does."""
    scored: list[tuple[float, Statement]] = []
    for source, statements in corpus.statements.items():
        article = corpus.articles[source]
        title = frozenset(content_stems(article.title or "", article.language))
        whole = title.union(*(each.stems for each in statements))
        passages: dict[str, frozenset[str]] = {}
        for each in statements:
            passages[each.chunk.id] = passages.get(each.chunk.id, title) | each.stems
        in_article = question.share(whole)
        for each in statements:
            own, near = question.share(each.stems), question.share(passages[each.chunk.id])
            if own:
                around = PASSAGE_SHARE * (near - own) + ARTICLE_SHARE * (in_article - near)
                scored.append((own + around, each))
    scored.sort(key=lambda pair: -pair[0])
    least = max(MIN_ANSWER_SHARE, MIN_SHARE_OF_BEST * scored[0][0] if scored else 0.0)
    answers = [each for score, each in scored if score >= least]
    return list({each.text: each for each in reversed(answers)}.values())[::-1][:MAX_ANSWERS]
