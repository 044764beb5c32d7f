"""Requests with sources: one for a briefing becomes a job, one for a check is answered at once."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from summarizer.errors import SourceError, StoreError
from summarizer.jobs.queue import BriefingRequest
from summarizer.jobs.writers import WriterConfig
from summarizer.settings import Settings
from summarizer.sources.articles import Article
from summarizer.sources.extract import ExtractedText
from summarizer.sources.files import read_bytes
from summarizer.store import jobs
from summarizer.web.forms import MOST_SOURCES, Ask, Draft, Text
from summarizer.web.problems import Fault, Problem
from summarizer.web.service import Service

if TYPE_CHECKING:
    from summarizer.audit.report import DraftAudit

__all__ = ["check_submitted_draft", "submit_briefing", "submitted_articles"]


def submit_briefing(
    service: Service,
    ask: Ask,
    uploads: Sequence[tuple[str, bytes]] = (),
    *,
    owner: str = "",
    key: str = "",
) -> jobs.Job:
    """The job that will write it. ``uploads``: files beside those of the form, by name.

    ``owner``: whose idempotency ``key`` it is.

    Raises Problem: no source or too many, a source that cannot be read, a full queue, or a key that
    was used for something else.
    """
    fingerprint = hashlib.sha256(ask.model_dump_json().encode()).hexdigest()
    known = f"{owner} {key}" if key else ""
    before = _earlier_job(service, known, fingerprint)
    if before:
        return before
    files = [*uploads, *((each.name, each.content) for each in ask.files)]
    articles = submitted_articles(ask.texts, files, len(ask.urls))
    _check_queue_room(service)
    asked = BriefingRequest(
        Settings(
            focus=ask.focus,
            words=ask.words,
            title=ask.title,
            since=ask.since,
            stories=ask.stories,
        ),
        _writer_config(service, ask),
        tuple(dict.fromkeys(ask.urls)),
        service.config.allow_private,
    )
    return service.queue.submit(asked, articles, known, fingerprint)


def submitted_articles(
    texts: Sequence[Text], files: Sequence[tuple[str, bytes]], more: int = 0
) -> list[Article]:
    """The articles of a request. ``more``: sources beside them.

    Raises Problem: no source or too many, or one that cannot be read.
    """
    articles = [*_articles_of_texts(texts), *_articles_of_files(files)]
    _check_source_count(len(articles) + more)
    return articles


def _writer_config(service: Service, ask: Ask) -> WriterConfig:
    wanted = service.config.wanted
    if ask.writer == "extractive":
        return replace(wanted, model="", judge="")
    return replace(wanted, language=ask.language or wanted.language)


def _earlier_job(service: Service, key: str, fingerprint: str) -> jobs.Job | None:
    if not key:
        return None
    try:
        return jobs.find_idempotent_job(service.database, key, fingerprint)
    except StoreError as error:
        if error.subject != "Idempotency-Key":
            raise
        detail = "this Idempotency-Key was used for another request"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "key-reused", detail) from None


def _check_source_count(sources: int) -> None:
    if not sources:
        detail = "at least one source is needed"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "no-source", detail)
    if sources > MOST_SOURCES:
        detail = f"{sources:,} sources are more than the {MOST_SOURCES} of one request"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "too-many-sources", detail)


def _check_queue_room(service: Service) -> None:
    counted = jobs.count_jobs(service.database)
    waiting = counted.get("queued", 0)
    if waiting >= service.config.max_queued:
        detail = f"{waiting} jobs are waiting; try again later"
        headers = {"Retry-After": "15"}
        raise Problem(HTTPStatus.TOO_MANY_REQUESTS, "queue-full", detail, headers=headers)


def _articles_of_texts(texts: Sequence[Text]) -> Iterator[Article]:
    for number, each in enumerate(texts, start=1):
        yield _article_of_text(each, each.name or each.title or f"text {number}")


def _article_of_text(given: Text, path: str) -> Article:
    extracted = ExtractedText(
        given.text.replace("\r\n", "\n").replace("\r", "\n"),
        title=given.title or None,
        publisher=given.publisher or None,
        published=given.published,
    )
    return extracted.to_article(path=path)


def _articles_of_files(files: Sequence[tuple[str, bytes]]) -> Iterator[Article]:
    """Raises Problem with every file that holds no article."""
    faults = []
    for place, (name, content) in enumerate(files):
        for outcome in read_bytes(content, name):
            if isinstance(outcome, SourceError):
                faults.append(Fault(pointer=f"/files/{place}", detail=str(outcome)))
            else:
                yield outcome
    if faults:
        detail = f"{len(faults)} of {len(files)} files cannot be read"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "unreadable", detail, errors=faults)


def check_submitted_draft(service: Service, asked: Draft) -> "DraftAudit":
    """Every sentence of the draft, judged.

    Raises Problem: nothing to check, no source, a source that cannot be read, or as many checks
    under way as this process does at a time.
    """
    from summarizer.audit.check import audit_draft as run
    from summarizer.audit.parse import parse_draft
    from summarizer.retrieval.corpus import prepare_corpus

    manuscript = parse_draft(asked.text.replace("\r\n", "\n").replace("\r", "\n"))
    if not manuscript.sentences:
        detail = "the draft holds no sentence to check"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "no-sentence", detail)
    sources = submitted_articles(asked.texts, [(e.name, e.content) for e in asked.files])
    service.check_limit.raise_if_full()
    with service.check_limit.slot():
        return run(manuscript, sources, prepare_corpus(sources), name=asked.name)
