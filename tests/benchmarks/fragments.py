"""How many unchanged progress fragments (204) are answered a second, against a constant authenticated view."""

import http.client
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tests.benchmarks import servers
from tests.benchmarks.figures import Figure, percentile
from tests.benchmarks.scene import FRAGMENTS, Scene, seen
from tests.people import Person

CONNECTIONS = 8
SECONDS = 1.0
ROUNDS = 5
"""The two take turns, so that a slow moment of the machine meets both."""
LIMIT = 0.5


def rate(base: str, path: str, person: Person, wanted: int) -> float | None:
    """Requests a second over some connections kept alive; None when one is not answered with `wanted`."""
    counts, wrong = [0] * CONNECTIONS, []
    headers = {"Cookie": f"sessionid={person.client.cookies['sessionid'].value}", "HX-Request": "true"}
    end = time.monotonic() + SECONDS

    def pull(number: int) -> None:
        connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=10)
        while time.monotonic() < end and not wrong:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status != wanted:
                wrong.append(answer.status)
            counts[number] += 1
        connection.close()

    threads = [threading.Thread(target=pull, args=(number,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return None if wrong else sum(counts) / SECONDS


def turns(base: str, path: str, person: Person) -> tuple[float, float]:
    """Medians of the fragment's and the constant view's rates; 0 when one was not answered as it should be."""
    rates: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS + 1):
        rates[0].append(rate(base, path, person, 204) or 0.0)
        rates[1].append(rate(base, "/bench/constant/", person, 200) or 0.0)
    return percentile(rates[0][1:], 0.5), percentile(rates[1][1:], 0.5)  # the first round warmed up


def measure(scene: Scene, home: Path) -> Iterator[Figure]:
    """One figure per fragment."""
    with servers.web(home) as base:
        for fragment in FRAGMENTS:
            path, person = scene.path(fragment.name), fragment.viewer(scene)
            if path is None:
                yield Figure(fragment.name, None, note="no such address")
                continue
            unchanged, constant = turns(base, f"{path}?{seen(scene.deployment)}", person)
            if not constant or not unchanged:
                yield Figure(fragment.name, None, note="not answered with 204")
                continue
            note = f"{unchanged:.0f}/s, constant view {constant:.0f}/s"
            yield Figure(fragment.name, unchanged / constant, "×", LIMIT, at_least=True, note=note)
