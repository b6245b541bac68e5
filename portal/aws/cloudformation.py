"""CloudFormation: what a stack is, what happened in it, and the two calls that change one.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from portal.aws.errors import Refused, speaking
from portal.aws.facts.stacks import StackEventFact, StackFact, StackResourceFact
from portal.aws.sessions import AccountSession

SERVICE = "cloudformation"
#: DescribeStacks answers this code for a name that no stack has, or no longer has.
ABSENT = "ValidationError"


@dataclass(frozen=True, kw_only=True)
class StackRequest:
    """What CreateStack is asked for. `role_arn` is the service role that CloudFormation works with."""

    name: str
    template: str
    parameters: Mapping[str, str]
    capabilities: tuple[str, ...]
    tags: Mapping[str, str]
    role_arn: str


def find_stack(session: AccountSession, region: str, name_or_id: str) -> StackFact | None:
    """The stack, None when there is none. By id also a deleted stack is found, for 90 days."""
    client = session.reader(SERVICE, region)
    try:
        with speaking("cloudformation:DescribeStacks"):
            answer = client.describe_stacks(StackName=name_or_id)
    except Refused as refusal:
        if refusal.code == ABSENT:
            return None
        raise
    return StackFact.from_aws(answer["Stacks"][0])


def stack_events(session: AccountSession, region: str, stack_id: str, *, known: str = "") -> list[StackEventFact]:
    """Events newest first, back to the event whose id is `known` (exclusive)."""
    paginator = session.reader(SERVICE, region).get_paginator("describe_stack_events")
    found: list[StackEventFact] = []
    with speaking("cloudformation:DescribeStackEvents"):
        for page in paginator.paginate(StackName=stack_id):
            for document in page["StackEvents"]:
                if document["EventId"] == known:
                    return found
                found.append(StackEventFact.from_aws(document))
    return found


def stack_resources(session: AccountSession, region: str, stack_id: str) -> list[StackResourceFact]:
    """The resources of a stack as CloudFormation lists them."""
    paginator = session.reader(SERVICE, region).get_paginator("list_stack_resources")
    with speaking("cloudformation:ListStackResources"):
        pages = paginator.paginate(StackName=stack_id)
        return [StackResourceFact.from_aws(item) for page in pages for item in page["StackResourceSummaries"]]


def create_stack(session: AccountSession, region: str, request: StackRequest, *, intent_id: UUID) -> dict[str, str]:
    """CreateStack with the intent as client token: sent again, AWS answers with the same stack."""
    client = session.writer(SERVICE, region, intent_id)
    with speaking("cloudformation:CreateStack"):
        answer = client.create_stack(
            StackName=request.name,
            TemplateBody=request.template,
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in request.parameters.items()],
            Capabilities=list(request.capabilities),
            Tags=[{"Key": key, "Value": value} for key, value in request.tags.items()],
            RoleARN=request.role_arn,
            OnFailure="ROLLBACK",
            ClientRequestToken=str(intent_id),
        )
    return {"id": answer["StackId"], "request_id": answer["ResponseMetadata"]["RequestId"]}


def delete_stack(
    session: AccountSession, region: str, stack_id: str, *, intent_id: UUID, role_arn: str
) -> dict[str, str]:
    """DeleteStack by id with the intent as client token; deleting a deleted stack changes nothing."""
    client = session.writer(SERVICE, region, intent_id)
    with speaking("cloudformation:DeleteStack"):
        answer = client.delete_stack(StackName=stack_id, RoleARN=role_arn, ClientRequestToken=str(intent_id))
    return {"id": stack_id, "request_id": answer["ResponseMetadata"]["RequestId"]}
