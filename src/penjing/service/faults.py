"""What went wrong unforeseen. It is told to the log alone, for its words may hold anything; clients
get a name to ask by.
"""

from __future__ import annotations

import logging
import traceback
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from penjing.errors import PenjingError
from penjing.service.errors import Internal

log = logging.getLogger("penjing.service")


@contextmanager
def faults_logged() -> Iterator[None]:
    """Any error but those that are raised on purpose becomes an Internal."""
    try:
        yield
    except PenjingError:
        raise
    except Exception:
        raise fault(traceback.format_exc()) from None


def fault(about: str) -> Internal:
    """The error to raise for what ``about``, such as a traceback, says in the log."""
    name = uuid.uuid4().hex
    log.error("penjing: fault %s: %s", name, about)
    return Internal(name)
