"""VPC endpoints, as `ec2:DescribeVpcEndpoints` lists them."""

import dataclasses
from dataclasses import dataclass
from typing import Any, Self

from portal.aws.facts.shapes import Document, Fact, Tag, policy, required, tags, text, texts


@dataclass(frozen=True, kw_only=True)
class EndpointFact(Fact):
    """`type`: Gateway, Interface, … `state` in lower case, because AWS has been seen to write both
    `available` and `Available`. `policy` is None when the answer had none that could be read.
    """

    id: str
    vpc: str = ""
    type: str = ""
    service: str = ""
    state: str = ""
    route_tables: tuple[str, ...] = ()
    subnets: tuple[str, ...] = ()
    policy: dict[str, Any] | None = dataclasses.field(default=None, hash=False)
    tags: tuple[Tag, ...] = ()

    @classmethod
    def from_aws(cls, document: Document) -> Self:
        """One entry of `VpcEndpoints`. Raises `IncompleteAnswerError` without an id."""
        return cls(
            id=required(document, "VpcEndpointId"),
            vpc=text(document, "VpcId"),
            type=text(document, "VpcEndpointType"),
            service=text(document, "ServiceName"),
            state=text(document, "State").lower(),
            route_tables=texts(document, "RouteTableIds"),
            subnets=texts(document, "SubnetIds"),
            policy=policy(document.get("PolicyDocument")),
            tags=tags(document),
        )
