"""The three emulated AWS accounts and the places in them, as pure data."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoAccount:
    """One emulated account: its number, which is also the access key of its root, and what it stands for."""

    id: str
    title: str


VENDOR = DemoAccount("111111111111", "vendor")
CUSTOMER = DemoAccount("222222222222", "customer")
CUSTOMER_NETWORK = DemoAccount("333333333333", "customer-network")
ACCOUNTS = (VENDOR, CUSTOMER, CUSTOMER_NETWORK)

EMPTY_REGION = "us-west-2"
"""The customer has no VPC here, not even a default one."""

CROWDED_REGION = "us-east-1"
"""The customer's VPCs here collide with 10.0.0.0/16; the network account's hub is here, too."""

OWN_VPC_REGION = "eu-central-1"
"""Here the customer has one VPC that is fit to bring and one with four faults."""

#: Zone name → zone ID, per account and region. AWS shuffles the letters for each account, so "a" is not one place:
#: https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html
ZONES: dict[str, dict[str, dict[str, str]]] = {
    VENDOR.id: {
        "us-east-1": {"a": "use1-az6", "b": "use1-az1", "c": "use1-az2", "d": "use1-az4", "e": "use1-az3", "f": "use1-az5"},
    },
    CUSTOMER.id: {
        "us-east-1": {"a": "use1-az4", "b": "use1-az6", "c": "use1-az1", "d": "use1-az2", "e": "use1-az3", "f": "use1-az5"},
        "us-west-2": {"a": "usw2-az1", "b": "usw2-az2", "c": "usw2-az3", "d": "usw2-az4"},
        "eu-central-1": {"a": "euc1-az2", "b": "euc1-az3", "c": "euc1-az1"},
    },
    CUSTOMER_NETWORK.id: {
        "us-east-1": {"a": "use1-az2", "b": "use1-az4", "c": "use1-az6", "d": "use1-az1", "e": "use1-az3", "f": "use1-az5"},
        "us-west-2": {"a": "usw2-az2", "b": "usw2-az1", "c": "usw2-az3", "d": "usw2-az4"},
        "eu-central-1": {"a": "euc1-az3", "b": "euc1-az1", "c": "euc1-az2"},
    },
}


def emulator_config() -> dict[str, object]:
    """The emulator's configuration document: the zone maps with full zone names."""
    return {
        "zones": {
            account: {
                region: {f"{region}{letter}": zone for letter, zone in letters.items()} for region, letters in regions.items()
            }
            for account, regions in ZONES.items()
        },
        "opted_in": {CUSTOMER.id: ["il-central-1"]},
    }
