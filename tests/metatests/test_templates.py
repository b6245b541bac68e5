"""Every template loads, and everything it names exists."""

import re

import pytest
from django.template import Template, TemplateDoesNotExist
from django.template.base import Node
from django.template.defaulttags import URLNode
from django.template.loader import get_template
from django.template.loader_tags import ExtendsNode, IncludeNode

from tests.metatests.addresses import addresses
from tests.metatests.sources import ROOT, matching

FOLDERS = (ROOT / "templates", *sorted(ROOT.glob("*/*/templates")), *sorted(ROOT.glob("*/templates")))
SUFFIXES = {".html", ".txt", ".svg"}
TEMPLATES = sorted(str(p.relative_to(folder)) for folder in FOLDERS for p in folder.rglob("*") if p.suffix in SUFFIXES)


def nodes(template: Template) -> list[Node]:
    """All nodes of a template, inner ones too."""
    return list(template.nodelist.get_nodes_by_type(Node))  # type: ignore[type-var]


def constant(expression: object) -> str | None:
    """What a template expression says if it says it literally."""
    value = getattr(expression, "var", None)
    return value if isinstance(value, str) and not hasattr(value, "lookups") else None


def test_there_are_templates() -> None:
    assert TEMPLATES


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_loads_and_names_only_what_exists(name: str) -> None:
    template: Template = get_template(name).template  # type: ignore[attr-defined]
    known = {address.name for address in addresses()}
    for node in nodes(template):
        if isinstance(node, URLNode):
            view = constant(node.view_name)
            assert view is None or view in known, f"{name} links to {view}"
        elif isinstance(node, IncludeNode | ExtendsNode):
            other = constant(node.template if isinstance(node, IncludeNode) else node.parent_name)
            if other:
                get_template(other)


def exists(name: str) -> bool:
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return False
    return True


def test_the_templates_that_code_names_exist() -> None:
    named = matching(r"[\w./-]+\.html(#\w+)?|[\w-]+/[\w./-]+\.txt(#\w+)?")
    assert named
    assert [(name, place) for name, place in named if not exists(name)] == []


def test_the_addresses_that_code_names_exist() -> None:
    named = matching(r"(onboarding|accounts|networking|demo|support|admin):[a-z_]+")
    known = {address.name for address in addresses()}
    assert named
    assert [(name, place) for name, place in named if name not in known] == []


COMMENT = re.compile(r"{#.*?#}|{% comment.*?endcomment %}", re.DOTALL)


def test_templates_carry_no_code_and_no_style() -> None:
    inline = re.compile(
        r"<script(?![^>]*\b(src|nonce)=)|<style(?![^>]*\bnonce=)|\son\w+\s*=\s*[\"']|\sstyle\s*=\s*[\"']|javascript:"
    )
    pages = [path for folder in FOLDERS for path in folder.rglob("*.html")]
    found = [(path.name, inline.findall(COMMENT.sub("", path.read_text()))) for path in pages]
    assert [(name, code) for name, code in found if code] == []
