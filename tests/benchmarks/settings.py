"""The demo's settings on a database of the benchmark's own, with two more addresses to compare with."""

import os

os.environ["PORTAL_MODE"] = "demo"

from portal.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.urls"

# A line per request is no part of what is compared, and would bury the figures.
LOGGING["root"]["level"] = "WARNING"  # noqa: F405
