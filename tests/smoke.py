"""Starts the demo as a person would, looks at two pages, stops it with Ctrl-C, and sees that nothing is left.

`python -m tests.smoke` prints what it saw and fails when anything is not as it should be.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.marks import marked

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("/account/login/", "/request/")
READY_WITHIN = 90.0
"""Seconds; generous, because a busy machine is no fault of the demo's."""
STOPPED_WITHIN = 30.0


def free_ports(count: int) -> list[int]:
    """Ports on loopback that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


def listens(port: int) -> bool:
    """Whether something accepts connections on a port of loopback."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def status(url: str) -> int:
    """The HTTP status of a page; 0 while nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            response.read()
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


class NotReadyError(Exception):
    """The demo did not come up; the message says what happened."""


def wait_until_ready(demo: "subprocess.Popen[bytes]", base: str) -> float:
    """Seconds until the first page answered. Raises NotReadyError when the demo ended or took too long."""
    began = time.monotonic()
    while status(f"{base}{PAGES[0]}") != 200:
        if demo.poll() is not None:
            raise NotReadyError(f"The demo ended with status {demo.returncode} before it was ready.")
        if time.monotonic() - began > READY_WITHIN:
            raise NotReadyError(f"The demo was not ready within {READY_WITHIN:.0f} s.")
        time.sleep(0.1)
    return time.monotonic() - began


def look(demo: "subprocess.Popen[bytes]", port: int, emulator_port: int) -> list[str]:
    """What is wrong with the running demo."""
    base = f"http://127.0.0.1:{port}"
    print(f"ready after {wait_until_ready(demo, base):.1f} s", flush=True)
    wrong = []
    for page in PAGES:
        answer = status(base + page)
        print(f"{answer} {page}", flush=True)
        if answer != 200:
            wrong.append(f"{page} answered {answer}")
    if not listens(emulator_port):
        wrong.append(f"nothing listens on the emulator's port {emulator_port}")
    return wrong


def stop(demo: "subprocess.Popen[bytes]") -> list[str]:
    """Presses Ctrl-C, as a terminal does: SIGINT to the whole foreground group. Answers what was wrong with the end."""
    os.killpg(demo.pid, signal.SIGINT)
    try:
        demo.wait(STOPPED_WITHIN)
    except subprocess.TimeoutExpired:
        os.killpg(demo.pid, signal.SIGKILL)
        demo.wait()
        return [f"it did not stop within {STOPPED_WITHIN:.0f} s of Ctrl-C"]
    return []


def main() -> int:
    """0 when the demo came up, answered, and left nothing behind."""
    port, emulator_port = free_ports(2)
    with tempfile.TemporaryDirectory(prefix="portal-demo-") as home:
        command = ["make", "--no-print-directory", "demo", f"PORT={port}", f"EMULATOR_PORT={emulator_port}"]
        demo = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "DEMO_DIR": home}, start_new_session=True)
        try:
            wrong = look(demo, port, emulator_port)
        except NotReadyError as error:
            wrong = [str(error)]
        finally:
            end = stop(demo) if demo.poll() is None else []
        wrong += end
        wrong += [f"still running: {line}" for line in marked("DEMO_DIR", home).values()]
        wrong += [f"port {one} is still open" for one in (port, emulator_port) if listens(one)]
        if wrong:
            for log in sorted(Path(home, "logs").glob("*.log")):
                print(f"-- {log.name}\n{log.read_text(errors='replace')[-3000:]}")
    print("\n".join(wrong) if wrong else "stopped; no process and no open port is left")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
