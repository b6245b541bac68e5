"""`python -m tests.benchmarks [PART …]`: pages, fragments, latency, sizes, memory, vpc, peering; without arguments all.

SQLite in a temporary directory, or the database that DATABASE_URL names:
`python -m tests.postgres .venv/bin/python -m tests.benchmarks`.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.benchmarks.figures import Figure

PARTS = ("pages", "fragments", "latency", "sizes", "memory", "vpc", "peering")


def prepare(home: Path) -> None:
    """Django with the benchmark's settings, a migrated database, collected static files."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
        "DEMO_DIR": str(home),
        "STATIC_ROOT": str(home / "static"),
    }
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{home / 'portal.sqlite3'}")
    import django
    from django.core.management import call_command

    django.setup()
    for command in (["migrate"], ["createcachetable"], ["collectstatic", "--no-input"]):
        call_command(*command, verbosity=0)


def parts(home: Path) -> dict[str, Callable[[], Iterable[Figure]]]:
    """Name → what measures it."""
    from tests.benchmarks import fragments, latency, memory, pages, peering, sizes, vpc
    from tests.benchmarks.scene import Scene

    scene = Scene.set()
    return {
        "pages": lambda: pages.measure(scene),
        "fragments": lambda: fragments.measure(scene, home),
        "latency": lambda: latency.measure(scene, home),
        "sizes": lambda: sizes.measure(scene, home),
        "memory": lambda: memory.measure(home),
        "vpc": lambda: vpc.measure(scene, home),
        "peering": lambda: peering.measure(scene, home),
    }


def main(wanted: list[str]) -> int:
    """0; 2 for a part that does not exist."""
    unknown = sorted(set(wanted) - set(PARTS))
    if unknown:
        print(f"No part is called {', '.join(unknown)}. There are {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as place:
        prepare(Path(place))
        measured = parts(Path(place))
        for name in wanted or PARTS:
            print(f"== {name}", flush=True)
            for figure in measured[name]():
                print(figure.line(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
