"""The zone map that people paste from another account."""

import json

import pytest

from onboarding.inputs.zone_maps import zone_map

LINES = "us-east-1b use1-az2\nus-east-1a\tuse1-az6\n"
TABLE = """
-------------------------------
|  DescribeAvailabilityZones  |
+--------------+--------------+
|  us-east-1a  |  use1-az6    |
|  us-east-1b  |  use1-az2    |
+--------------+--------------+
"""
ANSWER = json.dumps(
    {
        "AvailabilityZones": [
            {
                "ZoneName": "us-east-1a",
                "ZoneId": "use1-az6",
                "ZoneType": "availability-zone",
                "State": "available",
            },
            {
                "ZoneName": "us-east-1b",
                "ZoneId": "use1-az2",
                "ZoneType": "availability-zone",
                "State": "available",
            },
            {"ZoneName": "us-east-1-bos-1a", "ZoneId": "use1-bos1-az1", "ZoneType": "local-zone"},
        ]
    },
    indent=4,
)
PAIRS = '[["us-east-1a", "use1-az6"], ["us-east-1b", "use1-az2"]]'
OBJECTS = '[{"ZoneName": "us-east-1a", "ZoneId": "use1-az6"}, {"ZoneName": "us-east-1b", "ZoneId": "use1-az2"}]'


@pytest.mark.parametrize("pasted", [LINES, LINES.replace("\n", "\r\n"), TABLE, ANSWER, PAIRS, OBJECTS])
def test_it_reads_what_the_cli_prints(pasted):
    found = zone_map(pasted)
    assert found.pairs == (("us-east-1a", "use1-az6"), ("us-east-1b", "use1-az2"))


def test_it_answers_both_ways():
    found = zone_map(LINES)
    assert found.ids == {"use1-az6", "use1-az2"}
    assert found.id_of("us-east-1a") == "use1-az6"
    assert found.id_of("us-east-1c") is None
    assert found.name_of("use1-az2") == "us-east-1b"
    assert found.name_of("use1-az9") is None


def test_its_text_is_accepted_again():
    assert zone_map(str(zone_map(ANSWER))) == zone_map(ANSWER)
