"""Production starts only with values of its own, and says which one it lacks."""

import pytest

from portal.settings import DEMO_VALUES
from tests.operations.production import FIT, manage


def last_line(text: str) -> str:
    return text.strip().splitlines()[-1]


def test_a_complete_environment_passes_djangos_deployment_checks() -> None:
    run = manage("check", "--deploy", "--fail-level", "WARNING")
    assert run.returncode == 0, run.stderr
    assert "no issues (1 silenced)" in run.stdout + run.stderr


@pytest.mark.parametrize("name", FIT)
def test_a_missing_value_is_named(name: str) -> None:
    run = manage("check", **{name: ""})
    assert run.returncode != 0
    assert last_line(run.stderr).endswith(f"{name} is not set. Production starts only with a value of its own.")


@pytest.mark.parametrize("name", FIT)
def test_a_demo_value_is_refused_by_name(name: str) -> None:
    run = manage("check", DEMO_DIR="/nowhere", **{name: DEMO_VALUES[name] if name != "DATABASE_URL" else SQLITE})
    assert run.returncode != 0
    assert last_line(run.stderr).endswith(
        f"{name} is the demo's value. Production starts only with a value of its own."
    )


SQLITE = "sqlite:////nowhere/portal.sqlite3"


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("SECRET_KEY", "short-but-own", "is shorter than 50 characters"),
        ("ALLOWED_HOSTS", "*", "must name exact hosts"),
        ("ALLOWED_HOSTS", "portal.example,", "must name exact hosts"),
        ("PORTAL_BASE_URL", "http://portal.example", "must begin with https://"),
        ("PORTAL_BASE_URL", "https://elsewhere.example", "has a host that ALLOWED_HOSTS lacks"),
        ("VENDOR_ACCOUNT_ID", "12345", "has not 12 digits"),
        ("EMAIL_URL", "consolemail://", "does not name a mail server"),
        ("EMAIL_URL", "pigeon://mail.example", "cannot be read"),
    ],
)
def test_an_unfit_value_is_refused_with_the_reason(name: str, value: str, why: str) -> None:
    run = manage("check", **{name: value})
    assert run.returncode != 0
    assert f"{name} {why}" in last_line(run.stderr)
    assert FIT["SECRET_KEY"] not in run.stderr


def test_the_mail_server_is_the_one_that_email_url_names() -> None:
    run = manage("shell", "--no-imports", "--command", "from django.core.mail import mailers as m; d = m.default\n"
                 "print(d.host, d.port, d.username, d.password, d.use_tls, d.use_ssl)")  # fmt: skip
    assert run.stdout.strip() == "mail.example 587 portal p@ss True False", run.stderr
