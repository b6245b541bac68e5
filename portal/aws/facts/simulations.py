"""Results of `iam:SimulatePrincipalPolicy`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from portal.aws.facts.shapes import Document, Fact, flag, inner, required, several, text, texts


@dataclass(frozen=True, kw_only=True)
class SimulationFact(Fact):
    """What IAM would decide for one action on one resource (`*` when none was given).

    `decision`: allowed, explicitDeny, implicitDeny. `missing_context` names the condition keys that the
    simulation was not given: then a denial proves nothing. `by_organization` and `by_boundary` are false
    where an organisation's policy or the permissions boundary does not allow, None where IAM did not say.
    `statements` are the ids of the policies whose statements matched.
    https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html
    """

    action: str
    resource: str = "*"
    decision: str = ""
    missing_context: tuple[str, ...] = ()
    by_organization: bool | None = None
    by_boundary: bool | None = None
    statements: tuple[str, ...] = ()

    @classmethod
    def from_aws(cls, document: Document) -> Self:
        """One entry of `EvaluationResults` as a whole. Raises `IncompleteAnswerError` without an action."""
        return cls(
            action=required(document, "EvalActionName"),
            resource=text(document, "EvalResourceName") or "*",
            decision=text(document, "EvalDecision"),
            missing_context=texts(document, "MissingContextValues"),
            by_organization=flag(inner(document, "OrganizationsDecisionDetail"), "AllowedByOrganizations"),
            by_boundary=flag(inner(document, "PermissionsBoundaryDecisionDetail"), "AllowedByPermissionsBoundary"),
            statements=several(document, "MatchedStatements", lambda found: text(found, "SourcePolicyId")),
        )

    @classmethod
    def each_from_aws(cls, document: Document) -> "Iterator[Self]":
        """One fact per resource where IAM decided per resource, else the one of the whole entry."""
        specific = document.get("ResourceSpecificResults") or []
        if not specific:
            yield cls.from_aws(document)
        for found in specific:
            yield cls.from_aws(
                {
                    **document,
                    **found,
                    "EvalDecision": found.get("EvalResourceDecision", ""),
                    "EvalActionName": document.get("EvalActionName"),
                }
            )
