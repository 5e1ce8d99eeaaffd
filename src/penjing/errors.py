"""Every error penjing raises on purpose. Each has a code that the service and the CLI repeat."""

from __future__ import annotations


class PenjingError(Exception):
    """Base of all: the message says what was wrong and what would be right."""

    code = "error"


class CharsetError(PenjingError):
    """A character set that is unknown, or lacks characters of a text or of another model."""

    code = "charset"


class PlanError(PenjingError):
    """A plan that no network can be built from."""

    code = "plan"


class SurgeryError(PenjingError):
    """A cut that cannot be made: a group that would vanish, channels that do not fit together."""

    code = "surgery"


class WeightsError(PenjingError):
    """A weights file that is broken or disagrees with its plan."""

    code = "weights"


class DivergedError(PenjingError):
    """A training whose loss, gradient or weights became infinite or NaN."""

    code = "diverged"


class ConfigError(PenjingError):
    """A configuration file with a wrong key or value."""

    code = "config"


class DataError(PenjingError):
    """Fonts, corpora or labelled pictures that are missing or unusable."""

    code = "data"


class PictureError(PenjingError):
    """A picture that cannot be read; subclasses say why."""

    code = "picture"


class MissingPicture(PictureError):
    """There is no such file, or it may not be read."""

    code = "missing_picture"

    @classmethod
    def at(cls, path: object, error: OSError | ValueError) -> MissingPicture:
        """For what opening ``path`` raised: OSError, or ValueError for a name with a NUL in it."""
        return cls(f"cannot open {str(path)!r}: {getattr(error, 'strerror', None) or error}")


class EmptyPicture(PictureError):
    """No bytes, or no pixels."""

    code = "empty_picture"


class PictureTooLarge(PictureError):
    """More bytes, pixels or frames than the limits allow."""

    code = "picture_too_large"


class PictureTooSmall(PictureError):
    """Too few pixels to hold a character."""

    code = "picture_too_small"


class UnsupportedFormat(PictureError):
    """Not one of the picture formats on the allow-list."""

    code = "unsupported_format"


class BrokenPicture(PictureError):
    """Of a known format, but damaged or cut short."""

    code = "broken_picture"


class BrokenArchive(PictureError):
    """A zip or tar file that cannot be opened or unpacked, or is encrypted."""

    code = "broken_archive"


class EncryptedPdf(PictureError):
    """A PDF that needs a password, or another one than was given."""

    code = "encrypted_pdf"


class PageRangeError(PenjingError):
    """Pages that the document does not have, or a range that cannot be understood."""

    code = "page_range"


class OutputError(PenjingError):
    """A result that cannot be written where it was asked for."""

    code = "output"


class ClusterError(PenjingError):
    """A Ray cluster that cannot be reached, or gave up on a batch."""

    code = "cluster"


class DetectorError(PenjingError):
    """The text detector's model is missing or not the one expected."""

    code = "detector"


class QuantizationError(PenjingError):
    """A network that eight bits would make no faster, or would make read worse."""

    code = "quantization"
