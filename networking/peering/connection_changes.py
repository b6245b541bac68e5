"""The connection itself: whether it is to be made or accepted, what forbids that, and whether it may be deleted. Pure.

https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-lifecycle
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from networking.checks.scene import ids
from networking.peering.change import ACCEPT, ACCEPTER, CREATE, DELETE, REQUESTER, PeeringChange
from networking.peering.checks.connection import ENDED, LIVE
from networking.peering.checks.overlap import check_overlap
from networking.peering.checks.scene import PeeringScene
from networking.peering.permission import may_change
from onboarding.stacks.naming import DEPLOYMENT_TAG, INTENT_TAG, PEERING_ALLOWED, PEERING_TAG
from portal.aws.facts.peerings import PeeringFact
from portal.aws.facts.shapes import tag_value
from portal.findings.shapes import Evidence, Level

#: From here on nobody has to accept any more.
ACCEPTED = frozenset({"provisioning", "active"})


@dataclass(frozen=True)
class Link:
    """The connection of the generation that counts, as the newest looks show it. `ended`: by our own record, which
    outlives AWS's lists, and does not take what they show late for gone.
    """

    scene: PeeringScene
    ended: bool = False

    @property
    def id(self) -> str:
        """`pcx-…`, empty while there is none."""
        return self.scene.registered.id

    @property
    def facts(self) -> tuple[PeeringFact, ...]:
        """The connection as each side shows it."""
        return tuple(copy.fact for copy in self.scene.copies)

    @property
    def is_foreign(self) -> bool:
        """Whether some look shows other sides than the registered ones."""
        return any(self.scene.differences(fact) for fact in self.facts)

    @property
    def is_over(self) -> bool:
        """Whether it ended, or AWS no longer lists what we have on record."""
        return any(fact.status in ENDED for fact in self.facts) if self.facts else bool(self.id) and self.ended

    @property
    def is_accepted(self) -> bool:
        """Whether it was accepted, and has not ended."""
        return not self.is_over and any(fact.status in ACCEPTED for fact in self.facts)

    @property
    def is_usable(self) -> bool:
        """Whether routes may lead to it, or will when it is made."""
        return not self.is_foreign and not self.is_over

    def creation(self) -> tuple[PeeringChange, ...]:
        """The request, while this generation has no connection and nothing forbids it."""
        return () if self.id or self.obstacles() else (self._change(CREATE, REQUESTER),)

    def acceptance(self) -> tuple[PeeringChange, ...]:
        """The acceptance, while the request waits or is still to be made."""
        waits = any(fact.status not in ACCEPTED for fact in self.facts) or not self.id
        if not waits or self.is_accepted or not self.is_usable or self.scene.registered.asked_by_target:
            return ()
        return (self._change(ACCEPT, ACCEPTER),)

    def deletion(self, slug: str) -> PeeringChange | None:
        """The deletion of a connection that still stands between the registered sides.

        The management role deletes only what it made; the lent role of the target account any between the two VPCs,
        once it is active: a request that waits only who asked can take back.
        """
        if not self.is_standing:
            return None
        if self.is_made_for(slug):
            return self._change(DELETE, REQUESTER)
        return self._change(DELETE, ACCEPTER) if any(fact.status == "active" for fact in self.facts) else None

    @property
    def is_standing(self) -> bool:
        """Whether the connection is there, between the registered sides, and has not ended."""
        return self.is_usable and any(fact.status in LIVE for fact in self.facts)

    def is_made_for(self, slug: str) -> bool:
        """Whether it carries the deployment's tag and that of an intent: we made it."""
        return any(
            tag_value(fact.tags, DEPLOYMENT_TAG) == slug and bool(tag_value(fact.tags, INTENT_TAG))
            for fact in self.facts
        )

    def obstacles(self) -> tuple[str, ...]:
        """Why no connection may be made or accepted, in sentences."""
        if self.is_foreign:
            return (self._foreign(),)
        if self.is_over:
            return (self._over(),)
        if self.id:
            return ()
        return tuple(filter(None, (self._unread(), self._overlap(), self._turned(), self._closed())))

    def _foreign(self) -> str:
        wrong = (name for fact in self.facts for name in self.scene.differences(fact))
        said = _("%(id)s is not the registered peering: it has %(wrong)s. We neither accept nor delete it.")
        return said % {"id": self.id, "wrong": ids(dict.fromkeys(wrong))}

    def _over(self) -> str:
        ended = next((fact for fact in self.facts if fact.status in ENDED), None)
        words = {"id": self.id, "state": ended.status if ended else _("gone"), "why": ended.message if ended else ""}
        said = _("%(id)s is %(state)s and cannot be used again. Begin anew, and we ask for another connection.")
        quoted = " " + _("AWS says: %(why)s.") % words if words["why"] else ""
        return said % words + quoted

    def _unread(self) -> str:
        view = self.scene.requester
        if not view.is_unread and view.side.peerings is not None and view.side.evidence is Evidence.OBSERVED:
            return ""
        return view.unread("ec2:DescribeVpcPeeringConnections")

    def _overlap(self) -> str:
        found = (one for one in check_overlap(self.scene) if one.level is Level.FAILED)
        return " ".join(one.message for one in found)

    def _turned(self) -> str:
        """AWS has one connection for a pair of VPCs, whoever asks. One that the target VPC asked for and that nobody
        answered blocks ours; an active one would be followed already.
        """
        held = self.scene.registered
        other = next((one for one in self.scene.requester.side.peerings or () if self._is_turned(one)), None)
        if other is None:
            return ""
        said = _(
            "%(other)s was asked for from the other side, by %(theirs)s, and is %(state)s. AWS allows one connection"
            " between two VPCs. Have account %(account)s delete that request, or accept it in the BYOC account."
        )
        return said % {
            "other": other.id,
            "theirs": held.accepter_vpc,
            "state": other.status,
            "account": held.accepter_account,
        }

    def _is_turned(self, fact: PeeringFact) -> bool:
        held = self.scene.registered
        shown = (fact.requester.vpc, fact.requester.owner, fact.accepter.vpc, fact.accepter.owner)
        ours = (held.accepter_vpc, held.accepter_account, held.requester_vpc, held.requester_account)
        return fact.status in LIVE and shown == ours

    def _closed(self) -> str:
        view = self.scene.requester
        vpc = view.network.vpc if view.network is not None else None
        if vpc is None or may_change(vpc.tags):
            return ""
        said = _(
            "%(vpc)s is yours, and it does not carry the tag %(tag)s, so we may not ask for a peering with it. Put the"
            " tag on it and look again, or create the connection yourself."
        )
        return said % {"vpc": view.vpc_id, "tag": f"{PEERING_TAG} = {PEERING_ALLOWED}"}

    def _change(self, kind: str, side: str) -> PeeringChange:
        held = self.scene.registered
        mine = (held.requester_account, held.requester_region, held.requester_vpc)
        theirs = (held.accepter_account, held.accepter_region, held.accepter_vpc)
        here, there = (mine, theirs) if side == REQUESTER else (theirs, mine)
        return PeeringChange(
            kind=kind,
            side=side,
            account=here[0],
            region=here[1],
            resource=here[2],
            connection=self.id,
            peer_account=there[0],
            peer_region=there[1],
            peer_vpc=there[2],
        )
