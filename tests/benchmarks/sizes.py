"""Bytes over the wire per page in Chromium: the first page with an empty cache, then each page with what is kept."""

import gzip
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import BrowserContext, Response, sync_playwright

from tests.benchmarks import servers
from tests.benchmarks.figures import Figure
from tests.benchmarks.scene import PAGES, Scene
from tests.chromium import ARGUMENTS, system_chromium
from tests.people import Person

FIRST, LATER = 150.0, 25.0
TEXT = ("text/", "application/javascript", "application/json", "image/svg")


def kilobytes(response: Response) -> float:
    """What a response costs: nothing from the cache; text that is left to the proxy to compress, as gzip sends it."""
    sent = response.request.sizes()["responseBodySize"]
    if sent <= 0:  # Chromium counts nothing, less the headers, for what it has in its cache
        return 0.0
    text = response.headers.get("content-type", "").startswith(TEXT)
    if text and not response.headers.get("content-encoding"):
        sent = len(gzip.compress(response.body(), 6))
    return sent / 1000


def load(context: BrowserContext, url: str) -> tuple[int, float]:
    """Status and kilobytes of a page in a context."""
    page = context.new_page()
    responses: list[Response | None] = []
    page.on("requestfinished", lambda request: responses.append(request.response()))
    answer = page.goto(url, wait_until="networkidle")
    cost = sum(kilobytes(response) for response in responses if response is not None)
    page.close()
    return answer.status if answer else 0, cost


def measure(scene: Scene, home: Path) -> Iterator[Figure]:
    """Two figures per page."""
    with servers.web(home) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_chromium(), args=ARGUMENTS)
        for page in PAGES:
            path, person = scene.path(page.name), page.viewer(scene)
            if path is None:
                yield Figure(page.name, None, note="no such address")
                continue
            context = browser.new_context()
            sign_in(context, base, person)
            status, first = load(context, base + path)
            if status == 200:
                yield Figure(f"{page.name} first", first, " kB", FIRST)
                yield Figure(f"{page.name} later", load(context, base + path)[1], " kB", LATER)
            else:
                yield Figure(page.name, None, note=f"answered {status}")
            context.close()
        browser.close()


def sign_in(context: BrowserContext, base: str, person: Person) -> None:
    """Gives a browser context a person's session."""
    session = person.client.cookies.get("sessionid")
    if session is not None:
        context.add_cookies([{"name": "sessionid", "value": session.value, "url": base}])
