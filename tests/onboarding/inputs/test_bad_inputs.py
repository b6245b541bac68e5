"""What people type, row by row: the numbers are those of the bad-input table of the design."""

from dataclasses import replace
from functools import partial
from ipaddress import IPv4Network

import pytest

from onboarding.inputs.accounts import account_id
from onboarding.inputs.arns import role_arn
from onboarding.inputs.cidrs import declared_range, vpc_cidr
from onboarding.inputs.emails import email_address
from onboarding.inputs.identifiers import resource_id, subnet_id, vpc_id
from onboarding.inputs.integers import whole_number
from onboarding.inputs.names import deployment_name, organisation_name, person_name
from onboarding.inputs.refusals import Refused
from onboarding.inputs.regions import region
from onboarding.inputs.time_zones import time_zone
from onboarding.inputs.zone_maps import zone_map
from onboarding.inputs.zones import zone_choice, zone_id, zone_name
from onboarding.rules import profile
from onboarding.rules.ranges import Range, RangeKind

SEED = profile("seed")
OFFERED = ("use1-az1", "use1-az2", "use1-az4", "use1-az6")
ACCOUNT = partial(account_id, vendor_accounts={"426924874929"}, refuse_samples=True)
VPC = partial(vpc_cidr, profile=SEED)
AUGUST_VPC = partial(vpc_cidr, profile=profile("2026-08"))
VENDOR_VPC = partial(
    vpc_cidr,
    profile=replace(
        SEED,
        vendor_ranges=(Range(network=IPv4Network("10.9.0.0/16"), kind=RangeKind.VENDOR, label="control"),),
    ),
)
REGION = partial(region, allowed=SEED.region_codes)
ZONES = partial(zone_choice, offered=OFFERED)
WINDOW = partial(whole_number, least=1, most=1000)
ARN = "arn:aws:iam::123456789012:role/"

