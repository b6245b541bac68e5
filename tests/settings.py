"""The settings under which tests run: the portal's own in mode `test`, cut off from any real AWS account.

The database is what DATABASE_URL names, else an SQLite file: a file and not memory, because workers and live servers
open it too. Child processes inherit the environment set here, and use `portal.settings` itself.
"""

import atexit
import os
import shutil
import tempfile

os.environ["PORTAL_MODE"] = "test"
if not os.environ.get("DATABASE_URL"):
    if "PORTAL_TESTS_HOME" not in os.environ:  # xdist's workers share their parent's
        os.environ["PORTAL_TESTS_HOME"] = tempfile.mkdtemp(prefix="portal-tests-")
        atexit.register(shutil.rmtree, os.environ["PORTAL_TESTS_HOME"], ignore_errors=True)
    os.environ["DATABASE_URL"] = f"sqlite:///{os.environ['PORTAL_TESTS_HOME']}/portal.sqlite3"

# Whoever runs the tests may have credentials: no test may find them. Port 1 answers nobody, so that a test that
# forgets the emulator fails at once.
for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]
os.environ |= {
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}

from portal.settings import *  # noqa: E402, F403
from portal.settings import DATABASES  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": f"{os.environ['PORTAL_TESTS_HOME']}/test.sqlite3"}
