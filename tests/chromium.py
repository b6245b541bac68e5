"""Which Chromium the tests drive. `python -m tests.chromium` starts it once and prints its path, or fails."""

import shutil
import sys

from playwright.sync_api import Error, sync_playwright

#: The shell first: the same engine without windows and without what a desktop's browser does besides. A page of a test
#: costs a quarter with it.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none"]


def system_chromium() -> str | None:
    """The machine's own Chromium, as a shell where it has that; None when there is none and Playwright's must serve."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def main() -> int:
    """0 and the browser's path, 1 when none starts."""
    with sync_playwright() as playwright:
        path = system_chromium() or playwright.chromium.executable_path
        try:
            playwright.chromium.launch(executable_path=path, args=ARGUMENTS).close()
        except Error as error:
            print(error.message.splitlines()[0], file=sys.stderr)
            return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
