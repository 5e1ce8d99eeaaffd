"""Templates: which fields a paper has, how they are labelled, and what must hold between them.

A template is a TOML file; docs/fields.md describes its keys. Whatever is wrong with one is a
ConfigError that names the file and the key.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal, get_args

from penjing.errors import ConfigError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Kind = Literal["amount", "capitals", "tax_number", "date", "digits", "text"]
Where = Literal["right of", "below", "row above", "page", "top"]
CheckKind = Literal["equal", "sum"]
Which = Literal["first", "each", "either", "proved"]
Several = Literal["", "least", "none"]

_PLACE = re.compile(r"(page|top)|(right of|below|row above) (?:(each|either|proved) )?(.+)")


@dataclass(frozen=True)
class Place:
    """Where a value may stand: by a label, the first of ``labels`` that is there; or anywhere.

    ``each``: by every label that is there, a value of its own; ``either``: by that one with which
    most checks pass, the first of equals; ``proved``: likewise, but none if no more checks pass
    with it than without.
    """

    where: Where
    labels: tuple[str, ...] = ()
    which: Which = "first"


@dataclass(frozen=True)
class FieldSpec:
    """One field. The places ``at`` are tried in order.

    ``above`` and ``below`` name landmarks that it must lie above and below; ``side`` is a half of
    the text's width. ``nth`` takes a later value of the place, ``last`` the label's last
    occurrence. ``places`` are the numbers of decimals that an amount may have, and ``sign`` says
    that a ¥ must be before it; of ``several`` amounts by one label the least or none is meant.
    ``length`` are the lengths that digits may have.
    ``month_first`` and ``year_first`` tell how a date of three short numbers is meant.
    """

    name: str
    title: str
    kind: Kind
    at: tuple[Place, ...]
    nth: int = 1
    last: bool = False
    above: str = ""
    below: str = ""
    side: Literal["", "left", "right"] = ""
    length: tuple[int, ...] = ()
    places: tuple[int, ...] = ()
    sign: bool = False
    several: Several = ""
    month_first: bool = False
    year_first: bool = False
    pattern: re.Pattern[str] | None = None


@dataclass(frozen=True)
class CheckSpec:
    """``equal``: all fields have one value; ``sum``: the last is the sum of the others.

    It can pass only if the checks named in ``after`` did. An ``optional`` one is not spoken of
    where the paper lacks one of its fields. Fields of a sum that are in ``maybe`` count where the
    paper has them; those in ``less`` are taken off, whether printed with a minus or without, but
    added where the last is negative; those that are ``unsigned`` have its sign. Amounts
    ``included`` in others are left out where the sum is right only without them. A sum that is off
    by no more than ``rounding`` hundredths neither passes nor fails, nor does one that is off
    where the paper lacks what it ``needs``. Where a field has several values, a sum counts all of
    them.
    """

    name: str
    kind: CheckKind
    fields: tuple[str, ...]
    after: tuple[str, ...] = ()
    optional: bool = False
    maybe: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    included: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    unsigned: tuple[str, ...] = ()
    rounding: int = 0


@dataclass(frozen=True)
class Template:
    """``marks`` are texts that tell the paper; ``others`` are labels of no field, which end values.

    ``pairs``: every row like ``name: value`` is a field too.
    """

    name: str
    title: str
    marks: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    landmarks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fields: tuple[FieldSpec, ...] = ()
    checks: tuple[CheckSpec, ...] = ()
    pairs: bool = False

    @property
    def labels(self) -> list[str]:
        """Every label there is to look for."""
        own = [label for spec in self.fields for place in spec.at for label in place.labels]
        landmarks = [label for labels in self.landmarks.values() for label in labels]
        return [*own, *landmarks, *self.others]


@lru_cache(maxsize=1)
def shipped() -> dict[str, Template]:
    """The templates that come with penjing, by name."""
    folder = resources.files("penjing.fields") / "templates"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    texts = ((file.name, file.read_text(encoding="utf-8")) for file in files)
    return {template.name: template for template in (parse(text, name) for name, text in texts)}


def load(name: str) -> Template:
    """A shipped template by name, or one from a .toml file. Raises ConfigError."""
    if name in shipped():
        return shipped()[name]
    path = Path(name)
    if path.suffix != ".toml":
        raise ConfigError(
            f"no template {name!r}; there are: {', '.join(shipped())}, or a .toml file"
        )
    try:
        return parse(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read the template {name!r}: {error}") from error


def parse(text: str, source: str) -> Template:
    """A template from TOML. Raises ConfigError, which names ``source``."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{source}: {error}") from error
    try:
        return _template(data)
    except ConfigError as error:
        raise ConfigError(f"{source}: {error}") from error


def _template(data: dict[str, Any]) -> Template:
    specs = tuple(_field(item) for item in _tables(data, "field"))
    checks = tuple(_check(item) for item in _tables(data, "check"))
    landmarks = data.pop("landmarks", {})
    if not isinstance(landmarks, dict):
        raise ConfigError("landmarks must be a table of lists of labels")
    landmarks = {name: _strings(labels, f"landmarks.{name}") for name, labels in landmarks.items()}
    values = _values(Template, data, "the template")
    template = Template(**values, landmarks=landmarks, fields=specs, checks=checks)
    _consistent(template)
    return template


