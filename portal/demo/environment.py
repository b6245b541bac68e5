"""Where the demo runs and what its processes are told. Standard library only: the supervisor stays small."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portal.demo.accounts import VENDOR

BASE_DIR = Path(__file__).resolve().parent.parent.parent

#: A file in the demo's directory: there once database and static files are ready in this start.
PREPARED = "prepared"

#: Seconds, as `settings.WORKFLOW` names them: short, because the emulator answers at once.
WORKFLOW_TIMES = {
    "WORKFLOW_LEASE": "30",
    "WORKFLOW_SWEEP_EVERY": "5",
    "WORKFLOW_WINDOW": "30",
    "WORKFLOW_WINDOW_FIRST": "0.5",
    "WORKFLOW_POLL": "1",
    "WORKFLOW_TRUST_PATIENCE": "20",
}

#: What would lead botocore to a person's real account; none of it reaches the demo's processes.
REAL_AWS: tuple[str, ...] = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
)
REAL_AWS += ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_REGION")


class BadSettingError(ValueError):
    """A value in the environment that cannot be used; the message is one line for the person who set it."""


@dataclass(frozen=True)
class Demo:
    """One demo: its directory, its two ports on 127.0.0.1, and whether it starts over."""

    directory: Path
    port: int
    emulator_port: int
    reset: bool

    @property
    def base_url(self) -> str:
        """Where people open the portal."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def endpoint(self) -> str:
        """Where the emulated AWS answers."""
        return f"http://127.0.0.1:{self.emulator_port}"

    @property
    def logs(self) -> Path:
        """One log file per process."""
        return self.directory / "logs"

    @property
    def emulator_state(self) -> Path:
        """What the emulator keeps."""
        return self.directory / "emulator"

    @property
    def emulator_config(self) -> Path:
        """The emulator's configuration: zones, opted-in regions."""
        return self.directory / "emulator.json"


def from_environment(environ: Mapping[str, str]) -> Demo:
    """The demo that PORT, EMULATOR_PORT, DEMO_DIR and RESET describe. Raises BadSettingError."""
    port, emulator_port = _port(environ, "PORT", 8000), _port(environ, "EMULATOR_PORT", 4566)
    if port == emulator_port:
        raise BadSettingError(f"PORT and EMULATOR_PORT are both {port}. Give them different numbers.")
    return Demo(
        directory=Path(environ.get("DEMO_DIR") or BASE_DIR / ".demo").absolute(),
        port=port,
        emulator_port=emulator_port,
        reset=environ.get("RESET", "") not in {"", "0"},
    )


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise BadSettingError(f"{name} is {text!r}. It is a port: a whole number from 1 to 65535.")
    return int(text)


def child_environment(demo: Demo, environ: Mapping[str, str]) -> dict[str, str]:
    """What every process of the demo sees: the emulator instead of AWS, the demo's own database."""
    kept = {name: value for name, value in environ.items() if name not in REAL_AWS}
    return kept | {
        "PORTAL_MODE": "demo",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DEMO_DIR": str(demo.directory),
        "DATABASE_URL": f"sqlite:///{demo.directory / 'portal.sqlite3'}",
        "STATIC_ROOT": str(demo.directory / "static"),
        "SECRET_KEY": "",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "PORTAL_BASE_URL": demo.base_url,
        "EMAIL_URL": "dummymail://",
        "VENDOR_ACCOUNT_ID": VENDOR.id,
        "BOOTSTRAP_TEMPLATE_URL": f"{demo.endpoint}/byoc-templates",
        "AWS_CONSOLE_URL": f"{demo.base_url}/demo/console",
        "AWS_ENDPOINT_URL": demo.endpoint,
        "AWS_ACCESS_KEY_ID": VENDOR.id,
        "AWS_SECRET_ACCESS_KEY": "demo",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "PYTHONUNBUFFERED": "1",
        "MALLOC_ARENA_MAX": "2",
        "WORKERS": environ.get("WORKERS", "1"),
        **{name: environ.get(name, value) for name, value in WORKFLOW_TIMES.items()},
    }


def manage(*arguments: str) -> list[str]:
    """The command line of a `manage.py` command under the same Python."""
    return [sys.executable, str(BASE_DIR / "manage.py"), *arguments]
