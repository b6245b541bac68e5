"""The target side of a peering, where what is known of it may be somebody else's word. Nothing here asks AWS."""

from dataclasses import replace

from networking.peering.checks.judge import judge_peering
from networking.peering.shapes import PeeringSide
from networking.peering.standing import Standing
from networking.states import PeeringStep
from portal.findings.shapes import Evidence, Finding

#: Steps that are done in the target account.
TARGET_STEPS = (PeeringStep.ACCEPTANCE, PeeringStep.RETURN_ROUTES)
#: What a look at the target side decides.
TARGET_CODES = frozenset({"peering.accepted", "peering.accepter-routes", "peering.cidr-overlap"})


def is_seen(standing: Standing) -> bool:
    """Whether a role of ours looked at the target side."""
    return standing.accepter.network is not None and standing.accepter.evidence is Evidence.OBSERVED


def target_findings(standing: Standing, accepter: PeeringSide) -> tuple[Finding, ...]:
    """What `accepter` shows of the target side, judged with our own look at the BYOC side."""
    registered = standing.registered
    vpc_id, network = standing.peering.vpc_id, accepter.network
    if not standing.peering.subnet_ids and network is not None:
        subnets = tuple(subnet.id for subnet in network.subnets or () if subnet.vpc == vpc_id)
        registered = replace(registered, accepter_subnets=subnets)
    findings = judge_peering(registered, standing.requester, accepter, profile=standing.profile)
    return tuple(finding for finding in findings if finding.code in TARGET_CODES)
