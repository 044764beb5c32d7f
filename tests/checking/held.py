"""Evidence of a few short articles, and the examiner that judges by it."""

from typing import NamedTuple

from summarizer.checking.verdict import CitationChecker
from summarizer.retrieval.chunks import chunk_article, split_statements
from summarizer.retrieval.search import EvidenceSet
from summarizer.text.aliases import find_aliases
from tests.articles import article

FIRE = (
    "A fire destroyed a depot in Bern on Monday evening, police said. Twelve people were injured. "
    "Mayor Anna Keller praised the fire brigade of the city of Bern for its quick work."
)
PAPER = (
    "Police in Bern said a fire destroyed a depot on Monday evening. Damage is put at 3 million "
    "francs. The depot in Bern was built in 1967 by the railway company."
)
SPORT = "The football club of Thun won its third match in a row on Sunday afternoon."


class Held(NamedTuple):
    """What may be cited, and who judges it."""

    evidence: EvidenceSet
    examiner: CitationChecker

    def key(self, words: str) -> str:
        """The key of the chunk that holds these words."""
        return next(c.id for c in self.evidence.chunks if words in c.text)


def hold(*texts: str) -> Held:
    """Each text is an article of its own."""
    articles = [article(text, f"a{n}") for n, text in enumerate(texts)]
    chunks = {a.id: chunk_article(a, ()) for a in articles}
    said = {a.id: split_statements(chunks[a.id], "en") for a in articles}
    examiner = CitationChecker({a.id: a for a in articles}, said, find_aliases(texts), "en")
    return Held(EvidenceSet(tuple(c for cs in chunks.values() for c in cs)), examiner)
