"""What each state of a peering, and of its connection, means in plain words: what is the case, why, and the way on.

https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-lifecycle
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from networking.peering.standing import Standing
from networking.states import PeeringState, PeeringStatus
from portal.findings.shapes import Level

#: From here on the time that is left is said as a warning.
SOON = timedelta(days=1)
_OVERLAP = "peering.cidr-overlap"

#: Ended so, nobody brings it back; a new request is the way on.
ENDED = frozenset(
    {
        PeeringStatus.REJECTED,
        PeeringStatus.EXPIRED,
        PeeringStatus.FAILED,
        PeeringStatus.DELETING,
        PeeringStatus.DELETED,
    }
)


@dataclass(frozen=True, kw_only=True)
class ConnectionWords:
    """A connection in words. `sentence` says what is the case, `why` how it came to that, `act` the next act.

    `said` are AWS's own words. `expires_at` is set only while an answer is awaited; `ended`: nobody brings it back.
    """

    pcx_id: str
    status: str
    sentence: str
    why: str = ""
    act: str = ""
    said: str = ""
    expires_at: datetime | None = None
    ended: bool = False

    @property
    def is_late(self) -> bool:
        """Whether the time to accept is over; AWS may take a while to say so."""
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_soon(self) -> bool:
        """Whether less than a day is left."""
        return self.expires_at is not None and self.expires_at - timezone.now() < SOON


def connection_words(standing: Standing) -> ConnectionWords | None:
    """The present generation's connection in words; None while there is none."""
    row = standing.connection
    if row is None:
        return None
    known = _WORDS.get(row.status)
    sentence, why, act = known(standing) if known else _unnamed(standing)
    ended = row.ended_at is not None or row.status in ENDED
    if ended and row.status not in ENDED:
        sentence, why, act = _forgotten()
    words = {
        "id": row.pcx_id,
        "account": standing.peering.account_id,
        "region": standing.peering.region,
        "vpc": standing.peering.vpc_id,
    }
    return ConnectionWords(
        pcx_id=row.pcx_id,
        status=row.status,
        sentence=sentence % words,
        why=why % words,
        act=act % words,
        said=row.message if row.status not in {PeeringStatus.ACTIVE, PeeringStatus.PENDING} else "",
        expires_at=row.expires_at if row.status == PeeringStatus.PENDING and not ended else None,
        ended=ended,
    )


type _Said = tuple[str, str, str]


def _initiating(_standing: Standing) -> _Said:
    return _("AWS is writing the request %(id)s. That takes seconds; we look again by ourselves."), "", ""


def _pending(_standing: Standing) -> _Said:
    return (
        _("%(id)s waits for account %(account)s to accept it."),
        "",
        _("Accept it in %(region)s before it expires: step 3 shows how."),
    )


def _provisioning(_standing: Standing) -> _Said:
    return (
        _("Account %(account)s accepted %(id)s, and AWS is setting it up. That takes less than a minute."),
        "",
        "",
    )


def _active(_standing: Standing) -> _Said:
    return _("%(id)s is active: the link between the two VPCs stands."), "", ""


def _rejected(_standing: Standing) -> _Said:
    return (
        _("Account %(account)s rejected %(id)s."),
        _("Somebody there pressed «Reject request». AWS keeps no reason."),
        _("Ask the network admin of account %(account)s why, then start a new request."),
    )


def _expired(_standing: Standing) -> _Said:
    return (
        _("%(id)s expired."),
        _("Nobody in account %(account)s accepted it within seven days, and AWS waits no longer."),
        _("Tell its network admin that a request is coming, then start a new one."),
    )


def _failed(standing: Standing) -> _Said:
    overlap = next((one for one in standing.of_code(_OVERLAP) if one.level is Level.FAILED), None)
    # The finding's sentence may hold a per cent sign; what follows is formatted once more.
    why = overlap.message.replace("%", "%%") if overlap is not None else _most_often()
    return (
        _("AWS could not set up %(id)s."),
        why,
        _("Settle that first, then start a new request: the same one cannot be used again."),
    )


def _most_often() -> str:
    return _(
        "Most often ranges of the two VPCs overlap, account, region or VPC ID of the target are wrong, or one of the"
        " VPCs has as many peerings as it may."
    )


def _deleting(_standing: Standing) -> _Said:
    return (
        _("%(id)s is being deleted."),
        _("Somebody in one of the two accounts deleted it; either side may."),
        _("Start a new request if you still want the peering."),
    )


def _deleted(_standing: Standing) -> _Said:
    return (
        _("%(id)s was deleted."),
        _("Somebody in one of the two accounts deleted it; either side may."),
        _("Start a new request if you still want the peering. Routes that led to it are blackholes until then."),
    )


def _unnamed(_standing: Standing) -> _Said:
    return _("AWS has not said yet in which state %(id)s is. Look again in a minute."), "", ""


def _forgotten() -> _Said:
    return (
        _("%(id)s is gone: AWS does not list it any more."),
        _("AWS forgets a connection within hours after it ended; this is our own record."),
        _("Start a new request if you still want the peering."),
    )


_WORDS: Mapping[str, Callable[[Standing], _Said]] = {
    PeeringStatus.INITIATING: _initiating,
    PeeringStatus.PENDING: _pending,
    PeeringStatus.PROVISIONING: _provisioning,
    PeeringStatus.ACTIVE: _active,
    PeeringStatus.REJECTED: _rejected,
    PeeringStatus.EXPIRED: _expired,
    PeeringStatus.FAILED: _failed,
    PeeringStatus.DELETING: _deleting,
    PeeringStatus.DELETED: _deleted,
}


def state_sentence(standing: Standing) -> str:
    """Where the peering as a whole stands, in one sentence."""
    peering = standing.peering
    words = {"vpc": peering.vpc_id, "byoc": peering.requester_vpc, "label": peering.label}
    said: dict[str, str] = {
        PeeringState.SETTING_UP: _("Six steps connect %(vpc)s with the BYOC VPC. Each is done when we see that it is."),
        PeeringState.CONNECTED: _(
            "Connected: we saw routes, link and entrance, from %(vpc)s to the private load balancer and back. We look"
            " again every day."
        ),
        PeeringState.BROKEN: _("It was connected and is not any more. The red step says what is missing."),
        PeeringState.REMOVING: _("It is being removed: what the portal made is taken back, the last step first."),
        PeeringState.REMOVED: _("It is removed. Below stands what was; start another peering from the list."),
    }
    if peering.state == PeeringState.SETTING_UP and standing.is_whole:
        return _(
            "All six steps are done as far as it was shown to us. Part of it was stated and not seen by us, so we do"
            " not call it connected; the test on the page of private access proves it from your side."
        )
    return said[peering.state] % words
