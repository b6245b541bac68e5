"""The probe run for real, in dash and bash, with each means that a host may have, against loopback."""

import shutil
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from networking.reach.probe import probe_script
from networking.reach.results import PortState, ReachResult, parse_result

#: What every host has.
BASICS = ("date", "grep")


@pytest.fixture(scope="module")
def listening() -> Iterator[int]:
    """A port of loopback on which something answers."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield int(server.server_address[1])
        server.shutdown()


@pytest.fixture(scope="module")
def closed() -> Iterator[int]:
    """A port of loopback that is taken and on which nothing listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def host_with(folder: Path, *tools: str) -> dict[str, str]:
    """The environment of a host that has these tools and nothing else."""
    folder.mkdir()
    for tool in (*BASICS, *tools):
        found = sys.executable if tool == "python3" else shutil.which(tool)
        assert found is not None, tool
        (folder / tool).symlink_to(found)
    return {"PATH": str(folder)}


def script_for(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


def run(shell: str, text: str, environment: dict[str, str]) -> tuple[ReachResult, str]:
    program = shutil.which(shell)
    assert program is not None
    done = subprocess.run(
        [program], input=text, env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.count("\n") == 1
    return parse_result(done.stdout.encode()), done.stderr


@pytest.mark.parametrize("shell", ["dash", "bash"])
@pytest.mark.parametrize(
    ("tools", "resolver"),
    [(("getent", "python3"), "getent"), (("python3",), "python3"), (("getent", "bash", "timeout"), "getent"),
     (("getent", "curl"), "getent")],
)  # fmt: skip
def test_it_tells_open_from_refused(
    tmp_path: Path, listening: int, closed: int, shell: str, tools: tuple[str, ...], resolver: str
) -> None:
    result, said = run(shell, probe_script("localhost", (listening, closed)), host_with(tmp_path / "bin", *tools))
    assert (result.host, result.resolver) == ("localhost", resolver)
    assert set(result.addresses) & {"127.0.0.1", "::1"}
    if result.addresses == ("127.0.0.1",):
        assert result.ports == {listening: PortState.OPEN, closed: PortState.REFUSED}
    assert result.ports[closed] is PortState.REFUSED
    assert said.splitlines()[0] == "Looking at localhost from here. Nothing is changed."
    assert "Give us the line in braces" in said


def test_a_name_that_is_nowhere_has_no_addresses(tmp_path: Path) -> None:
    environment = host_with(tmp_path / "bin", "python3")
    script_for(tmp_path / "bin", "getent", "exit 2")
    result, said = run("dash", probe_script("nowhere.invalid"), environment)
    assert (result.addresses, set(result.ports.values())) == ((), {PortState.UNTESTED})
    assert "does not resolve here" in said


def test_a_host_that_has_nothing_says_so_instead_of_failing(tmp_path: Path) -> None:
    result, said = run("dash", probe_script("localhost"), host_with(tmp_path / "bin"))
    assert (result.resolver, result.resolved, result.addresses) == ("none", False, ())
    assert result.ports == {8443: PortState.UNTESTED, 9440: PortState.UNTESTED}
    assert "no means to resolve" in said
    assert "no means to connect" in said


def test_what_dig_and_nslookup_print_is_read(tmp_path: Path) -> None:
    """Their answers as they print them: a name between, a comment, the name server's own address."""
    environment = host_with(tmp_path / "bin")
    script_for(
        tmp_path / "bin", "nslookup",
        "printf 'Server:\\t\\t10.0.0.2\\nAddress:\\t10.0.0.2#53\\n\\nNon-authoritative answer:\\n"
        "Name:\\tx.example\\nAddress: 10.1.2.3\\nName:\\tx.example\\nAddress: fd00::3\\n'",
    )  # fmt: skip
    result, _said = run("dash", probe_script("x.example"), environment)
    assert (result.resolver, result.addresses) == ("nslookup", ("10.1.2.3", "fd00::3"))
    script_for(
        tmp_path / "bin",
        "dig",
        "printf ';; no trouble 1.2.3.4\\nfade.beef.\\nx-1.elb.example.\\n10.1.2.4\\n10.1.2.5\\n'",
    )
    result, _said = run("dash", probe_script("x.example"), environment)
    assert (result.resolver, result.addresses) == ("dig", ("10.1.2.4", "10.1.2.5"))


def test_a_port_is_as_good_as_its_worst_address(tmp_path: Path) -> None:
    environment = host_with(tmp_path / "bin")
    script_for(tmp_path / "bin", "dig", "echo 10.0.0.1; echo 10.0.0.2; echo 10.0.0.3")
    script_for(
        tmp_path / "bin", "nc",
        'case "$5 $6" in "10.0.0.3 9440") exit 1 ;; "10.0.0.2 8443") echo "Connection refused"; exit 1 ;; esac',
    )  # fmt: skip
    result, said = run("dash", probe_script("x.example"), environment)
    assert result.ports == {8443: PortState.REFUSED, 9440: PortState.TIMEOUT}
    assert "10.0.0.3, port 9440: timeout" in said


@pytest.mark.parametrize("host", ["", "a b", "$(reboot)", "a;b", "A.example", "a'b", "-x", "x" * 300, "a\nb", "[::1]"])
def test_no_other_name_is_put_before_a_shell(host: str) -> None:
    with pytest.raises(ValueError, match="nothing to connect to"):
        probe_script(host)
    with pytest.raises(ValueError, match="nothing to connect to"):
        probe_script("x.example", (0,))
