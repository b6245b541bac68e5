"""Numbers and patterns that the renderings of the bootstrap share."""

from typing import Final

TEMPLATE_VERSION: Final = 3
"""Raise with every change of a bootstrap policy; the roles carry it as a tag.

1: the first. 2: the portal may mend a VPC that the customer brings (ledger/mending.py); what is the deployment's own
network shows by the deployment's tag besides the owner's, which a brought VPC carries too.
3: peering needs the deployment's tag or the customer's own consent tag (ledger/peering.py), and the portal may admit
ranges at the private load balancer.
"""
MENDING_SINCE: Final = 2
"""The first version whose management role may change tags and the S3 endpoint of a VPC that the customer brings."""
PEERING_SINCE: Final = 3
"""The first version whose management role peers what the customer tagged so, and admits ranges at the entrance."""
VERSION_TAG: Final = "clickhouse-byoc-version"
EXTERNAL_ID_PATTERN: Final = r"^[\w+=,.@:\/-]+$"
"""What STS takes, from docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html."""
EXTERNAL_ID_LENGTHS: Final = (2, 1224)
ACCOUNT_PATTERN: Final = r"^[0-9]{12}$"
PRODUCTION_VENDOR: Final = "426924874929"
"""The vendor's production account, the default of both renderings."""
