"""What /metrics tells Prometheus. One registry an application, so that tests can make many."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from penjing.service.jobs import Jobs
from penjing.service.memory import resident_bytes

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """Requests by door and status, stages, queue, memory and rejections by reason."""

    def __init__(self, jobs: Jobs) -> None:
        self._registry = CollectorRegistry()
        registry = self._registry
        self.requests = Counter(
            "penjing_requests", "Answered requests.", ("endpoint", "status"), registry=registry
        )
        self.seconds = Histogram(
            "penjing_request_seconds",
            "From a request's arrival to its answer.",
            ("endpoint",),
            buckets=_SECONDS,
            registry=registry,
        )
        self.stage = Histogram(
            "penjing_stage_seconds",
            "One stage of reading one page.",
            ("stage",),
            buckets=_SECONDS,
            registry=registry,
        )
        self.rejected = Counter(
            "penjing_rejected", "Refused requests.", ("reason",), registry=registry
        )
        self.pages = Counter("penjing_pages", "Pages that were read.", registry=registry)
        waiting = Gauge("penjing_queue_waiting", "Waiting for a thread.", registry=registry)
        waiting.set_function(lambda: jobs.waiting)
        jobs_inside = Gauge("penjing_jobs", "Waiting or under way.", registry=registry)
        jobs_inside.set_function(lambda: jobs.count)
        memory = Gauge("penjing_resident_bytes", "Memory of the process.", registry=registry)
        memory.set_function(resident_bytes)

    def text(self) -> bytes:
        """The exposition in Prometheus' text format."""
        return generate_latest(self._registry)
