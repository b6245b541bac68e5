"""The kinds of workflow that exist; apps register theirs when they start."""

from portal.workflows.shapes import Plan

_plans: dict[str, Plan] = {}


def register(plan: Plan) -> None:
    """Makes `plan` known. Raises ValueError when its kind is already taken by another plan."""
    if _plans.setdefault(plan.kind, plan) is not plan:
        raise ValueError(f"Two plans are called {plan.kind}.")


def plan_of(kind: str) -> Plan | None:
    """The plan of a kind; None for a kind this version of the portal does not know."""
    return _plans.get(kind)


def kinds() -> list[str]:
    """Every registered kind."""
    return sorted(_plans)
