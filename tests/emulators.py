"""The AWS emulator beside the tests: one process per test process, shared by its tests.

Tests keep apart by using accounts of their own (`fresh_account_id`, the fixture `account_id`); the journal, which the
emulator writes to disk by itself, is read per account.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from portal.demo.emulator.journal import Entry
from portal.demo.emulator.settings import DURATIONS
from tests.processes import Process, start, wait_for

if TYPE_CHECKING:
    from portal.demo.emulator.control import Control

#: Seconds; what takes time in the demo takes a moment in tests. A test that needs the wait sets its own.
QUICK = {name: min(seconds, 0.2) for name, seconds in DURATIONS.items()} | {"stack_resource": 0.02}
VENDOR = "111111111111"


@dataclass(frozen=True)
class Emulator:
    """A running emulator: where it serves, its process, and where it writes."""

    endpoint: str
    process: Process
    state: Path

    @property
    def control(self) -> "Control":
        """Its control: faults, clock, settings."""
        from portal.demo.emulator.control import Control

        return Control(self.endpoint)

    def entries(self) -> list[Entry]:
        """The whole journal, oldest first, straight from the file."""
        path = self.state / "journal.jsonl"
        return [Entry(**json.loads(line)) for line in path.read_text().splitlines()] if path.exists() else []


@dataclass
class JournalReader:
    """The emulator's journal from the start of this test."""

    emulator: Emulator
    skipped: int = field(init=False)

    def __post_init__(self) -> None:
        self.skipped = len(self.emulator.entries())

    def of(self, account: str, operation: str = "") -> list[Entry]:
        """Calls in an account that could change something, oldest first; only `operation`'s where one is named."""
        return [
            entry for entry in self.emulator.entries()[self.skipped :]
            if entry.account == account and entry.mutates and operation in {"", entry.operation}
        ]  # fmt: skip

    def effects(self, account: str, operation: str = "") -> list[Entry]:
        """Those of them that AWS carried out, whether or not the answer arrived."""
        return [entry for entry in self.of(account, operation) if entry.outcome == "ok"]

    def operations(self, account: str) -> list[str]:
        """The names of the effects, in order."""
        return [entry.operation for entry in self.effects(account)]

    def assumptions(self, account: str) -> list[Entry]:
        """AssumeRole calls into an account, refused ones too."""
        return [
            entry for entry in self.emulator.entries()[self.skipped :]
            if entry.operation.startswith("AssumeRole") and account in json.dumps(entry.parameters)
        ]  # fmt: skip


def served(home: Path) -> Iterator[Emulator]:
    """An emulator of its own in an empty directory; for tests that move its clock."""
    (home / "config.json").write_text(json.dumps({"durations": QUICK}))
    command = [sys.executable, "-m", "portal.demo.emulator", "--port", "0", "--state", str(home / "state")]
    process = start([*command, "--config", str(home / "config.json")], home / "log", {})

    def ready() -> re.Match[str] | None:
        assert process.running.poll() is None, f"The emulator ended: {process.output()[-4000:]}"
        return re.search(r"^Emulator ready on (\S+)$", process.output(), re.MULTILINE)

    yield Emulator(wait_for(ready, what="the emulator is ready").group(1), process, home / "state")
    process.stop()


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """One emulator per test process, started when the first test asks for it."""
    yield from served(tmp_path_factory.mktemp("emulator"))


@pytest.fixture
def aws_env(emulator: Emulator, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Emulator:
    """This process, and every process it starts, is the vendor's account against the emulator."""
    values = {
        "AWS_ENDPOINT_URL": emulator.endpoint,
        "AWS_ACCESS_KEY_ID": VENDOR,
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "BOOTSTRAP_TEMPLATE_URL": f"{emulator.endpoint}/byoc-templates",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    settings.BOOTSTRAP_TEMPLATE_URL = values["BOOTSTRAP_TEMPLATE_URL"]
    return emulator


@pytest.fixture
def journal(emulator: Emulator) -> JournalReader:
    """What the emulator did since this test began: `journal.effects(account_id, "CreateStack")`."""
    return JournalReader(emulator)
