"""Runs a shell script as a customer would: dash, the real AWS CLI v2, the root of an account of the emulator.

`python -m tests.networking.cli` prints where the AWS CLI v2 is, or fails: .ci/system asks it.
"""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from tests.networking.quick_aws.starting import quick_command

#: Debian's `awscli` first: a shim of another kind may stand before it on PATH.
PLACES = ("/usr/bin/aws", "/usr/local/bin/aws", "/opt/homebrew/bin/aws")


@cache
def aws_cli() -> str | None:
    """The path of an AWS CLI v2 that starts; None when there is none here."""
    on_path = shutil.which("aws")
    return next((place for place in (*PLACES, on_path) if place and _is_v2(place)), None)


def _is_v2(program: str) -> bool:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.returncode == 0 and said.stdout.startswith("aws-cli/2.")


def run_script(
    text: str, *, account: str, region: str, endpoint: str, cwd: Path, timeout: float = 120, plain: bool = False
) -> subprocess.CompletedProcess[str]:
    """Runs `text` in `cwd` with dash and returns its exit status, stdout and stderr.

    `account` is the 12-digit id whose root the AWS CLI is, `endpoint` the emulator's address. Nothing of this process's
    own AWS settings is seen by the script. Raises subprocess.TimeoutExpired after `timeout` seconds, when the script
    and what it started are gone. `plain` starts the AWS CLI anew for each call, and sleeps as
    long as the script or a waiter says: it does the same, for who measures it.
    """
    with tempfile.TemporaryDirectory(prefix="cli-") as name:
        home = Path(name)
        (home / "script.sh").write_text(text, encoding="utf-8")
        (home / "home").mkdir()
        _write_programs(home / "bin", endpoint, plain=plain)
        environment = _environment(home, account, region)
        return _run(["dash", str(home / "script.sh")], environment, cwd, timeout)


def _write_programs(folder: Path, endpoint: str, *, plain: bool) -> None:
    """`aws` for PATH, which talks to the emulator: not every v2 knows AWS_ENDPOINT_URL. And a `sleep` of a moment,
    which is what things take in the emulator of the tests.
    """
    program = aws_cli()
    assert program is not None, "The tests need the AWS CLI v2 (Debian's package awscli); `make test` installs it."
    command = (program,) if plain else quick_command(program)
    folder.mkdir()
    _write_program(folder / "aws", f'{shlex.join([*command, "--endpoint-url", endpoint])} "$@"')
    if not plain:
        _write_program(folder / "sleep", f"{shutil.which('sleep')} 0.2")


def _write_program(path: Path, command: str) -> None:
    path.write_text(f"#!/bin/sh\nexec {command}\n")
    path.chmod(0o755)


def _environment(home: Path, account: str, region: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return kept | {
        "PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home / "home"),
        "AWS_ACCESS_KEY_ID": account,
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",
    }


def _run(
    command: list[str], environment: dict[str, str], cwd: Path, timeout: float
) -> subprocess.CompletedProcess[str]:
    """Like subprocess.run, but what the command started ends with it."""
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    ) as running:
        try:
            out, err = running.communicate(timeout=timeout)
        except BaseException:
            os.killpg(running.pid, signal.SIGKILL)
            raise
        return subprocess.CompletedProcess(command, running.returncode, out, err)


if __name__ == "__main__":
    print(aws_cli() or "no AWS CLI v2", file=sys.stdout if aws_cli() else sys.stderr)
    sys.exit(0 if aws_cli() and shutil.which("dash") else 1)
