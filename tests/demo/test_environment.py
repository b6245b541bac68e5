"""What the environment may say about the demo, and what its processes are told."""

from pathlib import Path

import pytest

from portal.demo.environment import BadSettingError, child_environment, from_environment


def test_without_a_word_it_uses_the_usual_ports() -> None:
    demo = from_environment({})
    assert (demo.port, demo.emulator_port, demo.reset) == (8000, 4566, False)
    assert demo.directory.name == ".demo"


def test_ports_and_directory_are_taken_from_the_environment(tmp_path: Path) -> None:
    demo = from_environment({"PORT": "8123", "EMULATOR_PORT": "4623", "DEMO_DIR": str(tmp_path), "RESET": "1"})
    assert (demo.port, demo.emulator_port, demo.directory, demo.reset) == (8123, 4623, tmp_path, True)
    assert demo.base_url == "http://127.0.0.1:8123"
    assert demo.endpoint == "http://127.0.0.1:4623"


@pytest.mark.parametrize("text", ["x", "0", "65536", "-1", "80.5", "٨٠٠٠", " 80", "1e3"])
@pytest.mark.parametrize("name", ["PORT", "EMULATOR_PORT"])
def test_a_value_that_is_no_port_is_refused_by_name(name: str, text: str) -> None:
    with pytest.raises(BadSettingError, match=f"^{name} is "):
        from_environment({name: text})


def test_one_port_for_both_is_refused() -> None:
    with pytest.raises(BadSettingError, match="both 4566"):
        from_environment({"PORT": "4566"})


@pytest.mark.parametrize(("text", "reset"), [("", False), ("0", False), ("1", True)])
def test_reset_is_meant_only_when_it_says_something(text: str, reset: bool) -> None:
    assert from_environment({"RESET": text}).reset is reset


def test_real_credentials_and_databases_do_not_reach_the_children(tmp_path: Path) -> None:
    own = {
        "AWS_PROFILE": "company",
        "AWS_SESSION_TOKEN": "real",
        "AWS_ACCESS_KEY_ID": "AKIAREAL",
        "DATABASE_URL": "postgres://company/portal",
        "PORTAL_MODE": "production",
        "SECRET_KEY": "theirs",
        "HOME": "/home/somebody",
    }
    demo = from_environment({"DEMO_DIR": str(tmp_path), "PORT": "8123", "EMULATOR_PORT": "4623"})
    told = child_environment(demo, own)
    assert "AWS_PROFILE" not in told
    assert "AWS_SESSION_TOKEN" not in told
    assert told["AWS_ACCESS_KEY_ID"] == told["VENDOR_ACCOUNT_ID"] == "111111111111"
    assert told["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4623"
    assert told["AWS_SHARED_CREDENTIALS_FILE"] == "/dev/null"
    assert told["DATABASE_URL"] == f"sqlite:///{tmp_path}/portal.sqlite3"
    assert told["PORTAL_MODE"] == "demo"
    assert told["SECRET_KEY"] == ""
    assert told["PORTAL_BASE_URL"] == "http://127.0.0.1:8123"
    assert told["HOME"] == "/home/somebody"
