"""The house's walls: imports run one way, and what judges facts is pure."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PURE = ("onboarding/checks", "onboarding/rules", "onboarding/inputs", "onboarding/stacks", "onboarding/bootstrap")
PURE += ("portal/findings/shapes.py", "portal/aws/facts.py", "portal/aws/facts")
PURE += ("networking/checks", "networking/exposure.py", "networking/routing.py")
PURE += ("networking/proposals.py", "networking/changes.py")
PURE += ("networking/peering/checks", "networking/peering/facts_file.py", "networking/peering/shapes.py")
#: What a pure module may take from Django: words, and nothing that knows settings, rows or requests.
WORDS = ("django.utils.translation", "django.utils.functional")


def modules(*places: str) -> Iterator[Path]:
    for place in places:
        path = ROOT / place
        yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


def imported(module: Path) -> set[str]:
    """Dotted names of the modules that a file imports, at the top or inside functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def test_imports_run_one_way() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("module", [*modules(*PURE)], ids=lambda path: str(path.relative_to(ROOT)))
def test_what_judges_facts_takes_only_words_from_django(module: Path) -> None:
    taken = {name for name in imported(module) if name.split(".")[0] in {"django", "boto3", "botocore"}}
    assert taken - set(WORDS) == set()


def test_no_module_is_a_drawer() -> None:
    drawers = {"utils", "helpers", "common", "manager", "handler", "misc"}
    found = [path for path in modules("portal", "onboarding", "networking") if path.stem in drawers]
    assert found == []
