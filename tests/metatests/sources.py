"""The project's own source text, as the metatests read it."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("portal", "onboarding", "networking")


@cache
def strings() -> tuple[tuple[str, str], ...]:
    """Every string constant in the packages that is no docstring, with its place (`portal/urls.py:12`)."""
    return tuple(_strings())


def matching(pattern: str) -> list[tuple[str, str]]:
    """Those of them that match a regular expression as a whole."""
    return [(text, place) for text, place in strings() if re.fullmatch(pattern, text)]


def _strings() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            tree = ast.parse(path.read_text())
            alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
                    yield node.value, f"{path.relative_to(ROOT)}:{node.lineno}"
