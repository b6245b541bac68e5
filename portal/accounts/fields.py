"""Form fields that hand what was typed to a parser."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError


class ParsedField(forms.CharField):
    """Text in the canonical form that `parse` returns.

    A parser raises ValueError; its text is the message at the field. The parser sees what was sent, untouched. An
    `optional` field may be left empty and is then the empty text.
    """

    def __init__(self, *, parse: Callable[[object], object], optional: bool = False, **more: Any) -> None:
        self.parse = parse
        self.optional = optional
        super().__init__(strip=False, required=not optional, **more)

    def to_python(self, value: Any) -> str:
        if self.optional and not str(value or "").strip(" \t"):
            return ""
        try:
            return str(self.parse(value))
        except ValueError as refused:
            raise ValidationError(str(refused), code=getattr(refused, "code", "invalid")) from refused


class NumberField(ParsedField):
    """A whole number; `parse` takes plain digits only. Django's IntegerField also takes `1_000`, `1.0` and `１`."""

    def to_python(self, value: Any) -> int:  # type: ignore[override]
        return int(super().to_python(value))
