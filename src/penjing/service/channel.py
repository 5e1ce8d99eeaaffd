"""Waitress' connections, with manners of ours: timed while they send, refused in JSON, and closed
after their answer once the process is leaving.
"""

from __future__ import annotations

import json
import time
import uuid

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask, WSGITask

from penjing.service.access import log_line
from penjing.service.errors import BodyTooLarge, to_dict


class TimedParser(HTTPRequestParser):
    """Remembers when a request's first byte came."""

    def __init__(self, adj: object) -> None:
        super().__init__(adj)
        self.began = time.monotonic()


class Refusal(ErrorTask):
    """What Waitress refuses (a header too long, a body too large), in the shape of our refusals."""

    def execute(self) -> None:
        error, request_id = self.request.error, uuid.uuid4().hex
        code, message = error.reason.lower().replace(" ", "_"), str(error.body)
        if error.code == BodyTooLarge.status:
            most = self.channel.server.engine.limits.body_bytes
            code, message = BodyTooLarge.code, f"the body is larger than {most:,} bytes"
        body = json.dumps(to_dict(code, message)).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers += [
            ("Content-Type", "application/json"),
            ("X-Request-ID", request_id),
        ]
        self.set_close_on_finish()
        self.content_length = len(body)
        # Before the answer goes out, as for every other: who has it finds it counted and logged.
        self.channel.server.engine.metrics.rejected.labels(code).inc()
        log_line(request_id, self.channel.addr[0], None, "unknown", error.code)
        self.write(body)


class Answer(WSGITask):
    """Says in its head that the connection ends, once the process is leaving."""

    def build_response_header(self) -> bytes:
        if self.channel.server.leaving:
            self.set_close_on_finish()
        return super().build_response_header()


class Channel(HTTPChannel):
    """A connection to a server that has an ``engine`` and knows whether it is ``leaving``."""

    parser_class = TimedParser
    task_class = Answer
    error_task_class = Refusal

    @property
    def receiving_since(self) -> float:
        """When the request that is now arriving began, on the monotonic clock; inf for none."""
        request = self.request  # None once it is complete
        return float("inf") if request is None else request.began

    @property
    def under_way(self) -> bool:
        """Whether a request is being received, worked on, or answered."""
        request = self.request
        receiving = request is not None and not request.empty
        return bool(self.requests or self.total_outbufs_len or receiving)
