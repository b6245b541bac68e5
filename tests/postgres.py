"""Runs a command beside a throw-away PostgreSQL cluster, and removes the cluster whatever happens.

    python -m tests.postgres COMMAND …   DATABASE_URL of the cluster is in its environment; its exit status is ours
    python -m tests.postgres --where     prints the directory of the server programs, or fails

The cluster listens on a Unix socket in its own directory only, and keeps nothing safe: no fsync. PostgreSQL refuses to
run as root, so root hands it to the user `postgres`, or `nobody`.
"""

import ctypes
import glob
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

OLDEST = 15
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "listen_addresses=")
PATIENCE = 30.0


def version(programs: Path) -> int:
    """The major version of the server programs in a directory; 0 where there are none that run."""
    try:
        words = subprocess.check_output([programs / "postgres", "--version"], text=True, stderr=subprocess.DEVNULL)
        subprocess.run([programs / "initdb", "--version"], check=True, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return 0
    return int(words.split()[2].split(".")[0])


def server_programs() -> Path | None:
    """Where the newest server programs are; None when there are none of at least version 15."""
    places = [*glob.glob("/usr/lib/postgresql/*/bin"), *glob.glob("/opt/homebrew/opt/postgresql@*/bin")]
    on_path = shutil.which("initdb")
    if on_path:
        places.append(str(Path(on_path).resolve().parent))
    found = sorted((version(Path(place)), place) for place in places)
    return Path(found[-1][1]) if found and found[-1][0] >= OLDEST else None


def server_user() -> pwd.struct_passwd | None:
    """The user the server must run as when we are root; None when we are not."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def die_with_parent() -> None:
    """Asks Linux to end this process when its parent is gone (`kill -9` of the parent leaves nothing)."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGQUIT)


class Cluster:
    """A cluster in a temporary directory, from `with` to its end."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        self.home = Path(tempfile.mkdtemp(prefix="portal-postgres-", dir="/tmp"))
        self.log = self.home / "log"
        self.server: subprocess.Popen[bytes] | None = None
        self.as_user: dict[str, object] = {}
        owner = server_user()
        if owner is not None:
            os.chown(self.home, owner.pw_uid, owner.pw_gid)
            self.as_user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}

    @property
    def url(self) -> str:
        return f"postgres://portal@/{self.home}/portal"

    def __enter__(self) -> "Cluster":
        data = self.home / "data"
        initdb = ["-D", data, "-U", "portal", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        self._run("initdb", *map(str, initdb))
        options = [word for option in FAST for word in ("-c", option)]
        with self.log.open("ab") as log:
            self.server = subprocess.Popen(
                [self.programs / "postgres", "-D", data, "-k", self.home, *options],
                stdout=log,
                stderr=log,
                cwd=self.home,
                # Ctrl-C goes to the whole foreground group; the server ends when we say so.
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509 - this process has one thread
                **self.as_user,  # type: ignore[call-overload]
            )
        self._wait()
        self._run("createdb", "-h", str(self.home), "-U", "portal", "portal")
        return self

    def __exit__(self, *_: object) -> None:
        try:
            if self.server is not None:
                self.server.send_signal(signal.SIGINT)  # "fast": ends connections, then itself
                try:
                    self.server.wait(20)
                except subprocess.TimeoutExpired:
                    self.server.send_signal(signal.SIGQUIT)
                    self.server.wait(10)
        finally:
            shutil.rmtree(self.home, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.programs / program, *arguments],
            check=False,
            capture_output=True,
            cwd=self.home,
            text=True,
            **self.as_user,  # type: ignore[call-overload]
        )
        if done.returncode:
            raise SystemExit(f"{program} failed: {done.stderr.strip()}")

    def _wait(self) -> None:
        assert self.server is not None
        deadline = time.monotonic() + PATIENCE
        ready = [self.programs / "pg_isready", "-q", "-h", self.home, "-U", "portal"]
        while subprocess.run(ready, check=False).returncode:
            if self.server.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"PostgreSQL did not start: {self.log.read_text()[-2000:]}")
            time.sleep(0.1)


def main(arguments: list[str]) -> int:
    """The command's exit status; 1 when PostgreSQL is missing or does not start."""
    programs = server_programs()
    if programs is None:
        print(f"No server programs of PostgreSQL {OLDEST} or newer were found.", file=sys.stderr)
        return 1
    if arguments == ["--where"]:
        print(programs)
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    cluster = Cluster(programs)
    try:
        with cluster:
            return subprocess.call(arguments, env={**os.environ, "DATABASE_URL": cluster.url})
    finally:
        if cluster.home.exists():  # a start that failed never reaches __exit__
            cluster.__exit__()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
