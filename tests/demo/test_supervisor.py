"""The whole demo as a person starts it: one command, real processes, real ports."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest

from portal.demo.accounts import CROWDED_REGION, CUSTOMER
from portal.demo.people import STAFF
from tests.demo.ports import free_port
from tests.processes import ROOT, wait_for

pytestmark = [pytest.mark.crash, pytest.mark.timeout(300)]
MARK = "DEMO_TEST_MARK"


@dataclass
class Run:
    """Starts of the demo from one directory."""

    directory: Path
    port: int = field(default_factory=free_port)
    emulator_port: int = field(default_factory=free_port)
    started: list["subprocess.Popen[str]"] = field(default_factory=list)

    def begin(self, *command: str, **more: str) -> "subprocess.Popen[str]":
        """Starts it, without waiting."""
        own = {
            MARK: str(self.directory),
            "DEMO_DIR": str(self.directory),
            "PORT": str(self.port),
            "EMULATOR_PORT": str(self.emulator_port),
        }
        with self.output.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, *(command or ("manage.py", "demo"))],
                cwd=ROOT,
                env=os.environ | own | more,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                text=True,
            )
        self.started.append(process)
        return process

    def start(self, **more: str) -> "subprocess.Popen[str]":
        """Starts it and waits until it says that it is ready."""
        process = self.begin(**more)
        wait_for(lambda: self.said("Ready after") or process.poll() is not None, within=90, what="the demo is ready")
        assert process.poll() is None, self.output.read_text()
        return process

    @property
    def output(self) -> Path:
        return self.directory.parent / "output.txt"

    def said(self, words: str) -> bool:
        return words in self.output.read_text()

    def processes(self) -> list[int]:
        """Every process of this demo, whoever its parent is: they all inherited the mark."""
        sign = f"{MARK}={self.directory}".encode()
        return [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit() and sign in environ_of(p)]

    def stop(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                process.wait(30)

    def page(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return str(answer.read().decode())

    def client(self, service: str, account_id: str, region: str) -> Any:
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=f"http://127.0.0.1:{self.emulator_port}",
            aws_access_key_id=account_id,
            aws_secret_access_key="demo",
        )

    def vpcs(self) -> list[str]:
        found = self.client("ec2", CUSTOMER.id, CROWDED_REGION).describe_vpcs()["Vpcs"]
        return sorted(vpc["VpcId"] for vpc in found)

    def rows(self, table: str) -> int:
        with closing(sqlite3.connect(self.directory / "portal.sqlite3")) as connection:
            return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def environ_of(process: Path) -> list[bytes]:
    try:
        return (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """A demo with ports and a directory of its own; nothing of it is left afterwards."""
    demo = Run(tmp_path / "demo")
    yield demo
    demo.stop()
    for pid in demo.processes():
        os.kill(pid, signal.SIGKILL)


def test_it_starts_keeps_its_data_and_starts_over_when_told_to(run: Run) -> None:
    first = run.start()
    assert run.said(f"http://127.0.0.1:{run.port}/demo/")
    assert run.said(STAFF.email)
    assert run.said(STAFF.password)
    assert "What you can do here" in run.page("/demo/")
    wait_for(lambda: "/people/invitation/" in run.page("/demo/mailbox/"), what="the invitation is in the mailbox")
    vpcs, people = run.vpcs(), run.rows("accounts_user")
    assert len(vpcs) >= 3
    run.client("ec2", CUSTOMER.id, "us-west-2").create_vpc(CidrBlock="10.99.0.0/16")

    first.send_signal(signal.SIGINT)
    assert first.wait(30) == 0
    assert run.processes() == []

    second = run.start()
    assert run.vpcs() == vpcs
    kept = run.client("ec2", CUSTOMER.id, "us-west-2").describe_vpcs()["Vpcs"]
    assert [vpc["CidrBlock"] for vpc in kept] == ["10.99.0.0/16"]
    assert run.rows("accounts_user") == people
    assert not run.said("did not survive")
    second.send_signal(signal.SIGTERM)
    assert second.wait(30) == 0

    run.start(RESET="1")
    assert run.client("ec2", CUSTOMER.id, "us-west-2").describe_vpcs()["Vpcs"] == []
    assert set(run.vpcs()).isdisjoint(vpcs)


def test_nothing_is_left_after_the_supervisor_is_killed(run: Run) -> None:
    supervisor = run.start()
    assert len(run.processes()) >= 6
    supervisor.kill()
    supervisor.wait(10)
    wait_for(lambda: run.processes() == [], within=20, what="no process is left")


def test_the_demo_ends_and_says_why_when_one_of_its_processes_does(run: Run) -> None:
    supervisor = run.start()
    emulator = next(pid for pid in run.processes() if b"portal.demo.lasting" in command_of(pid))
    os.kill(emulator, signal.SIGKILL)
    assert supervisor.wait(30) == 1
    assert run.said("The emulator process ended")
    assert run.processes() == []


def command_of(pid: int) -> list[bytes]:
    return (Path("/proc") / str(pid) / "cmdline").read_bytes().split(b"\0")


def test_a_stop_in_the_middle_of_the_start_leaves_nothing(run: Run) -> None:
    supervisor = run.begin("-m", "portal.demo")
    wait_for(lambda: len(run.processes()) >= 3, what="the first processes run")
    supervisor.send_signal(signal.SIGINT)
    assert supervisor.wait(30) == 0
    assert run.processes() == []


@pytest.mark.parametrize("name", ["PORT", "EMULATOR_PORT"])
def test_a_port_that_is_taken_is_named_in_one_line(run: Run, name: str) -> None:
    port = run.port if name == "PORT" else run.emulator_port
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        assert run.begin("-m", "portal.demo").wait(20) == 1
    said = run.output.read_text().strip()
    assert "\n" not in said
    assert f"Port {port} " in said
    assert f"{name}={port + 1}" in said


def test_a_port_that_is_no_number_is_named_in_one_line(run: Run) -> None:
    assert run.begin("-m", "portal.demo", PORT="eighty").wait(20) == 1
    assert run.output.read_text().strip() == "PORT is 'eighty'. It is a port: a whole number from 1 to 65535."


def test_two_demos_do_not_share_a_directory(run: Run) -> None:
    run.directory.mkdir()
    supervisor = run.begin("-m", "portal.demo")
    wait_for((run.directory / "emulator.json").exists, what="the first one has begun")
    again = Run(run.directory)
    other = again.output.with_name("other.txt")
    with other.open("w") as output:
        status = subprocess.run(
            [sys.executable, "-m", "portal.demo"],
            cwd=ROOT,
            env=os.environ | {"DEMO_DIR": str(run.directory), "PORT": str(again.port), "EMULATOR_PORT": "4599"},
            stderr=output,
            check=False,
            timeout=20,
        ).returncode
    assert status == 1
    assert "already runs" in other.read_text()
    supervisor.send_signal(signal.SIGINT)
    assert supervisor.wait(30) == 0


def test_what_is_not_the_demos_survives_a_reset(run: Run) -> None:
    run.directory.mkdir()
    (run.directory / "notes.txt").write_text("mine")
    (run.directory / "logs").mkdir()
    (run.directory / "logs" / "old.log").write_text("old")
    supervisor = run.begin("-m", "portal.demo", RESET="1")
    wait_for((run.directory / "emulator.json").exists, what="it has begun")
    assert (run.directory / "notes.txt").read_text() == "mine"
    assert not (run.directory / "logs" / "old.log").exists()
    assert json.loads((run.directory / "emulator.json").read_text())["zones"]
    time.sleep(0.2)
    supervisor.send_signal(signal.SIGINT)
    assert supervisor.wait(30) == 0
