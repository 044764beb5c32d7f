"""A request for a briefing -> articles, settings and a job."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from http import HTTPStatus

from summarizer.errors import SourceError, StoreError
from summarizer.jobs.briefs import Asked
from summarizer.jobs.writers import Wanted
from summarizer.settings import Settings
from summarizer.sources.articles import Article
from summarizer.sources.extract import Extracted
from summarizer.sources.files import read_bytes
from summarizer.store import work
from summarizer.web.forms import MOST_SOURCES, Ask, Text
from summarizer.web.problems import Fault, Problem
from summarizer.web.serving import Service

__all__ = ["handed", "submit"]


def submit(
    service: Service,
    ask: Ask,
    uploads: Sequence[tuple[str, bytes]] = (),
    *,
    owner: str = "",
    key: str = "",
) -> work.Job:
    """The job that will write it. ``uploads``: files beside those of the form, by name.

    ``owner``: whose idempotency ``key`` it is.

    Raises Problem: no source or too many, a source that cannot be read, a full queue, or a key that
    was used for something else.
    """
    fingerprint = hashlib.sha256(ask.model_dump_json().encode()).hexdigest()
    known = f"{owner} {key}" if key else ""
    before = _before(service, known, fingerprint)
    if before:
        return before
    files = [*uploads, *((each.name, each.content) for each in ask.files)]
    articles = handed(ask.texts, files, len(ask.urls))
    _queue(service)
    asked = Asked(
        Settings(
            focus=ask.focus,
            words=ask.words,
            title=ask.title,
            since=ask.since,
            stories=ask.stories,
        ),
        _wanted(service, ask),
        tuple(dict.fromkeys(ask.urls)),
        service.serving.allow_private,
    )
    return service.desk.submit(asked, articles, known, fingerprint)


def handed(
    texts: Sequence[Text], files: Sequence[tuple[str, bytes]], more: int = 0
) -> list[Article]:
    """The articles of a request. ``more``: sources beside them.

    Raises Problem: no source or too many, or one that cannot be read.
    """
    articles = [*_texts(texts), *_files(files)]
    _count(len(articles) + more)
    return articles


def _wanted(service: Service, ask: Ask) -> Wanted:
    wanted = service.serving.wanted
    if ask.writer == "extractive":
        return replace(wanted, model="", judge="")
    return replace(wanted, language=ask.language or wanted.language)


def _before(service: Service, key: str, fingerprint: str) -> work.Job | None:
    if not key:
        return None
    try:
        return work.find_idempotent(service.database, key, fingerprint)
    except StoreError as error:
        if error.subject != "Idempotency-Key":
            raise
        detail = "this Idempotency-Key was used for another request"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "key-reused", detail) from None


def _count(sources: int) -> None:
    if not sources:
        detail = "at least one source is needed"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "no-source", detail)
    if sources > MOST_SOURCES:
        detail = f"{sources:,} sources are more than the {MOST_SOURCES} of one request"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "too-many-sources", detail)


def _queue(service: Service) -> None:
    counted = work.count_jobs(service.database)
    waiting = counted.get("queued", 0)
    if waiting >= service.serving.queue:
        detail = f"{waiting} jobs are waiting; try again later"
        headers = {"Retry-After": "15"}
        raise Problem(HTTPStatus.TOO_MANY_REQUESTS, "queue-full", detail, headers=headers)


def _texts(texts: Sequence[Text]) -> Iterator[Article]:
    for number, each in enumerate(texts, start=1):
        yield _article(each, each.name or each.title or f"text {number}")


def _article(given: Text, path: str) -> Article:
    extracted = Extracted(
        given.text.replace("\r\n", "\n").replace("\r", "\n"),
        title=given.title or None,
        publisher=given.publisher or None,
        published=given.published,
    )
    return extracted.at(path=path)


def _files(files: Sequence[tuple[str, bytes]]) -> Iterator[Article]:
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
