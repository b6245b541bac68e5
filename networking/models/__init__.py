"""Requests to approve a brought VPC, hand-off links and their uses, who is watching; peerings and private access."""

from networking.models.hand_offs import HandOff, HandOffUse
from networking.models.peerings import Peering, PeeringConnection, PeeringFault, PeeringWatch, StepNote
from networking.models.private_access import PrivateAccess, PublicRemoval, ReachProof
from networking.models.screenshots import Screenshot
from networking.models.vpc_requests import VpcRequest
from networking.models.watches import VpcWatch

__all__ = [
    "HandOff",
    "HandOffUse",
    "Peering",
    "PeeringConnection",
    "PeeringFault",
    "PeeringWatch",
    "PrivateAccess",
    "PublicRemoval",
    "ReachProof",
    "Screenshot",
    "StepNote",
    "VpcRequest",
    "VpcWatch",
]
