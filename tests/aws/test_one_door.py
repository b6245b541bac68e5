"""Read from the source: who may speak to AWS at all."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("portal", "onboarding", "networking")
DOOR = ("portal/aws/", "portal/demo/")


def sources() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def imports(tree: ast.Module) -> set[str]:
    """Dotted names of what a module imports, the names that it takes from there included."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def calls_of(tree: ast.Module, method: str) -> int:
    return sum(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method
        for node in ast.walk(tree)
    )


def test_one_line_of_the_portal_assumes_roles() -> None:
    found = {name: calls_of(tree, "assume_role") for name, tree in sources() if not name.startswith("portal/demo/")}
    assert {name: number for name, number in found.items() if number} == {"portal/aws/sessions.py": 1}


def test_only_the_door_makes_clients() -> None:
    """The names of botocore's exceptions open nothing; all else of it stays behind the door."""
    knowing = {
        module: name for name, tree in sources() if not name.startswith(DOOR) for module in imports(tree)
        if module.split(".")[0] in {"boto3", "botocore"} and not module.startswith("botocore.exceptions")
    }  # fmt: skip
    assert knowing == {}


def test_nothing_that_answers_a_browser_opens_the_door() -> None:
    """The web process never calls AWS: no view, form, admin or template tag imports what does, at any remove."""
    known = dict(sources())
    graph = {module_name(name): imports(tree) for name, tree in known.items()}
    web = [
        module for module in graph
        if any(part in {"views", "forms", "admin", "urls", "templatetags", "middleware"} for part in module.split("."))
        and not module.startswith("portal.demo")
    ]  # fmt: skip
    assert len(web) > 10
    opening = {
        module: imports_of for module, imports_of in graph.items() if "portal.aws.sessions.open_session" in imports_of
    }
    assert opening
    offenders = [module for module in web if graph[module] & {"portal.aws.sessions.open_session", *opening}]
    assert offenders == []


def module_name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
