"""From a click to the first AWS call of the workflow that it starts: web, queue, worker and emulator over real HTTP."""

import http.client
import re
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests.benchmarks import servers
from tests.benchmarks.figures import Figure, percentile
from tests.benchmarks.scene import CLICKS, Click, Scene, fresh
from tests.processes import wait_for

CLICKS_EACH = 20
LIMIT = 0.5


def arrived(journal: Path, account: str) -> bool:
    """Whether the emulator has heard of an account: taking a role in it is the first thing a workflow does."""
    return journal.exists() and account in journal.read_text()


def hidden(page: str) -> dict[str, str]:
    """Name → value of the hidden fields of a page's last form."""
    fields = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page[page.rfind("<form") :]):
        found = {key: unescape(value) for key, value in re.findall(r"(\w+)=\"([^\"]*)\"", tag)}
        fields[found["name"]] = found.get("value", "")
    return fields


def click(base: str, path: str, cookie: str, fields: dict[str, str]) -> tuple[int, float]:
    """Loads a form, sends it as a browser would; status, and when the sending began."""
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=20)
    connection.request("GET", path, headers={"Cookie": cookie})
    page = connection.getresponse()
    cookies = [cookie, *(value.split(";")[0] for name, value in page.getheaders() if name.lower() == "set-cookie")]
    body = urlencode(hidden(page.read().decode()) | fields)
    headers = {"Cookie": "; ".join(cookies), "Content-Type": "application/x-www-form-urlencoded"}
    began = time.monotonic()
    connection.request("POST", path, body, {**headers, "Origin": base})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, began


def seconds(scene: Scene, one: Click, base: str, journal: Path) -> float | int | None:
    """Seconds from the click to the first call; an int is the status of a click that was refused; None: no address."""
    deployment, account = fresh(scene)
    path = Scene(scene.people, deployment).path(one.name)
    if path is None:
        return None
    cookie = f"sessionid={scene.people.owner.client.cookies['sessionid'].value}"
    status, began = click(base, path, cookie, one.fields(account))
    if status != 302:
        return status
    wait_for(lambda: arrived(journal, account), within=20, every=0.005, what=f"a call in {account}")
    return time.monotonic() - began


def measure(scene: Scene, home: Path) -> Iterator[Figure]:
    """One figure per click: the 95th percentile."""
    with servers.emulator(home) as journal, servers.web(home) as base, servers.worker(home):
        for one in CLICKS:
            first = seconds(scene, one, base, journal)  # warms up
            if not isinstance(first, float):
                note = "no such address" if first is None else f"answered {first}"
                yield Figure(f"click → AWS: {one.name}", None, note=note)
                continue
            taken = [float(seconds(scene, one, base, journal) or 0) for _ in range(CLICKS_EACH)]
            note = f"p50 {percentile(taken, 0.5):.2f} s over {len(taken)} clicks"
            yield Figure(f"click → AWS p95: {one.name}", percentile(taken, 0.95), " s", LIMIT, note=note)