REFUSED = [
    # row, parser, input, code of the refusal
    (1, ACCOUNT, "", "account-id.missing"),
    (1, ACCOUNT, "   ", "account-id.missing"),
    (2, ACCOUNT, "12345678901", "account-id.malformed"),
    (2, ACCOUNT, "1234567890123", "account-id.malformed"),
    (2, ACCOUNT, "1234-5678-9013", "account-id.malformed"),
    (4, ACCOUNT, "123 456789013", "account-id.malformed"),
    (4, ACCOUNT, "123456789013\n", "account-id.malformed"),
    (6, ACCOUNT, "１２３４５６７８９０１２", "account-id.malformed"),
    (6, ACCOUNT, "١٢٣٤٥٦٧٨٩٠١٢", "account-id.malformed"),
    (6, ACCOUNT, "12345678901²", "account-id.malformed"),
    (11, ACCOUNT, "123456789012' OR 1=1--", "account-id.malformed"),
    (11, ACCOUNT, "<script>", "account-id.malformed"),
    (11, ACCOUNT, "1" * 10_240, "account-id.malformed"),
    (12, ACCOUNT, 12345678901, "account-id.malformed"),
    (12, ACCOUNT, None, "account-id.malformed"),
    ("A.4", ACCOUNT, "000000000000", "account-id.nobody"),
    ("A.4", ACCOUNT, "426924874929", "account-id.vendor"),
    ("A.4", ACCOUNT, "123456789012", "account-id.sample"),
    (14, role_arn, "arn:aws:iam::123456789012:user/x", "role-arn.not-a-role"),
    (14, role_arn, "arn:aws:iam::123456789012:root", "role-arn.not-a-role"),
    (14, role_arn, "arn:aws:iam::123456789012:policy/x", "role-arn.not-a-role"),
    (15, role_arn, "arn:aws:sts::123456789012:assumed-role/x/y", "role-arn.session"),
    (18, role_arn, ARN + "x" * 65, "role-arn.name"),
    (18, role_arn, ARN + "p" * 511 + "/x", "role-arn.path"),
    (18, role_arn, ARN, "role-arn.name"),
    (18, role_arn, ARN + "a//x", "role-arn.path"),
    (18, role_arn, ARN + "rôle", "role-arn.name"),
    (21, role_arn, "arn:aws:iam::*:role/x", "role-arn.wildcard"),
    (21, role_arn, ARN + "x?", "role-arn.wildcard"),
    (24, role_arn, "ARN:AWS:IAM::123456789012:role/x", "role-arn.malformed"),
    (24, role_arn, "arn:aws:IAM::123456789012:role/x", "role-arn.malformed"),
    (24, role_arn, "arn:aws:iam:us-east-1:123456789012:role/x", "role-arn.malformed"),
    (24, role_arn, "arn:aws-iso:iam::123456789012:role/x", "role-arn.malformed"),
    (24, role_arn, ARN + "x\n", "role-arn.malformed"),
    ("c12", partial(role_arn, account="111122223333"), ARN + "x", "role-arn.other-account"),
    ("c12", partial(role_arn, name="ClickHouseManagementRole"), ARN + "Other", "role-arn.other-name"),
    (26, VPC, "10.0.0.5/16", "cidr.host-bits"),
    (27, VPC, "10.0.0.0", "cidr.prefix-missing"),
    (27, VPC, "10.0.0.0/", "cidr.malformed"),
    (30, VPC, "010.0.0.0/16", "cidr.malformed"),
    (30, VPC, "0x0a.0.0.0/8", "cidr.malformed"),
    (30, VPC, "10.0/16", "cidr.malformed"),
    (30, VPC, "167772160", "cidr.malformed"),
    (30, VPC, "10.0.0.0/016", "cidr.malformed"),
    (30, VPC, "10.0.0.0/+16", "cidr.malformed"),
    (30, VPC, "10.0.0.0/255.255.0.0", "cidr.malformed"),
    (30, VPC, "10.0.0.256/16", "cidr.malformed"),
    (30, VPC, "10.0.0.0/33", "cidr.malformed"),
    (31, VPC, "10.0.0.0/15", "cidr.too-large"),
    (31, VPC, "10.0.0.0/8", "cidr.too-large"),
    (31, VPC, "0.0.0.0/0", "cidr.too-large"),
    (32, VPC, "10.0.0.0/29", "cidr.too-small"),
    (32, VPC, "10.0.0.0/32", "cidr.too-small"),
    ("§8", VPC, "10.0.0.0/23", "cidr.below-profile"),
    ("§8", AUGUST_VPC, "10.0.0.0/24", "cidr.below-profile"),
    (34, VPC, "172.17.0.0/16", "cidr.docker"),
    (34, VPC, "172.17.128.0/17", "cidr.docker"),
    (34, VPC, "172.17.4.0/22", "cidr.docker"),
    (36, VPC, "169.254.0.0/16", "cidr.not-private"),
    (36, VPC, "127.0.0.0/16", "cidr.not-private"),
    (36, VPC, "198.18.0.0/16", "cidr.not-private"),
    (36, VPC, "192.0.2.0/24", "cidr.not-private"),
    (36, VPC, "240.0.0.0/16", "cidr.not-private"),
    (36, VPC, "100.64.0.0/16", "cidr.not-private"),
    (36, VPC, "172.32.0.0/16", "cidr.not-private"),
    (36, VPC, "8.8.0.0/16", "cidr.not-private"),
    (38, VPC, "2001:db8::/32", "cidr.ipv6"),
    (38, VPC, "::ffff:10.0.0.0/112", "cidr.ipv6"),
    (38, VPC, "fe80::1%eth0/64", "cidr.ipv6"),
    (42, VPC, "10.100.0.0/16", "cidr.eks-service"),
    (42, VPC, "172.20.4.0/22", "cidr.eks-service"),
    (42, VENDOR_VPC, "10.9.64.0/18", "cidr.vendor"),
    (43, VPC, "10.0.0.0/16,10.1.0.0/16", "cidr.several"),
    (43, VPC, "10.0.0.0/16\n10.1.0.0/16", "cidr.several"),
    (43, VPC, "10.0.0.0/16 10.1.0.0/16", "cidr.several"),
    (44, VPC, "10.0.0.0/16\u200b", "cidr.malformed"),
    (44, VPC, "10.0.0.0／16", "cidr.malformed"),
    (44, VPC, "１０.0.0.0/16", "cidr.malformed"),
    (44, VPC, "", "cidr.missing"),
    (44, VPC, 10, "cidr.malformed"),
    (44, declared_range, "0.0.0.0/0", "cidr.too-large"),
    (44, declared_range, "127.0.0.0/8", "cidr.nobodys"),
    (44, declared_range, "169.254.0.0/16", "cidr.nobodys"),
    (44, declared_range, "10.20.0.1/16", "cidr.host-bits"),
    (46, REGION, "eu-central-9", "region.not-offered"),
    (46, REGION, "attacker", "region.not-offered"),
    (46, REGION, "US-EAST-1", "region.not-offered"),
    (46, REGION, "us-east-1.attacker.example", "region.not-offered"),
    (46, REGION, "", "region.missing"),
    (48, REGION, "cn-north-1", "region.not-offered"),
    (48, REGION, "us-gov-west-1", "region.not-offered"),
    (50, ZONES, ["us-east-1a", "use1-az1", "use1-az2"], "zone-id.name"),
    (50, zone_id, "USE1-AZ1", "zone-id.malformed"),
    (50, zone_id, "", "zone-id.missing"),
    (50, zone_name, "use1-az1", "zone-name.id"),
    (50, zone_name, "us-east-1", "zone-name.malformed"),
    (51, ZONES, ["use1-az1", "use1-az2", "euc1-az1"], "zones.not-offered"),
    (51, zone_id, "usw2-lax1-az1", "zone-id.not-availability-zone"),
    (51, zone_id, "use1-wl1-bos-wlz1", "zone-id.not-availability-zone"),
    (52, ZONES, ["use1-az1"], "zones.count"),
    (52, ZONES, [], "zones.count"),
    (52, ZONES, ["use1-az1", "use1-az1", "use1-az2"], "zones.duplicate"),
    (52, ZONES, list(OFFERED), "zones.count"),
    (52, ZONES, ["use1-az1"] * 51, "zones.count"),
    (53, vpc_id, "vpc-", "vpc-id.malformed"),
    (53, vpc_id, "vpc-XYZ", "vpc-id.malformed"),
    (53, vpc_id, "VPC-0abc1234", "vpc-id.malformed"),
    (53, vpc_id, "vpc-0ABC1234", "vpc-id.malformed"),
    (53, vpc_id, "vpc-0abc12345", "vpc-id.malformed"),
    (53, vpc_id, "vpc-" + "0" * 16, "vpc-id.malformed"),
    (53, vpc_id, "vpc-" + "0" * 18, "vpc-id.malformed"),
    (53, vpc_id, "subnet-0abc1234", "vpc-id.other-kind"),
    (53, subnet_id, "vpc-0abc1234", "subnet-id.other-kind"),
    (59, partial(resource_id, prefix="pcx"), "pcx-０abc1234", "pcx-id.malformed"),
    (60, partial(resource_id, prefix="sg"), "sg-", "sg-id.malformed"),
    (62, email_address, "a@b", "email.domain"),
    (62, email_address, "a@b..c", "email.domain"),
    (62, email_address, "a" * 30 + "@" + ".".join(["b" * 60] * 4) + ".com", "email.too-long"),
    (62, email_address, "a@b@c.com", "email.malformed"),
    (62, email_address, '"a\nb"@c.com', "email.hidden"),
    (62, email_address, '"a b"@c.com', "email.malformed"),
    (62, email_address, "a@[127.0.0.1]", "email.domain"),
    (62, email_address, "a@127.0.0.1", "email.domain"),
    (62, email_address, ".a@c.com", "email.malformed"),
    (62, email_address, "a@-c.com", "email.domain"),
    (62, email_address, "x" * 65 + "@c.com", "email.malformed"),
    (62, email_address, "", "email.missing"),
    (63, email_address, "x@y.com\nBcc: z@w.com", "email.hidden"),
    (63, email_address, "x@y.com\r\nBcc: z@w.com", "email.hidden"),
    (63, email_address, "x@y.com%0aBcc:z@w.com", "email.malformed"),
    (64, email_address, "x@exаmple.com", "email.mixed-script"),  # the а is Cyrillic
    (64, email_address, "x@xn--exmple-4nf.com", "email.mixed-script"),  # the same, already encoded
    (64, email_address, "x@exam\u200dple.com", "email.hidden"),
    (64, email_address, "x@xn--.com", "email.domain"),
    (64, email_address, "x@xn--abc-.com", "email.domain"),  # encodes plain letters
    (64, email_address, "x@xn--a\xe9.com", "email.domain"),
    (64, email_address, "x@💩.example", "email.domain"),
    (64, email_address, "x@\u0301a.example", "email.domain"),
    (64, email_address, "x@例え。jp", "email.domain"),
    (64, email_address, "x@example.com.", "email.domain"),
    (64, email_address, "x@exa_mple.com", "email.domain"),
    (70, person_name, "", "name.missing"),
    (70, organisation_name, "x" * 10_000, "name.too-long"),
    (70, organisation_name, "x" * 121, "name.too-long"),
    (70, deployment_name, "x" * 61, "name.too-long"),
    (70, person_name, " \t ", "name.missing"),
    (70, person_name, "\u3000\u3000", "name.missing"),
    (70, person_name, "\u0301 x", "name.marks"),
    (70, person_name, "Z" + "\u0324" * 9, "name.marks"),
    (71, person_name, "gnp\u202eexe", "name.hidden"),
    (71, person_name, "a\u2066b", "name.hidden"),
    (71, person_name, "a\x00b", "name.hidden"),
    (71, person_name, "a\nb", "name.hidden"),
    (71, person_name, "a\u200bb", "name.hidden"),
    (71, person_name, "a\u200db", "name.hidden"),
    (71, person_name, "a\ufeffb", "name.hidden"),
    (71, person_name, "\u00ad", "name.hidden"),
    (71, person_name, "\u3164", "name.hidden"),
    (71, person_name, "a\u2028b", "name.hidden"),
    (71, person_name, "\U000e0041", "name.hidden"),
    (71, person_name, "\ufe0f", "name.hidden"),
    (71, person_name, "\ud800", "name.hidden"),
    (74, time_zone, "../../etc/passwd", "time-zone.unknown"),
    (74, time_zone, "/etc/localtime", "time-zone.unknown"),
    (74, time_zone, "", "time-zone.missing"),
    (74, time_zone, "localtime", "time-zone.unknown"),
    (74, time_zone, "posix/UTC", "time-zone.unknown"),
    (74, time_zone, "EST", "time-zone.unknown"),
    (74, time_zone, "Etc/GMT+5", "time-zone.unknown"),
    (74, time_zone, "US/Pacific", "time-zone.unknown"),
    (74, time_zone, "asia/tokyo", "time-zone.unknown"),
    (81, WINDOW, "1e3", "integer.malformed"),
    (81, WINDOW, "０", "integer.malformed"),
    (81, WINDOW, "-1", "integer.malformed"),
    (81, WINDOW, "+1", "integer.malformed"),
    (81, WINDOW, "NaN", "integer.malformed"),
    (81, WINDOW, "1_000", "integer.malformed"),
    (81, WINDOW, str(10**40), "integer.malformed"),
    (81, WINDOW, "1.0", "integer.malformed"),
    (81, WINDOW, "01", "integer.malformed"),
    (81, WINDOW, "0", "integer.out-of-range"),
    (81, WINDOW, "1001", "integer.out-of-range"),
    (81, WINDOW, 1, "integer.malformed"),
    (120, zone_map, "[" * 10_000, "zone-map.json"),
    (120, zone_map, '{"AvailabilityZones": [], "AvailabilityZones": []}', "zone-map.json"),
    (120, zone_map, '{"AvailabilityZones": [{"ZoneName": 1e999, "ZoneId": NaN}]}', "zone-map.json"),
    (120, zone_map, '\ufeff{"AvailabilityZones": []}', "zone-name.malformed"),
    (120, zone_map, '{"AvailabilityZones": [],}', "zone-map.json"),
    (120, zone_map, '{"AvailabilityZones": []}', "zone-map.none"),
    (120, zone_map, '{"AvailabilityZones": [{"ZoneName": "us-east-1a"}]}', "zone-map.json"),
    (120, zone_map, '{"Zones": 3}', "zone-map.json"),
    (120, zone_map, "", "zone-map.missing"),
    (120, zone_map, "x" * 100_001, "zone-map.too-long"),
    (120, zone_map, "us-east-1a", "zone-map.line"),
    (120, zone_map, "us-east-1a use1-az1\nus-east-1a use1-az2", "zone-map.duplicate"),
    (120, zone_map, "us-east-1a use1-az1\nus-east-1b use1-az1", "zone-map.duplicate"),
    (120, zone_map, "us-east-1a use1-az1\neu-west-1a euw1-az1", "zone-map.regions"),
    (120, zone_map, "use1-az1 us-east-1a", "zone-name.id"),
]

