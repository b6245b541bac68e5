"""Whatever is accepted is returned in its canonical form, and that form is accepted again unchanged."""

import re
import unicodedata
from functools import partial
from ipaddress import IPv4Network
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from onboarding.inputs.accounts import account_id
from onboarding.inputs.arns import role_arn
from onboarding.inputs.cidrs import declared_range, network, vpc_cidr
from onboarding.inputs.emails import email_address
from onboarding.inputs.iana import CANONICAL_ZONES
from onboarding.inputs.identifiers import vpc_id
from onboarding.inputs.integers import whole_number
from onboarding.inputs.names import person_name
from onboarding.inputs.refusals import Refused
from onboarding.inputs.regions import region
from onboarding.inputs.time_zones import time_zone
from onboarding.inputs.zone_maps import zone_map
from onboarding.inputs.zones import zone_id, zone_name
from onboarding.rules import profile
from onboarding.rules.ranges import PRIVATE_BLOCKS

SEED = profile("seed")
PARSERS = {
    "account": account_id,
    "arn": role_arn,
    "network": network,
    "vpc": partial(vpc_cidr, profile=SEED),
    "declared": declared_range,
    "region": partial(region, allowed=SEED.region_codes),
    "zone id": zone_id,
    "zone name": zone_name,
    "vpc id": vpc_id,
    "email": email_address,
    "name": person_name,
    "time zone": time_zone,
    "integer": partial(whole_number, most=10**9),
    "zone map": zone_map,
}
SHAPES = {
    "account": r"\A[ \t]?[0-9]{11,13}[ \t\n]?\Z",
    "arn": r"\Aarn:aws:iam::[0-9]{12}:role/([a-z/]{0,5}/)?[A-Za-z0-9+=,.@_-]{1,65}\Z",
    "network": r"\A[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}/[0-9]{1,2}\Z",
    "vpc": r"\A10\.[0-9]{1,3}\.(0|64|128|252)\.0/(1[6-9]|2[0-9])\Z",
    "declared": r"\A[0-9]{1,3}\.[0-9]{1,3}\.0\.0/[0-9]{1,2}\Z",
    "region": r"\A(us|eu)-(east|west|central)-[1-4]\Z",
    "zone id": r"\A[a-z]{2,5}[0-9]-az[0-9]{1,3}\Z",
    "zone name": r"\A[a-z]{2}-[a-z]{2,9}-[0-9][a-z]\Z",
    "vpc id": r"\Avpc-[0-9a-g]{8}\Z",
    "email": r"\A[a-zA-Z.+-]{1,10}@[a-zß-öа-яα-ω.-]{1,12}\.[a-zA-Z]{2,5}\Z",
    "name": r"\A[a-zé́ \u3000\u200d👩👧\ufe0f]{1,12}\Z",
    "time zone": r"\A(Asia|Europe)/(Tokyo|Berlin|Paris|Nowhere)\Z",
    "integer": r"\A[0-9]{1,12}\Z",
    "zone map": r"\A(us-east-1[a-f] use1-az[1-6]\n){1,4}\Z",
}


def outcome(parser, typed):
    """What the parser returned, or its refusal."""
    try:
        return parser(typed)
    except Refused as refusal:
        return refusal


@pytest.mark.parametrize("kind", PARSERS)
@settings(deadline=None)  # the machine may be busy
@given(data=st.data())
def test_what_is_accepted_is_canonical_and_accepted_again(kind, data):
    typed = data.draw(st.one_of(st.text(max_size=40), st.from_regex(re.compile(SHAPES[kind]))))
    accepted = outcome(PARSERS[kind], typed)
    if isinstance(accepted, Refused):
        assert accepted.code
        assert accepted.message
    else:
        assert str(PARSERS[kind](str(accepted))) == str(accepted)


@settings(deadline=None)  # the machine may be busy
@given(st.integers(0, 2**32 - 1), st.integers(0, 32))
def test_every_canonical_network_is_accepted_and_only_those(address, prefix):
    canonical = str(IPv4Network((address, prefix), strict=False))
    assert str(network(canonical)) == canonical
    written = f"{IPv4Network((address, 32)).network_address}/{prefix}"
    assume(written != canonical)
    with pytest.raises(Refused) as caught:
        network(written)
    assert caught.value.suggestion == canonical


@settings(deadline=None)  # the machine may be busy
@given(st.sampled_from(PRIVATE_BLOCKS), st.integers(0, 2**24), st.integers(16, 22))
def test_a_vpc_is_refused_only_for_a_reserved_range(block, offset, prefix):
    first = int(block.network_address) + offset % block.num_addresses
    candidate = IPv4Network((first, prefix), strict=False)
    reserved = any(candidate.overlaps(taken.network) for taken in SEED.reserved_ranges)
    found = outcome(PARSERS["vpc"], str(candidate))
    if reserved:
        assert found.code in {"cidr.docker", "cidr.eks-service", "cidr.vendor"}
    else:
        assert found == candidate


@settings(deadline=None)  # the machine may be busy
@given(st.text(max_size=60))
def test_a_name_is_normal_and_free_of_hidden_characters(typed):
    try:
        name = person_name(typed)
    except Refused:
        return
    assert name == unicodedata.normalize("NFC", name)
    assert name == name.strip()
    assert not {unicodedata.category(character) for character in name} & {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}


def test_every_listed_time_zone_is_one():
    assert len(CANONICAL_ZONES) > 400
    assert {str(ZoneInfo(zone)) for zone in CANONICAL_ZONES} == CANONICAL_ZONES
