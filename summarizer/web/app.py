"""The service as one application: the API, the pages, and the armour around both."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response

from summarizer import __version__
from summarizer.briefings import Briefing
from summarizer.drafts import CheckedDraft
from summarizer.web import api, pages
from summarizer.web.metrics import Measured
from summarizer.web.problems import Problem, ProblemDetails, install, refusal
from summarizer.web.security import Access, Armour, Heads, Hosts, Origins, Size
from summarizer.web.serving import Service

__all__ = ["create"]

_ABOUT = (
    "Briefings in which every sentence cites the passages it rests on, and every citation was "
    "checked against the article's own text."
)


def create(service: Service) -> FastAPI:
    """The application around an open store and a desk that takes jobs."""
    app = FastAPI(
        title="summarizer",
        version=__version__,
        description=_ABOUT,
        openapi_url=f"{api.ROOT}/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.service = service
    app.include_router(api.router)
    app.include_router(pages.router)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    install(app, _answer)
    serving = service.serving
    app.add_middleware(Size, limit=serving.body)
    app.add_middleware(Access, tokens=serving.tokens, clock=service.clock)
    app.add_middleware(Origins)
    app.add_middleware(Hosts, hosts=serving.hosts)
    app.add_middleware(Armour)
    app.add_middleware(Measured, counters=service.counters)
    app.add_middleware(Heads)
    return app


def _described(app: FastAPI) -> dict[str, Any]:
    """OpenAPI of the API: what every answer looks like, the refusals included."""
    if app.openapi_schema:
        return app.openapi_schema
    described = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    schemas = described.setdefault("components", {}).setdefault("schemas", {})
    for model in (ProblemDetails, Briefing, CheckedDraft):
        own = model.model_json_schema(
            ref_template="#/components/schemas/{model}", mode="serialization"
        )
        schemas |= own.pop("$defs", {}) | {model.__name__: own}
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    if app.state.service.serving.tokens:
        bearer = {"type": "http", "scheme": "bearer"}
        described["components"]["securitySchemes"] = {"token": bearer}
        described["security"] = [{"token": []}]
    app.openapi_schema = described
    return described


def _answer(request: Request, problem: Problem) -> Response:
    """A page for whoever reads pages, else problem details."""
    return pages.refused(problem) if _reads_pages(request) else refusal(problem)


def _reads_pages(request: Request) -> bool:
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get(
        "accept", ""
    )
