"""Keeps the AWS CLI loaded and forks a process for each call; run by the interpreter that has the CLI.

    python3 server.py PROGRAM SOCKET

`PROGRAM` is the `aws` in whose name the calls are made. It prints `ready` once it listens, and ends, together with
every call under way, when its stdin does: nothing outlives the process that holds the other end. It removes the folder
of its socket then. client.py is the other side.

A call is the CLI's own code with the caller's arguments, environment, working directory and open files, in a process of
its own; what it saves is the start: Python, the imports, and reading the models of the services. A waiter looks as
often as AWS's own, but sooner again: in the emulator things take a moment, and it would sleep 15 seconds over one.
"""

import gc
import importlib
import locale
import os
import random
import select
import shutil
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(sys.argv[1]).parent)  # as when the program itself runs

import awscli  # noqa: E402
import awscli.clidriver  # noqa: E402
from botocore import waiter  # noqa: E402  the CLI's own: `awscli` sees to that when it is imported
from botocore.session import Session  # noqa: E402

#: What the tests call; a call of any other service reads its model then.
SERVICES = ("ec2", "sts", "cloudformation")
#: Where one of these is set, or the caller's home has a configuration, the CLI reads it while it makes its driver.
CONFIGURATION = {
    "AWS_CONFIG_FILE",
    "AWS_DATA_PATH",
    "AWS_DEFAULT_PROFILE",
    "AWS_PROFILE",
    "AWS_SHARED_CREDENTIALS_FILE",
}
#: Seconds that a waiter sleeps at most.
NAP = 0.2


class Naps:
    """In the place of `time` where waiters sleep."""

    @staticmethod
    def sleep(seconds: float) -> None:
        time.sleep(min(seconds, NAP))


def loaded_driver() -> Any:
    """A driver that has read no configuration, with the models and the commands of `SERVICES`."""
    driver = awscli.clidriver.create_clidriver([])
    other = Session()  # a session keeps what its first client found in the environment: the driver's makes none here
    other.register_component("data_loader", driver.session.get_component("data_loader"))
    for name in SERVICES:
        other.create_client(
            name, "us-east-1", endpoint_url="http://127.0.0.1:1", aws_access_key_id="-", aws_secret_access_key="-"
        )
        assert driver.subcommand_table[name].subcommand_table
    return driver


def serve(program: str, path: Path) -> None:
    """Answers until stdin ends."""
    driver = loaded_driver()
    waiter.time = Naps
    gc.collect()
    gc.freeze()  # else the collector of every call writes to all these pages, and copies them
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(64)
        print("ready", flush=True)
        while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
            caller, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                answer(caller, program, driver)
            caller.close()
    shutil.rmtree(path.parent, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


def answer(caller: socket.socket, program: str, driver: Any) -> None:
    """Is the call, tells the caller its exit status and never returns."""
    status = 255
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        random.seed()
        arguments = take_over(caller)
        threading.Thread(target=die_with, args=(caller,), daemon=True).start()
        sys.argv = [program, *arguments]
        status = awscli.clidriver.AWSCLIEntryPoint(None if is_configured() else driver).main(arguments)
        sys.stdout.flush()
    except BaseException as error:  # what the interpreter would do with it
        status = 1
        sys.excepthook(type(error), error, error.__traceback__)
    finally:
        sys.stderr.flush()
        os.closerange(0, 3)  # a reader of a pipe is done when the caller is
        caller.sendall(bytes([status & 0xFF]))
        os._exit(0)


def take_over(caller: socket.socket) -> list[str]:
    """Makes this process the caller's: open files, folder, environment. Returns the arguments."""
    size, files, _, _ = socket.recv_fds(caller, 8, 3)
    wanted, message = int.from_bytes(size, "big"), b""
    while len(message) < wanted:
        part = caller.recv(wanted - len(message))
        if not part:
            os._exit(0)
        message += part
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    folder, count, *rest = message.split(b"\0")
    arguments, environment = rest[: int(count)], rest[int(count) :]
    os.chdir(folder)
    os.environb.clear()
    os.environb.update(entry.split(b"=", 1) for entry in environment)
    settle()
    return [os.fsdecode(argument) for argument in arguments]


def settle() -> None:
    """Does again what the interpreter did with the environment when it started."""
    time.tzset()
    name = locale.setlocale(locale.LC_CTYPE, "")
    plain = name in {"C", "POSIX", "C.UTF-8"}
    encoding = "utf-8" if plain else locale.nl_langinfo(locale.CODESET)
    errors = "surrogateescape" if plain else "strict"
    sys.stdin = open(0, encoding=encoding, errors=errors, closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding=encoding, errors=errors, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", 1, encoding=encoding, errors="backslashreplace", closefd=False)  # noqa: SIM115


def is_configured() -> bool:
    """Whether the caller has a configuration that is read before the call; what `awscli` does to the environment when
    it is imported is done then.
    """
    found = not CONFIGURATION.isdisjoint(os.environ) or Path("~/.aws").expanduser().exists()
    importlib.reload(awscli)
    return found


def die_with(caller: socket.socket) -> None:
    """Waits until the caller is gone, who sends nothing more; then the call is killed as its caller was."""
    caller.recv(1)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    serve(sys.argv[1], Path(sys.argv[2]))
