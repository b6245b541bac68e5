"""The emulated AWS accounts and the places in them, as pure data."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoAccount:
    """One emulated account: its number, which is also the access key of its root, and what it stands for."""

    id: str
    title: str


VENDOR = DemoAccount("111111111111", "vendor")
CUSTOMER = DemoAccount("222222222222", "customer")
CUSTOMER_NETWORK = DemoAccount("333333333333", "customer-network")
SECOND_CUSTOMER = DemoAccount("444444444444", "second-customer")
ACCOUNTS = (VENDOR, CUSTOMER, CUSTOMER_NETWORK, SECOND_CUSTOMER)
ACCOUNT_ID = "[0-9]{12}"
"""Every account number works in the emulator; those above have something in them or somebody who owns them."""

EMPTY_REGION = "us-west-2"
"""The customer has no VPC here, not even a default one."""

CROWDED_REGION = "us-east-1"
"""The customer's VPCs here collide with 10.0.0.0/16; the network account's hub is here, too."""

OWN_VPC_REGION = "eu-central-1"
"""Here the customer has one VPC that is fit to bring and one with four faults."""

#: Account → region → the zone IDs of the letters a, b, c… AWS shuffles them for each account, so "a" is not one place:
#: https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html
ZONES: dict[str, dict[str, tuple[str, ...]]] = {
    VENDOR.id: {
        "us-east-1": ("use1-az6", "use1-az1", "use1-az2", "use1-az4", "use1-az3", "use1-az5"),
    },
    CUSTOMER.id: {
        "us-east-1": ("use1-az4", "use1-az6", "use1-az1", "use1-az2", "use1-az3", "use1-az5"),
        "us-west-2": ("usw2-az1", "usw2-az2", "usw2-az3", "usw2-az4"),
        "eu-central-1": ("euc1-az2", "euc1-az3", "euc1-az1"),
    },
    CUSTOMER_NETWORK.id: {
        "us-east-1": ("use1-az2", "use1-az4", "use1-az6", "use1-az1", "use1-az3", "use1-az5"),
        "us-west-2": ("usw2-az2", "usw2-az1", "usw2-az3", "usw2-az4"),
        "eu-central-1": ("euc1-az3", "euc1-az1", "euc1-az2"),
    },
}


def zone_map(account_id: str, region: str) -> dict[str, str]:
    """Zone name → zone ID of one account in one region. Raises KeyError where the usual map holds."""
    return {f"{region}{letter}": zone for letter, zone in zip("abcdef", ZONES[account_id][region], strict=False)}


def emulator_config() -> dict[str, object]:
    """The emulator's configuration document."""
    zones = {account: {region: zone_map(account, region) for region in regions} for account, regions in ZONES.items()}
    return {"zones": zones, "opted_in": {CUSTOMER.id: ["il-central-1"]}}
