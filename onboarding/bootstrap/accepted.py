"""What the policy linters say of our documents and we let stand, each with its reason.

cfn-lint, parliament and cloudsplaining run in the tests. A finding that is not here fails them, and so does an entry
here that no linter reports any more.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onboarding.bootstrap.grants import (
    CLUSTER,
    DNS,
    IDENTITY,
    NETWORK_READ,
    PEERING,
    STORAGE,
    VERIFIER,
    VPC_MENDING,
    VPC_WRITE,
)
from onboarding.stacks.naming import BOUNDARY


class Linter(StrEnum):
    """Who found it."""

    PARLIAMENT = "parliament"
    CLOUDSPLAINING = "cloudsplaining"


@dataclass(frozen=True)
class Accepted:
    """One kind of finding on one document. `issue` as the linter spells it."""

    linter: Linter
    document: str
    issue: str
    reason: str | Promise


_PAIRS = _(
    "A creation is judged for the thing that is made and for each thing that it is put into. The two stand apart on "
    "purpose: only the first knows the tags of the request, only the second has tags of its own."
)
_ONE_VPC = _(
    "Which VPC will be looked at is not known when the role is made, and reading a DNS setting changes nothing."
)
_GIVES_NOTHING = _("A permissions boundary gives nothing: it is the outer limit of what the policies give.")
_TYPE = _("AWS's own examples compare this key as text; the value is one whole ARN without wildcards.")

ACCEPTED: Final[tuple[Accepted, ...]] = (
    Accepted(Linter.PARLIAMENT, NETWORK_READ.name, "RESOURCE_STAR", _ONE_VPC),
    Accepted(Linter.PARLIAMENT, VERIFIER.name, "RESOURCE_STAR", _ONE_VPC),
    Accepted(Linter.PARLIAMENT, VPC_WRITE.name, "RESOURCE_MISMATCH", _PAIRS),
    Accepted(Linter.PARLIAMENT, VPC_MENDING.name, "RESOURCE_MISMATCH", _PAIRS),
    Accepted(Linter.PARLIAMENT, PEERING.name, "RESOURCE_MISMATCH", _PAIRS),
    Accepted(
        Linter.PARLIAMENT,
        STORAGE.name,
        "RESOURCE_POLICY_PRIVILEGE_ESCALATION",
        _(
            "The storage stack sets the policies and lifecycles of its buckets. The boundary denies the bootstrap "
            "roles every object in them, whatever a bucket's policy says; a lifecycle rule that deletes objects would "
            "show in the bucket's settings and in CloudTrail."
        ),
    ),
    Accepted(Linter.PARLIAMENT, IDENTITY.name, "MISMATCHED_TYPE_BUT_USABLE", _TYPE),
    Accepted(
        Linter.PARLIAMENT,
        CLUSTER.name,
        "RESOURCE_MISMATCH",
        _(
            "The reference lists no resource for eks:CreateCluster; Amazon EKS's own example policies name the "
            "cluster, and the vendor's published role does the same."
        ),
    ),
    Accepted(
        Linter.PARLIAMENT,
        CLUSTER.name,
        "RESOURCE_STAR",
        _("Starting an instance touches images and disks of any id; the condition asks for a launch template of ours."),
    ),
    Accepted(
        Linter.PARLIAMENT,
        DNS.name,
        "RESOURCE_STAR",
        _("The vendor's guide asks for route53:* in this profile; hosted zones have ids that nobody knows in advance."),
    ),
    Accepted(
        Linter.CLOUDSPLAINING,
        DNS.name,
        "ServiceWildcard",
        _("The vendor's guide asks for route53:* in this profile. The later profile has no Route 53 at all."),
    ),
    Accepted(
        Linter.CLOUDSPLAINING,
        DNS.name,
        "InfrastructureModification",
        _("Keeping the records of host names is what this policy is for."),
    ),
    *(
        Accepted(Linter.PARLIAMENT, BOUNDARY, issue, _GIVES_NOTHING)
        for issue in ("RESOURCE_STAR", "RESOURCE_MISMATCH", "MISMATCHED_TYPE_BUT_USABLE")
    ),
    *(
        Accepted(Linter.CLOUDSPLAINING, BOUNDARY, issue, _GIVES_NOTHING)
        for issue in (
            "CredentialsExposure",
            "InfrastructureModification",
            "PrivilegeEscalation",
            "ResourceExposure",
            "ServiceWildcard",
        )
    ),
)
