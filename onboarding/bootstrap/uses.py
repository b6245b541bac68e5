"""What uses the writing roles' actions besides the stacks' resource types: so that no action is there unused.

`onboarding.stacks.actions` has what CloudFormation calls for each type. Every other action of the management and the
deployment role stands here with its user; a test holds both together against the ledger.
"""

from collections.abc import Mapping
from typing import Final

from onboarding.stacks.sessions import STACK_ACTIONS

_PORTAL = "The portal launches, upgrades and removes the stacks with it."
_PEERING = "The peering steps, where the customer allows them."
_ENTRANCE = "The last step of a peering: whom the private load balancer admits."
_ENTER = "The vendor's control plane on its way into the cluster."

OTHER_USES: Final[Mapping[str, str]] = {
    **dict.fromkeys(STACK_ACTIONS, _PORTAL),
    "ec2:AuthorizeSecurityGroupIngress": _ENTRANCE,
    "ec2:RevokeSecurityGroupIngress": _ENTRANCE,
    "ec2:CreateVpcPeeringConnection": _PEERING,
    "ec2:DeleteVpcPeeringConnection": _PEERING,
    "ec2:DescribeVpcPeeringConnections": _PEERING,
    "ec2:DescribeTags": "Elastic IP addresses: CloudFormation reads their tags back, as their schema says.",
    "route53:*": "The vendor's guide, in the profiles that have Route 53.",
    "sts:AssumeRole": _ENTER,
    "sts:SetSourceIdentity": _ENTER,
    "sts:TagSession": _ENTER,
}
