"""`/metrics`: counters for Prometheus, of the registry that was given; nothing in it names a person."""

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def route(registry: CollectorRegistry) -> Route:
    """The route that prints a registry."""

    async def metrics(_request: Request) -> Response:
        headers = {"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"}
        return Response(generate_latest(registry), headers=headers)

    return Route("/metrics", metrics)
