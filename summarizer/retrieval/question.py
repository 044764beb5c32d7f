"""The statements of articles that answer one question, or none.

    question -> content stems, each weighted by its rarity in all that is stored -> for every
    statement the share of that weight that it contains itself, and half of what only its article
    contains

A word of the question that no article has counts as missing with its full weight. So a question
about something else is answered by nothing, rather than by the nearest text. Constants were chosen
as a set on the questions of ``evals/questions/seen.jsonl``, among 87 and among 5,087 articles.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from summarizer.retrieval.answers import PSEUDO_ARTICLES, question_weights
from summarizer.retrieval.chunks import Statement
from summarizer.retrieval.corpus import Corpus
from summarizer.text.tokens import content_stems, document_frequency

ARTICLE_SHARE = 0.5
"""What a word counts that is not in the statement but elsewhere in its article. Counting its own
passage more changes 1 question of 40."""

LEAST_DOCUMENT_SHARE = 0.005
"""Added to the share of articles that have a stem: so a name in one article of 5,000 weighs hardly
more than in one of 100, and a score means the same in a store of any size."""

MIN_ANSWER_SHARE = 0.6
"""Share of the question's weight at which a statement is an answer."""

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
    shares = {stem: n / total for stem, n in counts.items()}
    # The root, since a name says which article and the other words which of its sentences: without
    # it, 27 of the 40 questions are right among 5,087 articles, and 36 with it.
    return QuestionStems(
        {
            stem: math.sqrt(math.log1p((1 - share) / (share + LEAST_DOCUMENT_SHARE)))
            for stem, share in shares.items()
        }
    )


def answering_statements(question: QuestionStems, corpus: Corpus) -> list[Statement]:
    """The statements that answer the question, the best first; empty if none does."""
    scored = scored_statements(question, corpus)
    least = max(MIN_ANSWER_SHARE, MIN_SHARE_OF_BEST * scored[0][0] if scored else 0.0)
    answers = [each for score, each in scored if score >= least]
    return list({each.text: each for each in reversed(answers)}.values())[::-1][:MAX_ANSWERS]


def scored_statements(question: QuestionStems, corpus: Corpus) -> list[tuple[float, Statement]]:
    """The statements that share a stem with the question, each with its score, the best first."""
    scored: list[tuple[float, Statement]] = []
    for source, statements in corpus.statements.items():
        article = corpus.articles[source]
        title = frozenset(content_stems(article.title or "", article.language))
        whole = title.union(*(each.stems for each in statements))
        in_article = question.share(whole)
        scored.extend(
            (own + ARTICLE_SHARE * (in_article - own), each)
            for each in statements
            if (own := question.share(each.stems))
        )
    return sorted(scored, key=lambda pair: -pair[0])
