"""The AWS CLI of the tests: loaded once and forked for each call, it does what one does that is started anew."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.emulators import Emulator
from tests.networking.cli import aws_cli, run_script
from tests.networking.quick_aws.starting import quick_command
from tests.processes import ROOT, wait_for

REGION = "eu-central-1"
#: No VPC has this name: it looks forty times.
ENDLESS = "aws ec2 wait vpc-available --filters Name=tag:Name,Values=nobody"
SUCCESS = """
printf '[{"Key": "näme", "Value": "ü"}]' >tags.json
vpc=$(aws ec2 describe-vpcs --query 'Vpcs[0].VpcId' --output text)
aws ec2 create-tags --resources "$vpc" --tags file://tags.json
LC_ALL=C.UTF-8 aws ec2 describe-vpcs --query 'Vpcs[].Tags[]'
AWS_REGION=us-east-2 aws ec2 describe-subnets --page-size 5 --query 'Subnets[].AvailabilityZone' | sort
AWS_ACCESS_KEY_ID=444455556666 aws sts get-caller-identity
aws --version
"""
FAILURE = """
set -u
aws ec2 describe-vpcs --vpc-ids vpc-0123456789abcdef0 || echo $?
aws ec2 describe-vpcs --what || echo $?
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
aws ec2 describe-vpcs
"""
WAIT = """
aws ec2 wait vpc-available --filters Name=is-default,Values=true && echo there
aws ec2 wait vpc-available --vpc-ids vpc-0123456789abcdef0
"""
#: Read by the CLI before it knows the command.
CONFIGURATION = """
mkdir "$HOME/.aws"
printf '[default]\\noutput = text\\n' >"$HOME/.aws/config"
aws sts get-caller-identity
AWS_PROFILE=nobody aws sts get-caller-identity
"""


@pytest.fixture
def quick() -> tuple[str, ...]:
    """The command of the loaded CLI."""
    command = quick_command(str(aws_cli()))
    if len(command) == 1:
        pytest.skip("This AWS CLI is no Python script: every call starts it anew.")
    return command


@pytest.mark.parametrize(
    ("script", "status", "said"),
    [
        (SUCCESS, 0, "näme"),
        (FAILURE, 253, "VpcID {'vpc-0123456789abcdef0'} does not exist"),
        (WAIT, 255, "Waiter VpcAvailable failed"),
        (CONFIGURATION, 255, "The config profile (nobody) could not be found"),
    ],
    ids=["success", "failure", "wait", "configuration"],
)
def test_a_loaded_cli_does_what_one_started_anew_does(
    script: str, status: int, said: str, quick: Sequence[str], emulator: Emulator, account_id: str, tmp_path: Path
) -> None:
    answers = []
    for plain in (False, True):
        ran = run_script(
            script, account=account_id, region=REGION, endpoint=emulator.endpoint, cwd=tmp_path, plain=plain
        )
        answers.append((ran.returncode, ran.stdout, ran.stderr))
    assert answers[0] == answers[1]
    assert ran.returncode == status
    assert said in ran.stdout + ran.stderr


def test_a_script_that_takes_too_long_leaves_no_process(
    quick: Sequence[str], emulator: Emulator, account_id: str, tmp_path: Path
) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        run_script(
            f"{ENDLESS} & {ENDLESS}",
            account=account_id,
            region=REGION,
            endpoint=emulator.endpoint,
            cwd=tmp_path,
            timeout=2,
        )
    wait_for(lambda: len(family(quick[-1])) == 1, what="the server is alone")


def test_the_server_and_its_calls_end_with_a_process_that_is_killed(quick: Sequence[str], emulator: Emulator) -> None:
    code = (
        f"import time; from tests.networking.quick_aws.starting import quick_command; "
        f"print(*quick_command({aws_cli()!r}), flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as starter:
        try:
            assert starter.stdout is not None
            command = starter.stdout.readline().split()
            environment = {"PATH": os.environ["PATH"], "AWS_ACCESS_KEY_ID": "1", "AWS_SECRET_ACCESS_KEY": "1"}
            arguments = ["--region", REGION, "--endpoint-url", emulator.endpoint, *ENDLESS.split()[1:]]
            with subprocess.Popen([*command, *arguments], env=environment, stderr=subprocess.PIPE) as call:
                wait_for(lambda: len(family(command[-1])) == 3, what="server, call and caller are there")
                starter.send_signal(signal.SIGKILL)
                assert call.wait(30) == 255
        finally:
            starter.kill()
    wait_for(lambda: not family(command[-1]), what="all of them are gone")
    assert not Path(command[-1]).parent.exists()


def test_a_program_of_another_kind_is_started_itself(tmp_path: Path) -> None:
    for number, first in enumerate(("#!/bin/sh", f"#!{sys.executable}", "\x7fELF")):
        program = tmp_path / f"aws-{number}"
        program.write_text(f"{first}\nimport awscli.clidriver\n")
        assert quick_command(str(program)) == (str(program),)


def family(socket: str) -> set[int]:
    """The server of this socket, its calls, and who calls."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if socket.encode() in (entry / "cmdline").read_bytes().split(b"\0"):
                found.add(int(entry.name))
        except OSError:
            continue  # it ended meanwhile
    return found
