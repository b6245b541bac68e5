"""IAM policies: inline ones, attached ones, and the document of a version."""

import dataclasses
from dataclasses import dataclass
from typing import Any, Self

from portal.aws.facts.shapes import Document, Fact, policy, required, text


@dataclass(frozen=True, kw_only=True)
class AttachedPolicyFact(Fact):
    """One entry of `iam:ListAttachedRolePolicies`."""

    arn: str
    name: str = ""

    @classmethod
    def from_aws(cls, document: Document) -> Self:
        """One entry of `AttachedPolicies`. Raises `IncompleteAnswerError` without an ARN."""
        return cls(arn=required(document, "PolicyArn"), name=text(document, "PolicyName"))


@dataclass(frozen=True, kw_only=True)
class PolicyFact(Fact):
    """A policy's text. `arn` and `version` are empty for an inline policy; `document` is None when
    unreadable.
    """

    name: str
    arn: str = ""
    version: str = ""
    document: dict[str, Any] | None = dataclasses.field(default=None, hash=False)

    @classmethod
    def from_inline(cls, document: Document) -> Self:
        """The answer of `iam:GetRolePolicy`. Raises `IncompleteAnswerError` without a name."""
        return cls(name=required(document, "PolicyName"), document=policy(document.get("PolicyDocument")))

    @classmethod
    def from_aws(cls, document: Document, *, version: Document | None = None) -> Self:
        """The `Policy` of `iam:GetPolicy` with the `PolicyVersion` of `iam:GetPolicyVersion`, when it was
        read.

        Raises `IncompleteAnswerError` without a name.
        """
        return cls(
            name=required(document, "PolicyName"),
            arn=text(document, "Arn"),
            version=text(version or {}, "VersionId") or text(document, "DefaultVersionId"),
            document=policy((version or {}).get("Document")),
        )
