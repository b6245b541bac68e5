"""Form widgets."""

from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


class LongSelect(forms.Select):
    """A select with many options and no groups.

    Django renders a template for each option: 430 time zones took 15 ms of a page's 20. Here the options are written
    once per list and language and remembered; only the selected one is marked anew.
    """

    def render(
        self,
        name: str,
        value: Any,
        attrs: Mapping[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        chosen = "" if value is None else str(value)
        options = _options(tuple((str(key), str(label)) for key, label in self.choices))
        one = f'<option value="{escape(chosen)}"'
        marked = options.replace(f"{one}>", f"{one} selected>", 1)
        attributes = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>\n{}</select>", attributes, mark_safe(marked))  # noqa: S308 - escaped below


@lru_cache(maxsize=64)
def _options(choices: tuple[tuple[str, str], ...]) -> str:
    return "".join(f'<option value="{escape(key)}">{escape(label)}</option>\n' for key, label in choices)
