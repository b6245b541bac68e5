"""What the browser is sent: how heavy, from where, and nothing inline that the policy would refuse."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NAMES = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/vendor/icons.svg").read_text()))


def weight(content: bytes) -> int:
    return len(gzip.compress(content, 9))


def linked(html: str) -> set[str]:
    """Paths of the static files a page loads."""
    return set(re.findall(r'(?:src|href)="/static/([^"#]+)', html))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/account/login/", "/demo/styleguide/"])
def test_a_first_load_weighs_at_most_150_kb_and_a_later_page_25(anonymous: Any, path: str) -> None:
    html = anonymous.get(path).content
    files = linked(html.decode())
    assert {"vendor/bootstrap.min.css", "css/portal.css", "vendor/icons.svg"} <= files
    first = sum(weight(Path(finders.find(name)).read_bytes()) for name in files)
    assert weight(html) <= 25_000
    assert first + weight(html) <= 150_000


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_holds_nothing_that_the_content_policy_refuses(template: Path) -> None:
    text = re.sub(r"{% comment %}.*?{% endcomment %}", "", template.read_text(), flags=re.DOTALL)
    assert not re.search(r"<[^>]+\sstyle\s*=", text)
    assert not re.search(r"<[^>]+\son[a-z]+\s*=", text)
    assert not re.search(r"<style\b", text)
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag or "application/json" in tag


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    named = {
        name: path.name
        for path in TEMPLATES
        for name in re.findall(r'_icon\.html" with name="([^"]+)"', path.read_text())
        + re.findall(r'icon="([^"]+)"', path.read_text())
    }
    assert named
    assert {name: where for name, where in named.items() if name not in NAMES} == {}


def test_the_lock_names_no_registry_host() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert set(packages) == {"node_modules/bootstrap", "node_modules/bootstrap-icons", "node_modules/@popperjs/core"}
    assert not [name for name, package in packages.items() if "resolved" in package]
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())


@pytest.mark.parametrize("name", ["bootstrap.min.css", "bootstrap.bundle.min.js"])
def test_a_vendored_file_points_at_no_map_and_is_of_the_locked_version(name: str) -> None:
    text = (ROOT / "static/vendor" / name).read_text()
    version = json.loads((ROOT / "package.json").read_text())["dependencies"]["bootstrap"]
    assert "sourceMappingURL" not in text
    assert f"v{version} " in text
