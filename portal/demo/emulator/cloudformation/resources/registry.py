"""All resource types that the emulator carries out."""

from portal.demo.emulator.cloudformation.resources import (
    custom,
    eks,
    eks_access,
    iam,
    keys,
    messaging,
    routing,
    s3,
    security,
    vpcs,
)
from portal.demo.emulator.cloudformation.resources.kinds import Kind

_MODULES = (eks, eks_access, iam, keys, messaging, routing, s3, security, vpcs)
_KINDS: dict[str, Kind] = {kind.type: kind for module in _MODULES for kind in module.KINDS}


def kind_of(type_name: str) -> Kind | None:
    """The functions of a resource type; None when the emulator does not carry it out."""
    if type_name.startswith("Custom::") or type_name == "AWS::CloudFormation::CustomResource":
        return custom.kind(type_name)
    return _KINDS.get(type_name)
