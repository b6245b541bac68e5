"""What a command is given to read: a file, or standard input."""

import sys

from networking.facts.strict_json import LARGEST
from portal.findings.commands import Unusable


def given_bytes(name: str) -> bytes:
    """The file, or standard input for `-`; no more of it than a facts file may have, and one byte. Raises Unusable."""
    try:
        if name == "-":
            return sys.stdin.buffer.read(LARGEST + 1)
        with open(name, "rb") as file:
            return file.read(LARGEST + 1)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = getattr(error, "strerror", None) or error
        raise Unusable(f"{name!r} cannot be read: {reason}.") from None
