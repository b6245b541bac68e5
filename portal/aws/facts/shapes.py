"""What all facts share: reading AWS's dictionaries, and a round trip through JSON."""

import dataclasses
import functools
import json
import types
import urllib.parse
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Self, Union, get_args, get_origin, get_type_hints

#: A dictionary as botocore returns it, or a policy document as IAM spells it.
Document = Mapping[str, Any]


class IncompleteAnswerError(ValueError):
    """AWS's answer lacks the key that names the resource; nothing can be said about it."""


class UnreadableFactError(ValueError):
    """A stored JSON document is not a fact of the expected kind."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Fact:
    """The base of all facts: immutable, comparable, storable as JSON."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values: times as ISO 8601 with zone, tuples as lists."""
        return {field.name: _plain(getattr(self, field.name)) for field in dataclasses.fields(self)}

    @classmethod
    def from_json(cls, document: Document) -> Self:
        """The fact that `to_json` wrote. Raises `UnreadableFactError` on a wrong type, a missing or an
        unknown key.
        """
        if not isinstance(document, Mapping):
            raise UnreadableFactError(f"{cls.__name__}: not an object")
        kind: Any = cls  # mypy does not see that classes can be hashed
        form = _form(kind)
        if not document.keys() <= form.readers.keys() or not form.needed <= document.keys():
            wrong = (document.keys() - form.readers.keys()) | (form.needed - document.keys())
            raise UnreadableFactError(f"{cls.__name__}: {', '.join(sorted(wrong))}")
        return cls(**{name: form.readers[name](value) for name, value in document.items()})


#: Takes a stored value for what an annotation wants. Raises UnreadableFactError.
type Reader = Callable[[Any], Any]


@dataclasses.dataclass(frozen=True)
class _Form:
    """How a class of facts is stored: a reader for each field, and the fields that must be there."""

    readers: Mapping[str, Reader]
    needed: frozenset[str]


@functools.cache
def _form(kind: type[Fact]) -> _Form:
    """Resolved once for a class: a look at 200 route tables is a hundred thousand facts of a few classes."""
    hints, fields = get_type_hints(kind), dataclasses.fields(kind)
    return _Form(
        readers={field.name: _reader(hints[field.name], f"{kind.__name__}.{field.name}") for field in fields},
        needed=frozenset(field.name for field in fields if _is_required(field)),
    )


def _is_required(field: "dataclasses.Field[Any]") -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _plain(value: Any) -> Any:
    if isinstance(value, Fact):
        return value.to_json()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _reader(kind: Any, where: str) -> Reader:
    """Reads a value as the annotation `kind` wants it: a fact, a tuple, a time, a document or a plain JSON value."""
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        (option,) = (option for option in get_args(kind) if option is not types.NoneType)
        given = _reader(option, where)
        return lambda value: None if value is None else given(value)
    if origin is tuple:
        return _tuples(_reader(get_args(kind)[0], where), where)
    if isinstance(kind, type) and issubclass(kind, Fact | Enum):
        return kind.from_json if issubclass(kind, Fact) else functools.partial(_typed_choice, kind, where=where)
    if kind is datetime:
        return functools.partial(_typed_time, where=where)
    return _plainly(dict if origin is not None else kind, where)


def _tuples(entry: Reader, where: str) -> Reader:
    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise UnreadableFactError(f"{where}: {value!r}")
        return tuple(map(entry, value))

    return read


def _plainly(kind: type, where: str) -> Reader:
    def read(value: Any) -> Any:
        if type(value) is kind:
            return value
        if kind is float and type(value) is int:
            return float(value)
        raise UnreadableFactError(f"{where}: {value!r}")

    return read


def _typed_time(value: Any, where: str) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise UnreadableFactError(f"{where}: {value!r}") from error


def _typed_choice(kind: type[Enum], value: Any, where: str) -> Enum:
    try:
        return kind(value)
    except ValueError as error:
        raise UnreadableFactError(f"{where}: {value!r}") from error


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tag(Fact):
    """One tag."""

    key: str
    value: str


def tags(document: Document) -> tuple[Tag, ...]:
    """The `Tags` of a resource, sorted by key; empty when AWS left them out."""
    return tuple(sorted(several(document, "Tags", _tag), key=lambda tag: tag.key))


def _tag(document: Document) -> Tag:
    return Tag(key=required(document, "Key"), value=text(document, "Value"))


def tag_value(found: tuple[Tag, ...], key: str) -> str | None:
    """The value of the tag `key`, None when the resource does not carry it."""
    return next((tag.value for tag in found if tag.key == key), None)


def required(document: Document, key: str) -> str:
    """The value that names the resource. Raises `IncompleteAnswerError`."""
    value = document.get(key)
    if not isinstance(value, str) or not value:
        raise IncompleteAnswerError(key)
    return value


def text(document: Document, key: str) -> str:
    """A text that AWS may leave out; empty then."""
    return str(document.get(key) or "")


def flag(document: Document, key: str) -> bool | None:
    """A truth value; None when AWS left it out, because *not said* is not *false*."""
    value = document.get(key)
    return value if isinstance(value, bool) else None


def number(document: Document, key: str) -> int | None:
    """A whole number; None when AWS left it out."""
    value = document.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def texts(document: Document, key: str) -> tuple[str, ...]:
    """A list of texts; empty when AWS left it out."""
    return tuple(str(item) for item in document.get(key) or ())


def several[F](document: Document, key: str, make: Callable[[Document], F]) -> tuple[F, ...]:
    """One fact per entry of a list; empty when AWS left it out."""
    return tuple(make(item) for item in document.get(key) or ())


def inner(document: Document, key: str) -> Document:
    """A structure inside the answer; empty when AWS left it out."""
    value = document.get(key)
    return value if isinstance(value, Mapping) else {}


def moment(document: Document, key: str) -> datetime | None:
    """A time with zone; None when AWS left it out. Text, as in an answer stored by the CLI, is read as ISO
    8601.
    """
    value = document.get(key)
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def policy(value: Any) -> dict[str, Any] | None:
    """A policy document. IAM sends it URL-encoded and botocore decodes it; endpoints and the CLI give JSON
    text.

    None when there is none or it cannot be read: then nothing may be concluded from it.
    """
    if isinstance(value, str):
        try:
            value = json.loads(value if value.lstrip().startswith("{") else urllib.parse.unquote(value))
        except ValueError:
            return None
    return dict(value) if isinstance(value, Mapping) else None
