"""Server time and queries of each page, against an empty view behind the same middleware in the same run."""

import time
from collections.abc import Iterator
from wsgiref.util import setup_testing_defaults

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.benchmarks.figures import Figure, percentile
from tests.benchmarks.scene import PAGES, Scene
from tests.people import Person

ROUNDS = 40
LIMIT = 6
QUERIES = 10


def request(handler: WSGIHandler, path: str, person: Person) -> int:
    """One GET through the whole stack without a socket; the status."""
    session = person.client.cookies.get("sessionid")
    environ: dict[str, object] = {"PATH_INFO": path, "HTTP_HOST": "127.0.0.1", "REMOTE_ADDR": "127.0.0.1"}
    if session is not None:
        environ["HTTP_COOKIE"] = f"sessionid={session.value}"
    setup_testing_defaults(environ)
    heard: list[int] = []
    body = handler(environ, lambda status, headers, info=None: heard.append(int(status.split()[0])))
    b"".join(body)
    body.close()
    return heard[0]


def times(handler: WSGIHandler, paths: dict[str, Person], rounds: int) -> dict[str, list[float]]:
    """Seconds of each request; the paths take turns, so that a slow moment of the machine meets all of them."""
    taken: dict[str, list[float]] = {path: [] for path in paths}
    for number in range(rounds + 3):
        for path, person in paths.items():
            began = time.perf_counter()
            request(handler, path, person)
            if number >= 3:  # the first ones load templates
                taken[path].append(time.perf_counter() - began)
    return taken


def measure(scene: Scene) -> Iterator[Figure]:
    """One figure per page for its time, one for its queries where they are too many."""
    handler = WSGIHandler()
    for page in PAGES:
        path, person = scene.path(page.name), page.viewer(scene)
        if path is None:
            yield Figure(page.name, None, note="no such address")
            continue
        with CaptureQueriesContext(connection) as queries:
            status = request(handler, path, person)
        count = len(queries)  # now: the next request empties the log
        if status != 200:
            yield Figure(page.name, None, note=f"answered {status}")
            continue
        taken = times(handler, {path: person, "/bench/empty/": person}, ROUNDS)
        p50, empty = (percentile(taken[each], 0.5) for each in (path, "/bench/empty/"))
        note = f"{p50 * 1000:.1f} ms, empty {empty * 1000:.1f} ms, {count} queries"
        note += f", OVER {QUERIES} queries" if count > QUERIES else ""
        yield Figure(page.name, p50 / empty, "×", LIMIT, note=note)
