"""A model that was shown a passage may tell what stands beside the news in it.

Whatever readers know already is dropped here, and told among the findings.
"""

from collections.abc import Collection

from summarizer.briefings import Briefing, Finding, Sentence, Story
from summarizer.digests.novelty import Known

__all__ = ["without_repeats"]


def without_repeats(briefing: Briefing, known: Known, updates: Collection[str]) -> Briefing:
    """The briefing whose ``updates`` (ids of stories) say nothing that an edition has told."""
    dropped: list[Sentence] = []
    stories = tuple(
        _fresh(story, briefing.language, known, dropped) if story.id in updates else story
        for story in briefing.stories
    )
    if not dropped:
        return briefing
    findings = [
        Finding(
            kind="duplicate",
            action="dropped",
            text=sentence.text,
            detail="an earlier edition has told it",
        )
        for sentence in dropped
    ]
    kept = [sentence for story in stories for sentence in story.told()]
    cited = {citation.chunk for sentence in kept for citation in sentence.citations}
    changed = briefing.model_copy(
        update={
            "stories": stories,
            "chunks": tuple(chunk for chunk in briefing.chunks if chunk.id in cited),
            "findings": (*briefing.findings, *findings),
            "report": briefing.report.model_copy(
                update={
                    "sentences": len(kept),
                    "supported": sum(sentence.verdict == "supported" for sentence in kept),
                    "sources_cited": len({c.source for s in kept for c in s.citations}),
                }
            ),
        }
    )
    return changed.model_copy(update={"id": changed.identity()})


def _fresh(story: Story, language: str, known: Known, dropped: list[Sentence]) -> Story:
    """The story without its repeats; its headline, which names the story, stays."""
    kept: list[Sentence] = []
    for sentence in story.sentences:
        (dropped if known.says(sentence.text, language) else kept).append(sentence)
    return story.model_copy(update={"sentences": tuple(kept)})