ACCEPTED = [
    # row, parser, input, canonical text
    (4, ACCOUNT, " 222222222222 ", "222222222222"),
    (4, account_id, "012345678901", "012345678901"),
    (14, role_arn, ARN + "ClickHouseManagementRole", ARN + "ClickHouseManagementRole"),
    (14, role_arn, ARN + "team/a/x+=,.@-_", ARN + "team/a/x+=,.@-_"),
    (18, role_arn, ARN + "x" * 64, ARN + "x" * 64),
    (18, role_arn, ARN + "p" * 510 + "/x", ARN + "p" * 510 + "/x"),
    (24, role_arn, "arn:aws-us-gov:iam::123456789012:role/x", "arn:aws-us-gov:iam::123456789012:role/x"),
    (26, VPC, " 10.0.0.0/16 ", "10.0.0.0/16"),
    (26, VPC, "192.168.252.0/22", "192.168.252.0/22"),
    (34, VPC, "172.16.0.0/16", "172.16.0.0/16"),
    (34, VPC, "172.18.0.0/16", "172.18.0.0/16"),
    ("§8", AUGUST_VPC, "10.0.0.0/23", "10.0.0.0/23"),
    (40, declared_range, "10.0.0.0/8", "10.0.0.0/8"),
    (40, declared_range, "203.0.113.7/32", "203.0.113.7/32"),
    (46, REGION, "il-central-1", "il-central-1"),
    (50, zone_id, "cac1-az4", "cac1-az4"),
    (50, zone_name, "us-gov-west-1a", "us-gov-west-1a"),
    (53, vpc_id, "vpc-0abc1234", "vpc-0abc1234"),
    (53, subnet_id, "subnet-0123456789abcdef0", "subnet-0123456789abcdef0"),
    (64, email_address, "Taro@例え.jp", "taro@xn--r8jz45g.jp"),
    (64, email_address, "x@Straße.de", "x@xn--strae-oqa.de"),
    (64, email_address, "x@xn--strae-oqa.de", "x@xn--strae-oqa.de"),
    (64, email_address, "x@東京・大阪.example", "x@xn--veku70g9fh8zo288c.example"),
    (65, email_address, "NAME@Example.COM", "name@example.com"),
    (65, email_address, "ｎａｍｅ＠ｅｘａｍｐｌｅ．ｃｏｍ", "name@example.com"),
    (65, email_address, "o'hara+byoc@example.co.jp", "o'hara+byoc@example.co.jp"),
    (70, person_name, "  山田\u3000太郎 ", "山田 太郎"),
    (70, person_name, "Jose\u0301", "José"),
    (70, organisation_name, "Family 👨\u200d👩\u200d👧 GmbH", "Family 👨\u200d👩\u200d👧 GmbH"),
    (70, organisation_name, "❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
    (70, person_name, "葛\U000e0100城", "葛\U000e0100城"),
    (70, deployment_name, "x" * 60, "x" * 60),
    (73, organisation_name, "{{7*7}}", "{{7*7}}"),
    (73, organisation_name, "${x} %s =cmd()", "${x} %s =cmd()"),
    (74, time_zone, "America/Los_Angeles", "America/Los_Angeles"),
    (74, time_zone, "UTC", "UTC"),
    (81, WINDOW, "1000", "1000"),
    (81, whole_number, "0", "0"),
]


@pytest.mark.parametrize(("row", "parser", "typed", "code"), REFUSED)
def test_it_refuses_and_says_why(row, parser, typed, code):
    with pytest.raises(Refused) as caught:
        parser(typed)
    assert caught.value.code == code
    assert caught.value.message.endswith(".")
    assert len(caught.value.message) < 400
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(("row", "parser", "typed", "canonical"), ACCEPTED)
def test_it_returns_the_canonical_form(row, parser, typed, canonical):
    parser = partial(parser, most=10) if parser is whole_number else parser
    assert str(parser(typed)) == canonical
    assert str(parser(canonical)) == canonical


def test_it_suggests_the_network_behind_host_bits():
    with pytest.raises(Refused, match=r"10\.0\.0\.0/16") as caught:
        vpc_cidr("10.0.0.5/16", profile=SEED)
    assert caught.value.suggestion == "10.0.0.0/16"


def test_it_suggests_the_spelling_of_a_time_zone():
    with pytest.raises(Refused) as caught:
        time_zone("asia/tokyo")
    assert caught.value.suggestion == "Asia/Tokyo"


def test_it_shows_an_international_domain_in_punycode():
    address = email_address("x@пример.com")
    assert address.international
    assert address.address == "x@xn--e1afmkfd.com"
    assert address.written == "x@пример.com"
    assert not email_address("x@example.com").international


def test_it_says_which_zones_can_be_chosen():
    with pytest.raises(Refused, match="use1-az1, use1-az2, use1-az4, use1-az6"):
        ZONES(["use1-az1", "use1-az2", "use1-az5"])


def test_it_returns_three_zones_in_order():
    assert ZONES(["use1-az6", "use1-az1", "use1-az4"]) == ("use1-az1", "use1-az4", "use1-az6")


def test_refusals_can_be_translated():
    from django.utils.translation import override

    with override("ja"), pytest.raises(Refused) as caught:
        account_id("x")
    assert caught.value.message
