"""Figures for whoever watches the archive: Prometheus's text format at ``/metrics``.

Requests are counted where they come in, by the route and not by the address, so that there are as
many series as routes. What the archive holds and has to do is read when somebody asks.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from radio_archive.archive import Archive
from radio_archive.errors import RadioArchiveError
from radio_archive.model import Ground, Status
from radio_archive.web.site import get_site

#: seconds that requests are sorted by: what is promised lies at 0.05, 0.15 and 0.25
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 10.0)

#: the library's own setting: where the processes of one site count, for `serve` to set
_COUNTED_IN = "PROMETHEUS_MULTIPROC_DIR"

_FORMAT = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The figures of one application."""

    def __init__(self, archive: Archive) -> None:
        self.registry = CollectorRegistry()
        # several processes count in files, and whichever is asked answers for all
        is_shared = _COUNTED_IN in os.environ
        self.requests = Histogram(
            "radio_archive_request_seconds",
            "Seconds until a request was answered to its last byte",
            ("route", "method", "status"),
            buckets=_BUCKETS,
            registry=None if is_shared else self.registry,
        )
        if is_shared:
            MultiProcessCollector(self.registry)  # type: ignore[no-untyped-call]
        self.registry.register(_Holdings(archive))


class _Holdings(Collector):
    """What the archive holds, what it has to do, what is away: read at every look."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def describe(self) -> list[Metric]:
        """Nothing is known before somebody asks; asking takes a catalogue."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The gauges; without the catalogue only what is away."""
        try:
            status = self._archive.status()
        except RadioArchiveError:
            status = None
        away = {each.ground: each.is_down for each in self._archive.troubles()}
        up = GaugeMetricFamily("radio_archive_up", "1 where a part does its work", labels=["part"])
        for ground in Ground:
            up.add_metric([ground.value], 0.0 if away.get(ground) else 1.0)
        yield up
        if status is not None:
            yield from _gauges(status)


def _gauges(status: Status) -> Iterator[Metric]:
    plain = {
        "broadcasts": ("Broadcasts in the catalogue", status.broadcasts),
        "hours": ("Hours of recordings", status.hours),
        "transcribed_hours": ("Hours with a transcript", status.transcribed_hours),
        "passages": ("Passages in the search index", status.passages),
        "jobs_parked": ("Jobs given up", status.jobs_failed),
        "workers": ("Workers alive", len(status.workers)),
    }
    for name, (what, value) in plain.items():
        yield GaugeMetricFamily(f"radio_archive_{name}", what, value=float(value))
    jobs = GaugeMetricFamily("radio_archive_jobs", "Jobs not done yet", labels=["needs"])
    for need, count in status.jobs_waiting.items():
        jobs.add_metric([str(need)], float(count))
    yield jobs


class Measured:
    """Notes how long each request took."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def noting_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting_send)
        finally:
            method = scope["method"] if scope["method"] in ("GET", "HEAD", "POST") else "other"
            took = time.perf_counter() - started
            self._metrics.requests.labels(_route(scope), method, str(status)).observe(took)


def _route(scope: Scope) -> str:
    """The address of the route that answered, as the table writes it; nobody's: ``none``."""
    route = scope.get("route")
    return str(getattr(route, "path", "none"))


def metrics(request: Request) -> Response:
    """``/metrics``."""
    body = generate_latest(get_site(request).metrics.registry)
    return Response(body, headers={"content-type": _FORMAT, "cache-control": "no-store"})
