"""Every error penjing raises on purpose. Each has a code that the service and the CLI repeat."""


class PenjingError(Exception):
    """Base of all: the message says what was wrong and what would be right."""

    code = "error"


class CharsetError(PenjingError):
    """A character or a whole character set does not fit the model."""

    code = "charset"


class PlanError(PenjingError):
    """A plan that no network can be built from."""

    code = "plan"


class WeightsError(PenjingError):
    """A weights file that is broken or disagrees with its plan."""

    code = "weights"


class ConfigError(PenjingError):
    """A configuration file with a wrong key or value."""

    code = "config"


class DataError(PenjingError):
    """Fonts, corpora or labelled pictures that are missing or unusable."""

    code = "data"


class PictureError(PenjingError):
    """A picture that cannot be read; subclasses say why."""

    code = "picture"
