"""IAM roles, as `iam:GetRole` shows them."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from portal.aws.facts.shapes import Document, Fact, Tag, inner, moment, number, policy, required, tags, text


@dataclass(frozen=True, kw_only=True)
class RoleFact(Fact):
    """`trust` is the trust policy, None when it could not be read. `boundary` is the ARN of the permissions
    boundary, empty without one. `max_session` counts seconds (AWS: 3600 to 43200).
    """

    arn: str
    name: str
    path: str = ""
    trust: dict[str, Any] | None = dataclasses.field(default=None, hash=False)
    boundary: str = ""
    max_session: int | None = None
    created_at: datetime | None = None
    tags: tuple[Tag, ...] = ()

    @classmethod
    def from_aws(cls, document: Document) -> Self:
        """The `Role` of the answer. Raises `IncompleteAnswerError` without ARN or name."""
        return cls(
            arn=required(document, "Arn"),
            name=required(document, "RoleName"),
            path=text(document, "Path"),
            trust=policy(document.get("AssumeRolePolicyDocument")),
            boundary=text(inner(document, "PermissionsBoundary"), "PermissionsBoundaryArn"),
            max_session=number(document, "MaxSessionDuration"),
            created_at=moment(document, "CreateDate"),
            tags=tags(document),
        )
