"""Whether the registered connection is there, is the one that is registered, and is active. Pure.

https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-lifecycle
"""

from collections.abc import Sequence
from datetime import UTC

from django.utils.translation import gettext as _

from networking.checks.scene import ids
from networking.facts.strict_json import shortened
from networking.peering.checks.scene import PeeringScene, turned
from portal.aws.facts.peerings import PeeringFact
from portal.findings.shapes import Finding

CONNECTION, ACCEPTED = "peering.connection", "peering.accepted"
ACTION = "ec2:DescribeVpcPeeringConnections"

#: From these a connection can still become active, or is.
LIVE = frozenset({"initiating-request", "pending-acceptance", "provisioning", "active"})
#: From these none comes back.
ENDED = frozenset({"failed", "expired", "rejected", "deleting", "deleted"})


def check_connection(scene: PeeringScene) -> tuple[Finding, ...]:
    """`peering.connection`: it exists, both its sides are the registered ones, and it can still lead to active."""
    if not scene.copies:
        return (_absent(scene, CONNECTION),)
    where = (scene.registered.id,)
    say = scene.say(*(copy.evidence for copy in scene.copies))
    wrong = tuple(dict.fromkeys(name for copy in scene.copies for name in scene.differences(copy.fact)))
    if wrong:
        said = _(
            "%(id)s is not the registered peering; it has %(wrong)s. Do not accept it; look for the connection that "
            "has the registered sides."
        )
        return (say.failed(CONNECTION, said % {"id": scene.registered.id, "wrong": ids(map(_plain, wrong))}, where),)
    facts = tuple(copy.fact for copy in scene.copies)
    ended = next((fact for fact in facts if fact.status in ENDED), None)
    if ended is not None:
        return (say.failed(CONNECTION, _end(scene, ended), where),)
    if any(map(scene.is_half_said, facts)):
        return (say.unknown(CONNECTION, _half_said(scene), where),)
    strange = next((fact for fact in facts if fact.status not in LIVE), None)
    if strange is not None:
        return (say.unknown(CONNECTION, _unsaid(strange), where),)
    said = _("%(id)s connects %(requester)s in %(from)s with %(accepter)s in %(to)s, as registered.")
    return (say.passed(CONNECTION, said % _names(scene), where),)


def check_accepted(scene: PeeringScene) -> tuple[Finding, ...]:
    """`peering.accepted`: the connection is active, on each side that shows it."""
    if not scene.copies:
        return (_absent(scene, ACCEPTED),)
    where, facts = (scene.registered.id,), tuple(copy.fact for copy in scene.copies)
    say = scene.say(*(copy.evidence for copy in scene.copies))
    doubt = _doubt(scene, facts)
    if doubt:
        return (say.unknown(ACCEPTED, doubt, where),)
    if facts[0].status == "active":
        return (say.passed(ACCEPTED, _("%(id)s is active.") % _names(scene), where),)
    return (say.failed(ACCEPTED, _not_yet(scene, facts[0]), where),)


def _doubt(scene: PeeringScene, facts: Sequence[PeeringFact]) -> str:
    """Why the state that is shown says nothing of the registered connection; empty when it does."""
    if any(map(scene.differences, facts)):
        said = _("%(id)s is not the registered peering, so whether it is active says nothing. Look for the right one.")
        return said % _names(scene)
    if any(map(scene.is_half_said, facts)):
        return _half_said(scene)
    states = tuple(dict.fromkeys(fact.status for fact in facts))
    if len(states) > 1:
        said = _("The two sides show %(id)s in different states: %(states)s. Look at both sides again.")
        return said % {"id": scene.registered.id, "states": ", ".join(map(shortened, states))}
    return "" if states[0] in LIVE | ENDED else _unsaid(facts[0])


def _absent(scene: PeeringScene, code: str) -> Finding:
    """Neither side lists it. The requester always sees what it asked for, the accepter only in its own region."""
    view, held = scene.requester, scene.registered
    where = (held.id or held.requester_vpc,)
    say = scene.say(view.side.evidence)
    if view.is_unread or view.side.peerings is None:
        return say.unknown(code, view.unread(ACTION), where)
    if not held.id:
        return say.failed(code, _not_made(scene, code, view.side.peerings), where)
    others = [fact.id for fact in view.side.peerings if _joins(scene, fact)]
    if others:
        said = _("%(id)s was not found, but %(others)s joins %(requester)s and %(accepter)s. Register that one.")
        return say.failed(code, said % {**_names(scene), "others": ids(others)}, where)
    said = _(
        "%(id)s was not found in account %(from)s; AWS forgets ended connections after hours or days. Create a new one."
    )
    return say.failed(code, said % _names(scene), where)


