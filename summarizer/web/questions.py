"""The page on which the stored articles are asked a question."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from summarizer.api import answer_question
from summarizer.errors import SettingsError
from summarizer.jobs.queue import BriefingRequest
from summarizer.rendering.html import service_page
from summarizer.settings import Settings
from summarizer.store import jobs
from summarizer.store.article_search import ArticleFilter
from summarizer.store.editions import digest_names
from summarizer.store.snapshots import load_articles
from summarizer.web.api import ServiceParam
from summarizer.web.service import Service

question_router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@question_router.get("/ask")
def question_page(service: ServiceParam) -> str:
    """The empty form."""
    return _question_html(service, {})


@question_router.post("/ask")
def submit_question(
    service: ServiceParam,
    question: Annotated[str, Form()] = "",
    digest: Annotated[str, Form()] = "",
    since: Annotated[str, Form()] = "",
    until: Annotated[str, Form()] = "",
    undated: Annotated[bool, Form()] = False,
) -> Response:
    """The answer as a briefing; the form again where the sources say nothing. With a model, the job
    that writes the answer from the articles that were found."""
    given = {"question": question, "digest": digest, "since": since, "until": until}
    try:
        first, last = (date.fromisoformat(each) if each else None for each in (since, until))
    except ValueError:
        content = _question_html(service, given, "A date has the form 2026-11-28.")
        return HTMLResponse(content, HTTPStatus.UNPROCESSABLE_ENTITY)
    settings = Settings(nli=service.config.nli)
    service.check_limit.raise_if_full()
    with service.check_limit.slot():
        try:
            answer = answer_question(
                service.database,
                question,
                ArticleFilter(digest, first, last, undated),
                settings,
                now=service.clock(),
            )
        except SettingsError as error:
            content = _question_html(service, given, f"The question {error.message}.")
            return HTMLResponse(content, HTTPStatus.UNPROCESSABLE_ENTITY)
    if answer.briefing is None:
        return HTMLResponse(_question_html(service, given, answer.nothing, answer.undated))
    if service.config.model.model:
        articles = load_articles(service.database, [each.id for each in answer.briefing.sources])
        settings = replace(settings, focus=answer.question, title=answer.question, words=120)
        job = service.queue.submit(BriefingRequest(settings, service.config.model), articles)
        return RedirectResponse(f"/jobs/{job.id}", HTTPStatus.SEE_OTHER)
    jobs.save_briefing(service.database, answer.briefing, answer.briefing.created)
    return RedirectResponse(f"/briefings/{answer.briefing.id}", HTTPStatus.SEE_OTHER)


def _question_html(
    service: Service, given: Mapping[str, str], notice: str = "", undated: int = 0
) -> str:
    return service_page(
        "service-ask.html",
        "Ask your sources",
        given=given,
        notice=notice,
        undated=undated,
        digests=digest_names(service.database),
        model=service.config.model.model,
    )
