"""The service as one application: the API, the pages, and the security layers around them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response

from summarizer import __version__
from summarizer.audit.report import DraftAudit
from summarizer.briefing import Briefing
from summarizer.web import api, pages, questions
from summarizer.web.metrics import RequestMetrics
from summarizer.web.problems import (
    Problem,
    ProblemDetails,
    install_problem_handlers,
    problem_response,
)
from summarizer.web.security import (
    AllowedHosts,
    BodyLimit,
    HeadRequests,
    SameOrigin,
    SecurityHeaders,
    TokenAccess,
)
from summarizer.web.service import Service

_DESCRIPTION = (
    "Briefings in which every sentence cites the passages it rests on, and every citation was "
    "checked against the article's own text."
)


def create_app(service: Service) -> FastAPI:
    """The application around an open store and its job queue."""
    app = FastAPI(
        lifespan=_lifespan,
        title="summarizer",
        version=__version__,
        description=_DESCRIPTION,
        openapi_url=f"{api.API_ROOT}/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.service = service
    app.include_router(api.api_router)
    app.include_router(pages.page_router)
    app.include_router(questions.question_router)
    app.openapi = lambda: _openapi_document(app)  # type: ignore[method-assign]

    def respond(request: Request, problem: Problem) -> Response:
        """A page for a browser that asks for one, else problem details."""
        accepted = request.headers.get("accept", "")
        is_page = not request.url.path.startswith("/api/") and "text/html" in accepted
        return pages.problem_page(problem) if is_page else problem_response(problem)

    install_problem_handlers(app, respond)
    config = service.config
    if config.mcp:
        from summarizer.web.assistants import mcp_application

        app.state.mcp = mcp_application(service)
        app.router.routes.extend(app.state.mcp.routes)
    app.add_middleware(BodyLimit, limit=config.max_body_bytes)
    app.add_middleware(
        TokenAccess,
        tokens=config.tokens,
        failures=service.failed_sign_ins,
        database=service.database,
        clock=service.clock,
    )
    app.add_middleware(SameOrigin)
    app.add_middleware(AllowedHosts, hosts=config.hosts)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestMetrics, counters=service.counters)
    app.add_middleware(HeadRequests)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Runs the sessions of assistants, if there may be any."""
    mcp = getattr(app.state, "mcp", None)
    async with mcp.router.lifespan_context(mcp) if mcp else nullcontext():
        yield


def _openapi_document(app: FastAPI) -> dict[str, Any]:
    """OpenAPI of the API, with the schemas of errors, briefings and checked drafts."""
    if app.openapi_schema:
        return app.openapi_schema
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for model in (ProblemDetails, Briefing, DraftAudit):
        own = model.model_json_schema(
            ref_template="#/components/schemas/{model}", mode="serialization"
        )
        schemas |= own.pop("$defs", {}) | {model.__name__: own}
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    if app.state.service.config.tokens:
        bearer = {"type": "http", "scheme": "bearer"}
        document["components"]["securitySchemes"] = {"token": bearer}
        document["security"] = [{"token": []}]
    app.openapi_schema = document
    return document
