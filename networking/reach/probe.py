"""The script that a customer runs on a host in the target VPC: POSIX sh and whatever the host has besides.

The text stands in probe.sh, where a shell can check it; here its values are filled in.
"""

import re
import shlex
from collections.abc import Sequence
from functools import cache
from pathlib import Path

_BLANK = re.compile(r"@([A-Z]+)@")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")
#: Where a deployment's private endpoint answers: HTTPS and the native protocol, both with TLS.
PORTS = (8443, 9440)


def probe_script(host: str, ports: Sequence[int] = PORTS) -> str:
    """The script that looks from where it runs at this name and these TCP ports, and prints one JSON object.

    Raises ValueError for what is no host name in lower case or no port: such a one is never put before a shell.
    """
    if _HOST.fullmatch(host) is None or not all(1 <= port <= 65535 for port in ports) or not ports:
        raise ValueError(f"{host[:80]!r} with {list(ports)!r} is nothing to connect to")
    values = {"HOST": host, "PORTS": " ".join(map(str, ports))}
    return _BLANK.sub(lambda blank: shlex.quote(values[blank[1]]), _template())


@cache
def _template() -> str:
    return Path(__file__).with_name("probe.sh").read_text(encoding="utf-8")
