"""The tools of `summarizer.mcp` at /mcp, behind the service's own tokens, hosts and limits."""

from contextlib import nullcontext

from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.routing import Route

from summarizer.checking.entailment import open_named_model
from summarizer.mcp.server import ToolConfig, build_server
from summarizer.web.service import Service


def mcp_application(service: Service) -> Starlette:
    """An application with the route /mcp and the life of its sessions.

    A client may send texts, and name neither files nor web pages.
    """
    config = ToolConfig(
        clock=service.clock,
        open_database=lambda: nullcontext(service.database),
        entailment=open_named_model(service.config.nli),
    )
    application = build_server(config).streamable_http_app(
        json_response=True,
        stateless_http=True,
        max_request_body_size=service.config.max_body_bytes,
        # The service's own layers check host and origin.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    for route in application.routes:
        if isinstance(route, Route):
            route.methods = {"POST"}  # a GET would open a stream without end, and nothing to say
    return application
