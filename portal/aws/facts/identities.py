"""Who AWS says we are."""

from dataclasses import dataclass
from typing import Self

from portal.aws.facts.shapes import Document, Fact, required, text


@dataclass(frozen=True, kw_only=True)
class CallerFact(Fact):
    """The answer of `sts:GetCallerIdentity`: the account, the ARN of the session and its opaque id."""

    account: str
    arn: str
    user_id: str = ""

    @classmethod
    def from_aws(cls, document: Document) -> Self:
        """The whole answer. Raises `IncompleteAnswerError` without account or ARN."""
        return cls(
            account=required(document, "Account"), arn=required(document, "Arn"), user_id=text(document, "UserId")
        )
