"""The demo's emulator is small, and offers what moto offers."""

import subprocess
import sys
from pathlib import Path

import botocore
from botocore.loaders import JSONFileLoader

from portal.aws.service_models import LeanFileLoader

EC2 = f"{Path(botocore.__file__).parent}/data/ec2/2016-11-15/service-2"
COMPARED = """
import sys
from portal.demo import lean
if sys.argv[1] == "lean":
    lean.slim()
from moto.ec2.models import instance_types as types
known = types.INSTANCE_TYPE_OFFERINGS
print(sorted(known), len(types.INSTANCE_TYPES))
for kind in sorted(known):
    rows = known[kind]["eu-central-1"]
    print(kind, len(rows), rows[0], known[kind].get("nowhere", []), "us-east-1" in known[kind])
    print(known[kind]["eu-central-1"] == rows)
"""


def test_offerings_are_the_same_when_read_late() -> None:
    late, early = (
        subprocess.run(
            [sys.executable, "-c", COMPARED, how], capture_output=True, text=True, check=True, timeout=60
        ).stdout
        for how in ("lean", "moto")
    )
    assert late == early
    assert "availability-zone" in late


def test_a_service_without_its_prose_has_the_same_operations_and_shapes() -> None:
    def stripped(value: object) -> object:
        if isinstance(value, dict):
            return {k: stripped(v) for k, v in value.items() if k != "documentation" or not isinstance(v, str)}
        return [stripped(each) for each in value] if isinstance(value, list) else value

    lean, full = LeanFileLoader().load_file(EC2), JSONFileLoader().load_file(EC2)
    assert lean == stripped(full)
    assert list(lean["operations"]) == list(full["operations"])
    assert LeanFileLoader().load_file(f"{EC2}-none") is None
