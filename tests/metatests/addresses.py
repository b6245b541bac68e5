"""Every address that the URL configuration answers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """One URL: its full name (`accounts:members`), route, and the view that answers."""

    name: str
    route: str
    view: Callable[..., Any]

    @property
    def arguments(self) -> tuple[str, ...]:
        """Names of what the route takes."""
        return tuple(part.split(">")[0].split(":")[-1] for part in self.route.split("<")[1:])

    @property
    def is_ours(self) -> bool:
        """Whether the view is written in this project."""
        return self.view.__module__.split(".")[0] in {"portal", "onboarding", "networking"}


@cache
def addresses() -> tuple[Address, ...]:
    """All of them, in the order in which they are tried."""
    return tuple(_walk(get_resolver(), "", ""))


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            name = entry.name or ""
            yield Address(f"{namespace}{name}" if name else f"/{route}", route, entry.callback)
        else:
            yield from _walk(entry, route, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
