"""What the service answers when it doesn't read: a code, a message and an HTTP status."""

from __future__ import annotations

from penjing import errors
from penjing.errors import PenjingError


class ServiceError(PenjingError):
    """An error with a status of its own. ``retry_after`` is in seconds."""

    status = 400
    retry_after: int | None = None


class BadRequest(ServiceError):
    """A body, a field or an option that is not as the OpenAPI document says."""

    code = "bad_request"


class BadJSON(ServiceError):
    code = "bad_json"


class BadBase64(ServiceError):
    code = "bad_base64"


class Unauthorised(ServiceError):
    code = "unauthorised"
    status = 401


class CrossSite(ServiceError):
    """Sent by another site's page."""

    code = "cross_site"
    status = 403


class BodyTooLarge(ServiceError):
    code = "body_too_large"
    status = 413


class WrongContentType(ServiceError):
    code = "wrong_content_type"
    status = 415


class BrokenPDF(ServiceError):
    """A PDF without pages, or too much work to draw."""

    code = "broken_pdf"
    status = 422


class Incomplete(ServiceError):
    """Some pages were not read, at a door whose answer has no place to say so."""

    code = "incomplete"
    status = 422


class Busy(ServiceError):
    """The queue is full, or too long for the deadline."""

    code = "busy"
    status = 429

    def __init__(self, message: str, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Abandoned(ServiceError):
    """The client hung up before its turn came; nobody will see this."""

    code = "abandoned"
    status = 499


class Internal(ServiceError):
    """A fault of ours, which the log tells of under this ``name``."""

    code = "internal"
    status = 500

    def __init__(self, name: str) -> None:
        super().__init__(f"an error of ours; the log tells of it under {name}")


class Draining(ServiceError):
    """The service is going down."""

    code = "draining"
    status = 503
    retry_after = 5


class DeadlinePassed(ServiceError):
    code = "deadline_passed"
    status = 504


class OutOfMemory(ServiceError):
    """Nothing is wrong with the picture. Clients that ask again by themselves do so after a 503,
    and would meet the same; RFC 4918 says of this status that a person should have asked for it.
    """

    code = "out_of_memory"
    status = 507

    def __init__(self) -> None:
        super().__init__(
            "the server has too little memory to read it; send it smaller, or fewer at one time"
        )


_STATUS: dict[type[PenjingError], int] = {
    errors.EmptyPicture: 400,
    errors.PageRangeError: 400,
    errors.PictureTooLarge: 413,
    errors.UnsupportedFormat: 415,
    errors.PictureError: 422,
}


def status_of(error: PenjingError) -> int:
    """The HTTP status of an error; 500 for those that are not the client's."""
    if isinstance(error, ServiceError):
        return error.status
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 500)


def bare(error: PenjingError) -> PenjingError:
    """The same to keep: frames of its traceback, and of what it was raised from, hold pictures."""
    error.__traceback__ = error.__cause__ = error.__context__ = None
    return error


def to_dict(code: str, message: str) -> dict[str, object]:
    return {"success": False, "error": {"code": code, "message": message}}
