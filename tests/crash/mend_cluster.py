"""The cluster of cluster.py with its bomb in the three calls that mend a brought VPC as well.

Run as a script by tests/crash/test_mend.py, with the same `CRASH_MOMENT` and `CRASH_DIR`.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from tests.crash.cluster import Cluster, mined  # sets Django up, so it comes first

from portal.aws import ec2  # isort: skip

ec2.create_tags = mined("mend", ec2.create_tags, lambda *_: "CreateTags")
ec2.create_gateway_endpoint = mined("mend", ec2.create_gateway_endpoint, lambda *_: "CreateVpcEndpoint")
ec2.attach_route_tables = mined("mend", ec2.attach_route_tables, lambda *_: "ModifyVpcEndpoint")

if __name__ == "__main__":
    Cluster().start()
