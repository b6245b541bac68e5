"""What the repository may hold: the project, and nothing of whose machine it was written on."""

import json
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.metatests.sources import ROOT

TOP = {
    ".ci", ".dockerignore", ".env.example", ".gitignore", ".python-version", "Dockerfile", "Makefile", "README.md",
    "compose.yaml", "docs", "locale", "manage.py", "networking", "onboarding", "package-lock.json", "package.json",
    "portal", "pyproject.toml", "requirements", "static", "templates", "tests",
}  # fmt: skip
VENDORED = "static/vendor/"
#: Places on a machine, put together so that this file is not one of those that name them.
ELSEWHERE = re.compile(r"(?<![\w./}])/(?:" + "|".join(["work", "root", "home/[a-z]+", "Users/[A-Za-z]+"]) + r")/")
VAGUE = re.compile(r"(?:util|utility|helper|common|manager|handler|misc)s?")
HOSTS = re.compile(r"\w+://|--(?:extra-)?index-url|--find-links")
#: Lines. Style asks for about 300 and 60; these are where a file is split whatever its reasons.
PYTHON, TESTS, TEMPLATE = 400, 450, 80


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the repository, relative to its root."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file())


def text_of(path: Path) -> str:
    """The file's text; empty for one that is none."""
    try:
        return (ROOT / path).read_text()
    except UnicodeDecodeError:
        return ""


def ours(*endings: str) -> list[Path]:
    """The project's own files with one of these endings."""
    return [
        path for path in tracked()
        if path.suffix in endings and not str(path).startswith(VENDORED) and "migrations" not in path.parts
    ]  # fmt: skip


def longer_than(limit: int, paths: list[Path]) -> list[str]:
    counted = ((len(text_of(path).splitlines()), path) for path in paths)
    return [f"{path}: {lines} lines" for lines, path in counted if lines > limit]


def test_the_top_level_shows_the_product_and_nothing_else() -> None:
    assert {path.parts[0] for path in tracked()} <= TOP


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    found = [
        f"{path}:{number}" for path in tracked() if not str(path).startswith(VENDORED)
        for number, line in enumerate(text_of(path).splitlines(), 1) if ELSEWHERE.search(line)
    ]  # fmt: skip
    assert found == []


def test_the_search_for_places_would_find_one() -> None:
    assert ELSEWHERE.search("see " + "/".join(["", "root", "x.py"]))
    assert not ELSEWHERE.search("/admin/workflows/work/")


def test_the_lock_names_no_registry() -> None:
    assert not [
        path for path in tracked() if path.name in {"uv.lock", "yarn.lock", "pnpm-lock.yaml", ".npmrc", "pip.conf"}
    ]
    for name in ("base", "dev"):
        lock = (ROOT / "requirements" / f"{name}.txt").read_text()
        assert HOSTS.findall(lock) == []
        assert "--hash=sha256:" in lock
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert all("integrity" in package for name, package in packages.items() if name)


def test_every_module_is_named_by_a_noun_that_says_what_is_in_it() -> None:
    assert [str(path) for path in ours(".py", ".js") if VAGUE.fullmatch(path.stem)] == []
    assert [str(path) for path in ours(".py") if any(VAGUE.fullmatch(part) for part in path.parent.parts)] == []


def test_no_file_is_too_long_to_read() -> None:
    tests = [path for path in ours(".py") if path.parts[0] == "tests"]
    product = [path for path in ours(".py") if path.parts[0] != "tests"]
    assert longer_than(TESTS, tests) + longer_than(PYTHON, product) + longer_than(TEMPLATE, ours(".html")) == []


DOCUMENTS = [Path("README.md"), *(path for path in tracked() if path.parts[0] == "docs" and path.suffix == ".md")]
LINK = re.compile(r"\]\((?!\w+:|#)([^)#]+)(?:#[^)]*)?\)")
NAMED = re.compile(r"`((?:\.ci|docs|networking|onboarding|portal|requirements|static|templates|tests)/[\w./-]+)`")
TARGET = re.compile(r"`make ([a-z]+)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_what_a_document_points_to_is_there(document: Path) -> None:
    text = (ROOT / document).read_text()
    missing = [link for link in LINK.findall(text) if not (ROOT / document.parent / link).exists()]
    missing += [name for name in NAMED.findall(text) if not (ROOT / name).exists()]
    makefile = (ROOT / "Makefile").read_text()
    missing += [f"make {name}" for name in TARGET.findall(text) if not re.search(rf"^{name}:", makefile, re.MULTILINE)]
    assert missing == []
