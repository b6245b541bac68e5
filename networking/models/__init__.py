"""Requests to approve a brought VPC, hand-off links and their uses, and who is watching."""

from networking.models.hand_offs import HandOff, HandOffUse
from networking.models.vpc_requests import VpcRequest
from networking.models.watches import VpcWatch

__all__ = ["HandOff", "HandOffUse", "VpcRequest", "VpcWatch"]