def _not_made(scene: PeeringScene, code: str, facts: Sequence[PeeringFact]) -> str:
    """There is no connection to follow yet: what there is instead, and the next act."""
    words = {**_names(scene), "region": scene.requester.region}
    asked = [fact.id for fact in facts if fact.status == "pending-acceptance" and _joins(scene, turned(fact))]
    if asked:
        said = _(
            "%(accepter)s asks %(requester)s for a peering connection, %(others)s. Accept it in account %(from)s, "
            "%(region)s, or reject it there and create one from %(requester)s."
        )
        return said % {**words, "others": ids(asked)}
    said = _("There is no peering connection from %(requester)s to %(accepter)s yet.") % words
    if code == ACCEPTED:
        return f"{said} {_('Once it is there, it waits to be accepted in account %(to)s.') % words}"
    ended = [fact for fact in facts if fact.status in ENDED and not scene.differences(fact)]
    past = [_past(scene, fact) for fact in ended if not scene.is_half_said(fact)]
    return " ".join((said, *past[:2], _("Create one in account %(from)s, %(region)s.") % words))


def _joins(scene: PeeringScene, fact: PeeringFact) -> bool:
    return fact.status in LIVE and not scene.is_half_said(fact) and not scene.differences(fact)


def _names(scene: PeeringScene) -> dict[str, str]:
    held = scene.registered
    return {
        "id": held.named,
        "requester": held.requester_vpc,
        "from": held.requester_account,
        "accepter": held.accepter_vpc,
        "to": held.accepter_account,
    }


def _half_said(scene: PeeringScene) -> str:
    said = _("Which VPCs and accounts %(id)s joins was not said. Look again with the answer of %(action)s.")
    return said % {"id": scene.registered.id, "action": ACTION}


def _unsaid(fact: PeeringFact) -> str:
    said = _("The state of %(id)s is not one that is known (%(state)s). Look again with the answer of %(action)s.")
    return said % {"id": fact.id, "state": shortened(fact.status), "action": ACTION}


def _plain(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:97]}…"


def _end(scene: PeeringScene, fact: PeeringFact) -> str:
    """Why it ended, AWS's own words where it gave some, and the way on."""
    others = [one.id for one in scene.requester.side.peerings or () if one.id != fact.id and _joins(scene, one)]
    on = _("It cannot be used again. Create a new connection.")
    if others:
        said = _("It cannot be used again; %(others)s joins the two VPCs now. Start anew with that one.")
        on = said % {"others": ids(others)}
    return f"{_past(scene, fact)} {on}"


def _past(scene: PeeringScene, fact: PeeringFact) -> str:
    """Why a connection ended, with AWS's own words where it gave some."""
    why = {
        "failed": _("%(id)s failed: AWS could not set it up, most often because ranges of the two VPCs overlap."),
        "expired": _("%(id)s expired: nobody accepted it within seven days."),
        "rejected": _("%(id)s was rejected in account %(to)s. Ask its network admin why."),
        "deleting": _("%(id)s is being deleted by one of its sides."),
        "deleted": _("%(id)s was deleted by one of its sides."),
    }[fact.status] % {**_names(scene), "id": fact.id}
    quoted = _("AWS says: %(message)s.") % {"message": shortened(fact.message)} if fact.message else ""
    return " ".join(filter(None, (why, quoted)))


def _not_yet(scene: PeeringScene, fact: PeeringFact) -> str:
    words = {**_names(scene), "state": fact.status, "region": scene.accepter.region or fact.accepter.region}
    if fact.status in ENDED:
        return _("%(id)s is %(state)s, not active. Create a new connection and have it accepted.") % words
    if fact.status != "pending-acceptance":
        return _("%(id)s is %(state)s: AWS is at work on it. Look again in a minute.") % words
    if fact.expires_at is not None:
        words["time"] = fact.expires_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
        said = _("%(id)s waits to be accepted, until %(time)s. Accept it in account %(to)s, %(region)s.")
        return said % words
    return _("%(id)s waits to be accepted. Accept it in account %(to)s, %(region)s, within seven days.") % words
