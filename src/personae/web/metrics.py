"""What Prometheus asks for: requests, how long they take, and what is in the library."""

from __future__ import annotations

import time
from collections import Counter as Tally
from collections.abc import Iterator

from fastapi import APIRouter, Depends
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0, generate_latest
from prometheus_client.registry import Collector
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import personae
from personae.web.auth.roles import needs
from personae.web.site import Site

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Meter:
    """The figures of one server."""

    def __init__(self, site: Site) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "personae_http_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "personae_http_request_seconds",
            "Seconds until a request was answered.",
            ("method", "route"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.active = Gauge(
            "personae_http_requests_active",
            "Requests that are being answered.",
            registry=self.registry,
        )
        self.registry.register(_Holdings(site))


class _Holdings(Collector):
    """Counts the library when it is asked."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def describe(self) -> list[Metric]:
        """Nothing is counted before it is asked."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The figures of now."""
        library = self._site.library
        told = GaugeMetricFamily("personae_info", "What runs here.", labels=("version", "provider"))
        told.add_metric((personae.__version__, self._site.settings.provider), 1)
        yield told
        media = GaugeMetricFamily("personae_media", "Media in the library.", labels=("kind",))
        for kind, count in sorted(Tally(one.kind for one in library.media()).items()):
            media.add_metric((kind,), count)
        yield media
        people = GaugeMetricFamily("personae_people", "People in the library.", labels=("kind",))
        known = library.store.people.all()
        for role, number in sorted(Tally(person.kind for person in known).items()):
            people.add_metric((role,), number)
        yield people
        jobs = GaugeMetricFamily("personae_jobs", "Jobs by state.", labels=("state",))
        for state, count in sorted(Tally(job.state for job in library.jobs()).items()):
            jobs.add_metric((state,), count)
        yield jobs


class Metered:
    """Counts requests and their seconds, by route and not by address."""

    def __init__(self, app: ASGIApp, meter: Meter) -> None:
        self._app = app
        self._meter = meter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        began = time.perf_counter()
        with self._meter.active.track_inprogress():
            try:
                await self._app(scope, receive, watched)
            finally:
                method, route = _method(scope), _route(scope)
                self._meter.requests.labels(method, route, str(status)).inc()
                self._meter.seconds.labels(method, route).observe(time.perf_counter() - began)


def metrics_route(meter: Meter) -> APIRouter:
    """Where Prometheus looks; it needs the token of a viewer once there are users."""
    router = APIRouter(tags=["system"])

    @router.get("/metrics", dependencies=[Depends(needs("viewer"))], include_in_schema=False)
    def metrics() -> Response:
        """All figures in the text format of Prometheus."""
        return Response(generate_latest(meter.registry), media_type=CONTENT_TYPE_PLAIN_1_0_0)

    return router


def _method(scope: Scope) -> str:
    known = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    return scope["method"] if scope["method"] in known else "other"


def _route(scope: Scope) -> str:
    route = getattr(scope.get("route"), "path", None)
    if isinstance(route, str) and route:
        return route
    return "/api" if scope["path"].startswith("/api/") else "pages"
