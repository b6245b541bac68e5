"""What all checks of one peering look at: both sides, what is registered, and what may be concluded. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.translation import gettext as _

from networking.checks.scene import Scene
from networking.peering.checks.catalogue import CATALOGUE
from networking.peering.checks.ranges import Block, outermost
from networking.peering.shapes import PeeringSide, RegisteredPeering
from onboarding.checks.judgments import Judgments
from onboarding.rules.profiles import Profile
from onboarding.stacks.naming import PEERING_ROLE, VERIFIER_ROLE
from portal.aws.facts.networks import VpcNetwork
from portal.aws.facts.peerings import PeeringFact, PeeringSideFact
from portal.findings.shapes import Evidence

#: Weakest first: what rests on several looks is worth as much as the weakest of them.
_STRENGTH = tuple(Evidence)


@dataclass(frozen=True)
class Ranges:
    """The ranges of one VPC. Without `blocks`, `doubt` says why nobody knows them and what to do."""

    blocks: tuple[Block, ...]
    doubt: str
    evidence: Evidence


@dataclass(frozen=True)
class Copy:
    """The connection as one side shows it."""

    fact: PeeringFact
    evidence: Evidence


@dataclass(frozen=True)
class View:
    """One side as the checks see it. `network` is None when nobody looked there or the look is of something else."""

    side: PeeringSide
    vpc_id: str
    account: str
    region: str
    profile: Profile
    requester: bool
    role: str = VERIFIER_ROLE

    @cached_property
    def network(self) -> VpcNetwork | None:
        """The look at this side's VPC, if it is one."""
        found = self.side.network
        fits = found is not None and (found.account, found.vpc_id) == (self.account, self.vpc_id)
        return found if fits and found is not None and self.region in {"", found.region} else None

    @cached_property
    def place(self) -> str:
        """What sentences call this side."""
        return _("requester") if self.requester else _("accepter")

    @cached_property
    def inside(self) -> Scene:
        """The scene of this side's VPC. Only where there is a `network`."""
        assert self.network is not None
        return Scene(self.network, self.profile, self.side.evidence, self.role)

    @property
    def is_unread(self) -> bool:
        """Whether nothing may be concluded from the look at this side."""
        return self.network is None

    @property
    def _is_registered_alone(self) -> bool:
        """Whether no more is known of the target than what its owner typed."""
        found = self.network
        if found is None or self.requester or self.side.evidence is not Evidence.DECLARED:
            return False
        return found.subnets is None and found.route_tables is None and not found.refused

    def unread(self, action: str) -> str:
        """The sentence that what the IAM action shows of this side was not read, and what to do."""
        words = {"side": self.place, "account": self.account, "action": action, "vpc": self.vpc_id}
        if self._is_registered_alone:
            said = _(
                "Nobody has shown us the inside of %(vpc)s, account %(account)s, yet (%(action)s). A facts file shows "
                "it, or a narrow role that is lent to us there."
            )
            return said % words
        if self.network is not None:
            return _("On the %(side)s side: %(said)s") % {**words, "said": self.inside.unread(action)}
        if self.side.network is None:
            said = _(
                "Nobody looked at the %(side)s side, account %(account)s, so what %(action)s shows of %(vpc)s is "
                "unknown. Look there, or give the facts file of that side."
            )
            return said % words
        found = self.side.network
        said = _(
            "The facts of the %(side)s side are of %(found)s, not of %(vpc)s in account %(account)s, so what "
            "%(action)s shows there is unknown. Look at %(vpc)s."
        )
        return said % {**words, "found": f"{found.vpc_id}, {found.account}, {found.region}"}


