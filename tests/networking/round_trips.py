"""Which calls a client makes and how many of them wait for one another."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import get_ident
from typing import Any
from unittest.mock import patch

from portal.aws.sessions import AccountSession

#: Request fields of a further page.
PAGES = frozenset({"NextToken", "Marker"})


@dataclass(frozen=True)
class Call:
    """One call: when it went out and when it was answered (`time.monotonic`); `page` is true for a further page."""

    operation: str
    began: float
    ended: float
    page: bool = False


@dataclass
class RoundTrips:
    """Watches clients: `RoundTrips().watch(session.reader("ec2", region))`."""

    calls: list[Call] = field(default_factory=list)
    _open: dict[tuple[int, str], tuple[float, bool]] = field(default_factory=dict)

    def watch(self, client: Any) -> "RoundTrips":
        """Notes every call of `client` from now on."""
        events = client.meta.events
        events.register("before-parameter-build", self._begin)
        events.register("after-call", self._end)
        return self

    def _begin(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        self._open[get_ident(), model.name] = time.monotonic(), bool(PAGES & params.keys())

    def _end(self, model: Any, **_: Any) -> None:
        began, page = self._open.pop((get_ident(), model.name))
        self.calls.append(Call(model.name, began, time.monotonic(), page))

    @property
    def operations(self) -> list[str]:
        """The calls besides further pages, sorted."""
        return sorted(call.operation for call in self.calls if not call.page)

    @property
    def pages(self) -> int:
        """How many calls were for a further page."""
        return sum(call.page for call in self.calls)

    @property
    def depth(self) -> int:
        """The longest chain of calls, besides further pages, of which each began after the one before had ended."""
        return chain([call for call in self.calls if not call.page])


@contextmanager
def every_session() -> Iterator[RoundTrips]:
    """Watches the reading clients of every session that is opened inside; AssumeRole is not among their calls."""
    trips, make = RoundTrips(), AccountSession.reader

    def reader(session: AccountSession, service: str, region: str) -> Any:
        is_new = (service, region) not in session._readers
        client = make(session, service, region)
        if is_new:
            trips.watch(client)
        return client

    with patch.object(AccountSession, "reader", reader):
        yield trips


def chain(calls: Sequence[Call]) -> int:
    """How many of the calls fit one after the other: always taking the one that ends first finds the longest chain."""
    count, until = 0, float("-inf")
    for call in sorted(calls, key=lambda call: call.ended):
        if call.began >= until:
            count, until = count + 1, call.ended
    return count


#: A role for reading and one for changing in the BYOC account, and one in the target account: no call opens two.
_ROLES = 3
#: One look at all six steps: connections, route tables, security groups and load balancers of the BYOC VPC; route
#: tables and network ACLs of the target VPC. One before the first change, for what is there must not be made again,
#: and one after the last.
_LOOK = 6


def least_calls(changes: int) -> int:
    """The fewest calls by which a peering of two accounts can be made and verified: each change once, one AssumeRole
    for each role, one look before and one afterwards.

    That AWS must be asked whether the request has arrived, and whether the connection is active, is not counted.
    """
    return changes + _ROLES + 2 * _LOOK