def _tables(data: dict[str, Any], key: str) -> list[dict[str, Any]]:
    items = data.pop(key, [])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ConfigError(f"{key} must be an array of tables: [[{key}]]")
    return [dict(item) for item in items]


def _field(item: dict[str, Any]) -> FieldSpec:
    about = f"field {item.get('name', '?')!r}"
    item.setdefault("title", item.get("name", ""))
    spec = FieldSpec(**_values(FieldSpec, item, about))
    if spec.kind not in get_args(Kind):
        raise ConfigError(f"{about}: kind is one of {', '.join(get_args(Kind))}")
    if spec.side not in ("", "left", "right") or spec.nth < 1:
        raise ConfigError(f"{about}: side is left or right, and nth counts from 1")
    if spec.several not in get_args(Several) or (spec.several and spec.kind != "amount"):
        raise ConfigError(f"{about}: several is least or none, and for amounts")
    return spec


def _check(item: dict[str, Any]) -> CheckSpec:
    about = f"check {item.get('name', '?')!r}"
    spec = CheckSpec(**_values(CheckSpec, item, about))
    if spec.kind not in get_args(CheckKind):
        raise ConfigError(f"{about}: kind is one of {', '.join(get_args(CheckKind))}")
    return spec


def _values(cls: type, item: dict[str, Any], about: str) -> dict[str, Any]:
    """The item's values for the dataclass, each of its declared type."""
    known = {f.name: f for f in fields(cls)}
    if unknown := sorted(set(item) - set(known)):
        raise ConfigError(f"{about} has no {unknown[0]!r}; it may have: {', '.join(known)}")
    values = {key: _value(value, str(known[key].type), key, about) for key, value in item.items()}
    given = {*values, *(("fields",) if cls is Template else ())}
    for key, f in known.items():
        if f.default is MISSING and f.default_factory is MISSING and key not in given:
            raise ConfigError(f"{about} needs {key!r}")
    return values


def _value(value: Any, declared: str, key: str, about: str) -> Any:
    where = f"{about}: {key}"
    if declared.startswith("tuple[int"):
        numbers = value if isinstance(value, list) else [value]
        if not all(type(item) is int and item >= 0 for item in numbers):
            raise ConfigError(f"{where} must be a whole number, or a list of them")
        return tuple(numbers)
    if declared.startswith("tuple[Place"):
        return tuple(_place(text, where) for text in _strings(value, where))
    if declared.startswith("tuple"):
        return _strings(value, where)
    if declared.startswith("re.Pattern"):
        return _pattern(value, where)
    kind = bool if declared == "bool" else int if declared.startswith("int") else str
    if type(value) is not kind:
        raise ConfigError(f"{where} must be of type {kind.__name__}, not {type(value).__name__}")
    return value


def _place(text: str, where: str) -> Place:
    match = _PLACE.fullmatch(text)
    if match is None:
        raise ConfigError(
            f"{where}: {text!r} is none of 'right of LABEL', 'below LABEL', 'row above LABEL', "
            "'page', 'top'; labels are parted by |"
        )
    labels = tuple(label.strip() for label in (match[4] or "").split("|") if label.strip())
    return Place(match[1] or match[2], labels, match[3] or "first")  # type: ignore[arg-type]


def _strings(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise ConfigError(f"{where} must be a list of texts")
    return tuple(value)


def _pattern(value: Any, where: str) -> re.Pattern[str]:
    try:
        return re.compile(value)
    except (re.error, TypeError) as error:
        raise ConfigError(f"{where} is no regular expression: {error}") from error


def _consistent(template: Template) -> None:
    """Whatever is named must be there."""
    names = [spec.name for spec in template.fields]
    if len(set(names)) < len(names):
        raise ConfigError(f"two fields are called {max(names, key=names.count)!r}")
    for spec in template.fields:
        for landmark in (spec.above, spec.below):
            if landmark and landmark not in template.landmarks:
                raise ConfigError(f"field {spec.name!r}: there is no landmark {landmark!r}")
        further = re.compile(re.escape(spec.name) + "_[0-9]+")
        if any(place.which == "each" for place in spec.at) and any(map(further.fullmatch, names)):
            taken = next(filter(further.fullmatch, names))
            raise ConfigError(f"field {taken!r} is called as a further {spec.name!r} would be")
    earlier: set[str] = set()
    for check in template.checks:
        if len(check.fields) < 2 or (missing := set(check.fields) - set(names)):
            what = f"no field {min(missing)!r}" if len(check.fields) > 1 else "too few fields"
            raise ConfigError(f"check {check.name!r}: {what}")
        if unknown := set(check.after) - earlier:
            raise ConfigError(f"check {check.name!r}: no check {min(unknown)!r} before it")
        some = {*check.maybe, *check.less, *check.included, *check.needs, *check.unsigned}
        if unknown := some - set(check.fields[:-1]):
            raise ConfigError(f"check {check.name!r}: {min(unknown)!r} is none of its addends")
        earlier.add(check.name)