@dataclass(frozen=True)
class PeeringScene:
    """One peering: what is registered, one look at each side, and the rules."""

    registered: RegisteredPeering
    requester_side: PeeringSide
    accepter_side: PeeringSide
    profile: Profile

    @cached_property
    def requester(self) -> View:
        """The BYOC VPC's side."""
        held = self.registered
        place = (held.requester_vpc, held.requester_account, held.requester_region)
        return View(self.requester_side, *place, self.profile, requester=True)

    @cached_property
    def accepter(self) -> View:
        """The target VPC's side."""
        held = self.registered
        place = (held.accepter_vpc, held.accepter_account, held.accepter_region)
        role = VERIFIER_ROLE if held.accepter_account == held.requester_account else PEERING_ROLE
        return View(self.accepter_side, *place, self.profile, requester=False, role=role)

    @cached_property
    def copies(self) -> tuple[Copy, ...]:
        """The registered connection as each side shows it, asked for by our requester however it was; none where
        neither lists it.
        """
        return tuple(
            Copy(turned(fact) if self.registered.asked_by_target else fact, view.side.evidence)
            for view in (self.requester, self.accepter)
            if not view.is_unread
            for fact in view.side.peerings or ()
            if fact.id == self.registered.id != ""
        )

    def say(self, *evidence: Evidence) -> Judgments:
        """Makes findings that rest on looks of these strengths."""
        return Judgments(CATALOGUE, weakest(evidence))

    def differences(self, fact: PeeringFact) -> tuple[str, ...]:
        """What of the connection's two sides is not what is registered: `requester VPC vpc-9`; regions where given."""
        found: list[str] = []
        for view, shown in ((self.requester, fact.requester), (self.accepter, fact.accepter)):
            words = {"side": view.place, "vpc": shown.vpc, "account": shown.owner, "region": shown.region}
            if shown.vpc not in {"", view.vpc_id}:
                found.append(_("%(side)s VPC %(vpc)s") % words)
            if shown.owner not in {"", view.account}:
                found.append(_("%(side)s account %(account)s") % words)
            if view.region and shown.region not in {"", view.region}:
                found.append(_("%(side)s region %(region)s") % words)
        return tuple(found)

    @staticmethod
    def is_half_said(fact: PeeringFact) -> bool:
        """Whether the connection lacks a VPC or an account, so that nobody knows whose it is."""
        return not all((fact.requester.vpc, fact.requester.owner, fact.accepter.vpc, fact.accepter.owner))

    def ranges(self, view: View) -> Ranges:
        """Every range of a side's VPC: those that its VPC has, and those that the active connection lists; of these
        what has the strongest evidence.

        AWS lists them in the connection only once it is active; before, an empty list proves nothing.
        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcPeeringConnectionVpcInfo.html
        """
        vpc = view.network.vpc if view.network is not None else None
        told = [(copy.evidence, _listed(self._end(copy, view))) for copy in self._trusted]
        told += [(view.side.evidence, list(vpc.ranges))] if vpc is not None else []
        best = max((_STRENGTH.index(evidence) for evidence, texts in told if texts), default=0)
        # What AWS lists to us is all there is: a word beside it adds nothing.
        blocks = outermost(text for evidence, texts in told if evidence is _STRENGTH[best] for text in texts)
        if blocks:
            return Ranges(blocks, "", _STRENGTH[best])
        return Ranges((), self._no_ranges(view), view.side.evidence)

    @staticmethod
    def _end(copy: Copy, view: View) -> PeeringSideFact:
        return copy.fact.requester if view.requester else copy.fact.accepter

    @cached_property
    def _trusted(self) -> tuple[Copy, ...]:
        """Where the connection is shown as active, between the registered sides."""
        return tuple(
            copy
            for copy in self.copies
            if copy.fact.status == "active" and not self.is_half_said(copy.fact) and not self.differences(copy.fact)
        )

    def _no_ranges(self, view: View) -> str:
        if view.network is None or view.network.vpcs is None:
            return view.unread("ec2:DescribeVpcs")
        words = {"vpc": view.vpc_id, "side": view.place, "account": view.account, "region": view.network.region}
        if view.network.vpc is None:
            said = _(
                "%(vpc)s was not found on the %(side)s side, account %(account)s, %(region)s, so its ranges are "
                "unknown. See whether it is still there."
            )
        else:
            said = _(
                "The ranges of %(vpc)s on the %(side)s side were not said. Look again with the answer of "
                "ec2:DescribeVpcs."
            )
        return said % words


def turned(fact: PeeringFact) -> PeeringFact:
    """The connection with its two sides in each other's place."""
    return replace(fact, requester=fact.accepter, accepter=fact.requester)


def weakest(evidence: Iterable[Evidence]) -> Evidence:
    """The weakest of several; what rests on nothing was declared."""
    return min(evidence, key=_STRENGTH.index, default=Evidence.DECLARED)


def _listed(shown: PeeringSideFact) -> list[str]:
    return [text for text in (shown.cidr, *shown.cidrs, *shown.ipv6_cidrs) if text]
