"""All resource types that the emulator carries out."""

from portal.demo.emulator.cloudformation.resources import iam
from portal.demo.emulator.cloudformation.resources.kinds import Kind

_KINDS = {kind.type: kind for module in (iam,) for kind in module.KINDS}


def kind_of(type_name: str) -> Kind | None:
    """The functions of a resource type; None when the emulator does not carry it out."""
    return _KINDS.get(type_name)
