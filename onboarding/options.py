"""The bootstrap's options as one customer has chosen them."""

from onboarding.bootstrap.grants import Option
from portal.aws.models import Connection


def options_of(connection: Connection) -> frozenset[Option]:
    """The template's options that are on."""
    chosen = {
        Option.WITHHOLD_VPC_WRITES: connection.withholds_vpc_writes,
        Option.ALLOW_PEERING_WRITES: connection.allows_peering_writes,
    }
    return frozenset(option for option, on in chosen.items() if on)
