"""Chromium for tests: pages that notice every error, in any language, theme and size."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Response, sync_playwright

from tests.chromium import ARGUMENTS, system_chromium
from tests.people import Person

ROOT = Path(__file__).resolve().parent.parent
SIZES = {"desktop": (1280, 900), "wide": (1920, 1080), "phone": (390, 844)}
LOCALES = {"en": "en-US", "ja": "ja-JP"}

#: Told to the page before its own code runs; it reports what the policy refused.
WITNESS = """document.addEventListener("securitypolicyviolation", (event) => {
  const place = `${event.sourceFile}:${event.lineNumber}`;
  console.error(`CSP refused ${event.blockedURI} by ${event.effectiveDirective} at ${place}`);
});"""


@dataclass
class Watch:
    """What went wrong in the pages of one test. A test that provokes an error says so with `allow`."""

    troubles: list[str] = field(default_factory=list)
    allowed: list[re.Pattern[str]] = field(default_factory=list)

    def allow(self, pattern: str) -> None:
        """Troubles that match the regular expression `pattern` are meant, from now on and before."""
        self.allowed.append(re.compile(pattern))

    def note(self, trouble: str) -> None:
        self.troubles.append(trouble)

    def unexpected(self) -> list[str]:
        return [text for text in self.troubles if not any(pattern.search(text) for pattern in self.allowed)]

    def follow(self, page: Page) -> None:
        """Notes console errors, uncaught errors, refusals of the content policy, and failed or foreign answers."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.note(f"page error: {error}"))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.note(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.note(f"{response.status} from {response.url}")
        if not re.match(r"(https?://(127\.0\.0\.1|localhost)[:/]|data:|blob:)", response.url):
            self.note(f"foreign request: {response.url}")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright for this process. Its event loop stays in this thread, which Django would take for async code."""
    patch = pytest.MonkeyPatch()
    with sync_playwright() as running:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield running
    patch.undo()


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium per test process."""
    chromium = playwright.chromium.launch(executable_path=system_chromium(), args=ARGUMENTS)
    yield chromium
    chromium.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the test for anything that went wrong in its pages and was not allowed."""
    watch = Watch()
    yield watch
    assert watch.unexpected() == []


@dataclass
class Pages:
    """Opens pages; see `open_page`."""

    browser: Browser
    watch: Watch
    base_url: str
    contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(
        self, person: Person | None = None, *, language: str = "en", theme: str = "light", size: str = "desktop",
        javascript: bool = True, **more: Any,
    ) -> Page:  # fmt: skip
        """A page in a browser of its own.

        `person` is signed in; `language` is en or ja; `theme` light or dark; `size` desktop, wide or phone;
        `more` goes to Playwright's new_context. Addresses may be given without the host: `page.goto("/")`.
        """
        width, height = SIZES[size]
        context = self.browser.new_context(
            base_url=self.base_url, locale=LOCALES[language], color_scheme=theme, java_script_enabled=javascript,  # type: ignore[arg-type]
            viewport={"width": width, "height": height}, timezone_id="UTC", reduced_motion="reduce",
            is_mobile=size == "phone", has_touch=size == "phone", **more,
        )  # fmt: skip
        self.contexts.append(context)
        context.set_default_timeout(10_000)
        context.add_init_script(WITNESS)
        if person is not None and person.user is not None:
            session = person.client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": self.base_url}])
        page = context.new_page()
        self.watch.follow(page)
        context.on("page", self.watch.follow)  # pages that this one opens
        return page

    def photograph(self, directory: Path) -> None:
        """A picture of every page that is open."""
        directory.mkdir(parents=True, exist_ok=True)
        pages = [page for context in self.contexts for page in context.pages]
        for number, page in enumerate(pages):
            page.screenshot(path=directory / f"page-{number}.png", full_page=True)
            (directory / f"page-{number}.html").write_text(f"<!-- {page.url} -->\n{page.content()}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Remembers in the test how its own part ended, for `open_page` to see."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture
def open_page(browser: Browser, watch: Watch, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Pages]:
    """Opens pages on the live server, each in a context of its own; a failure leaves pictures in test-results."""
    pages = Pages(browser, watch, live_server.url)
    yield pages
    if request.node.stash.get(FAILED, False) or watch.unexpected():
        pages.photograph(ROOT / "test-results" / re.sub(r"[^\w.-]+", "_", request.node.nodeid))
    for context in pages.contexts:
        context.close()


@pytest.fixture
def browser_page(open_page: Callable[..., Page]) -> Page:
    """A page in which nobody is signed in: English, light, desktop."""
    return open_page()
