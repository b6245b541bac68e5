"""Starts the server that makes calls of the AWS CLI cheap: one for this process, with the first call that is asked for.

A start of the AWS CLI costs half a second of CPU, a call of the server a tenth of that.
"""

import atexit
import os
import select
import shlex
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
#: Seconds until the server listens.
PATIENCE = 60.0


@cache
def quick_command(program: str) -> tuple[str, ...]:
    """The command that does what `program`, an AWS CLI v2, does.

    That is `program` itself where it is not a Python script (AWS's own installer brings a frozen one), where the
    interpreter it names cannot load the CLI, and where this is not Linux: what was loaded elsewhere need not survive a
    fork.
    """
    interpreter = _interpreter(program)
    if not interpreter or sys.platform != "linux":
        return (program,)
    path = Path(tempfile.mkdtemp(prefix="aws-")) / "socket"
    server = subprocess.Popen(
        [*interpreter, str(HERE / "server.py"), program, str(path)],
        env=_environment(path.parent),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    atexit.register(_end, server)
    if not _is_ready(server):
        _end(server)
        shutil.rmtree(path.parent, ignore_errors=True)
        return (program,)
    return (*interpreter, "-I", "-S", str(HERE / "client.py"), str(path))


def _interpreter(program: str) -> list[str]:
    """What the first line of a Python script names; nothing for any other program."""
    with Path(program).open("rb") as file:
        first = file.readline(256)
    words = shlex.split(first[2:].decode(errors="replace")) if first.startswith(b"#!") else []
    return words if any("python" in Path(word).name for word in words) else []


def _environment(home: Path) -> dict[str, str]:
    """Without this person's own AWS settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("AWS_")} | {"HOME": str(home)}


def _is_ready(server: "subprocess.Popen[bytes]") -> bool:
    assert server.stdout is not None
    return bool(select.select([server.stdout], [], [], PATIENCE)[0]) and server.stdout.readline() == b"ready\n"


def _end(server: "subprocess.Popen[bytes]") -> None:
    """Lets go of the server's stdin, with which it ends, and all calls under way."""
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.close()
    server.stdout.close()
    server.wait(PATIENCE)
