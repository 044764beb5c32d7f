"""A text that somebody wrote, held against its sources while the request waits."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from summarizer.web.asking import handed
from summarizer.web.forms import Draft
from summarizer.web.problems import Problem
from summarizer.web.serving import Service

if TYPE_CHECKING:
    from summarizer.drafts import CheckedDraft

__all__ = ["check"]


def check(service: Service, asked: Draft) -> "CheckedDraft":
    """Every sentence of the draft, judged.

    Raises Problem: nothing to check, no source, a source that cannot be read, or as many checks
    under way as this process does at a time.
    """
    from summarizer.checking.drafts import check as run
    from summarizer.checking.manuscripts import read
    from summarizer.pipeline import prepare

    manuscript = read(asked.text.replace("\r\n", "\n").replace("\r", "\n"))
    if not manuscript.sentences:
        detail = "the draft holds no sentence to check"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "no-sentence", detail)
    sources = handed(asked.texts, [(e.name, e.content) for e in asked.files])
    service.checks.refuse_more()
    with service.checks.place():
        return run(manuscript, sources, prepare(sources), name=asked.name)
