"""Requests with sources: a briefing becomes a job, a draft is checked at once."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from summarizer.errors import SourceError, StoreError
from summarizer.jobs.queue import BriefingRequest
from summarizer.models.config import ModelConfig
from summarizer.settings import Settings
from summarizer.sources.articles import Article
from summarizer.sources.extract import ExtractedText
from summarizer.sources.files import read_bytes
from summarizer.store import jobs
from summarizer.web.forms import MAX_SOURCES, Ask, Draft, Text
from summarizer.web.problems import Fault, Problem
from summarizer.web.service import Service

if TYPE_CHECKING:
    from summarizer.audit.report import DraftAudit


def submit_briefing(
    service: Service,
    ask: Ask,
    uploads: Sequence[tuple[str, bytes]] = (),
    *,
    owner: str = "",
    key: str = "",
) -> jobs.Job:
    """The job that will write the briefing. ``uploads``: name and content of files, besides those
    of the form; ``owner``: the name of the token whose idempotency ``key`` it is.

    Raises Problem: no source or too many, an unreadable source, a full queue, or a key that was
    used for another request.
    """
    fingerprint = hashlib.sha256(ask.model_dump_json().encode()).hexdigest()
    owned_key = f"{owner} {key}" if key else ""
    earlier = _earlier_job(service, owned_key, fingerprint) if key else None
    if earlier:
        return earlier
    files = [*uploads, *((each.name, each.content) for each in ask.files)]
    articles = submitted_articles(ask.texts, files, len(ask.urls))
    queued = jobs.count_jobs(service.database).get("queued", 0)
    if queued >= service.config.max_queued:
        detail, headers = f"{queued} jobs are queued; try again later", {"Retry-After": "15"}
        raise Problem(HTTPStatus.TOO_MANY_REQUESTS, "queue-full", detail, headers=headers)
    model = ModelConfig()
    if ask.writer == "service" and service.config.model.model:
        language = ask.language or service.config.model.language
        model = replace(service.config.model, language=language)
    request = BriefingRequest(
        Settings(
            focus=ask.focus,
            words=ask.words,
            title=ask.title,
            since=ask.since,
            stories=ask.stories,
            nli=service.config.nli,
            strict=ask.strict,
            undated=ask.undated,
        ),
        model,
        tuple(dict.fromkeys(ask.urls)),
        service.config.allow_private,
        ask.most,
    )
    return service.queue.submit(request, articles, owned_key, fingerprint)


def submitted_articles(
    texts: Sequence[Text], files: Sequence[tuple[str, bytes]], other_sources: int = 0
) -> list[Article]:
    """The articles of a request's texts and files (name and content).

    Raises Problem: no source or too many, ``other_sources`` included, or an unreadable file.
    """
    articles = []
    for number, each in enumerate(texts, start=1):
        extracted = ExtractedText(
            _unix_lines(each.text),
            title=each.title or None,
            publisher=each.publisher or None,
            published=each.published,
        )
        articles.append(extracted.to_article(path=each.name or each.title or f"text {number}"))
    faults = []
    for index, (name, content) in enumerate(files):
        for outcome in read_bytes(content, name):
            if isinstance(outcome, SourceError):
                faults.append(Fault(pointer=f"/files/{index}", detail=str(outcome)))
            else:
                articles.append(outcome)
    sources = len(articles) + other_sources
    if faults:
        kind, detail = "unreadable", f"{len(faults)} of {len(files)} files cannot be read"
    elif not sources:
        kind, detail = "no-source", "at least one source is needed"
    elif sources > MAX_SOURCES:
        kind = "too-many-sources"
        detail = f"{sources:,} sources are more than the {MAX_SOURCES} of one request"
    else:
        return articles
    raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, kind, detail, errors=faults)


def _unix_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _earlier_job(service: Service, key: str, fingerprint: str) -> jobs.Job | None:
    """The job accepted under this key. Raises Problem if that was another request."""
    try:
        return jobs.find_idempotent_job(service.database, key, fingerprint)
    except StoreError as error:
        if error.subject != "Idempotency-Key":
            raise
        detail = "this Idempotency-Key was used for another request"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "key-reused", detail) from None


def check_submitted_draft(service: Service, draft: Draft) -> "DraftAudit":
    """The audit of the draft, sentence by sentence.

    Raises Problem: nothing to check, no source, an unreadable source, or too many checks at once.
    """
    from summarizer.audit.check import audit_draft
    from summarizer.audit.parse import parse_draft
    from summarizer.checking.entailment import open_named_model
    from summarizer.retrieval.corpus import prepare_corpus

    sources = submitted_articles(draft.texts, [(each.name, each.content) for each in draft.files])
    manuscript = parse_draft(_unix_lines(draft.text), sources)
    if not manuscript.sentences:
        detail = "the draft contains no sentence to check"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "no-sentence", detail)
    service.check_limit.raise_if_full()
    with service.check_limit.slot():
        return audit_draft(
            manuscript, sources, prepare_corpus(sources), name=draft.name,
            entailment=open_named_model(service.config.nli),
        )  # fmt: skip
