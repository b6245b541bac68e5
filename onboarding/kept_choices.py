"""What a person has typed in the infrastructure form but not saved: kept in their session over a detour.

Choosing another region or asking for a comparison leads to a fresh page, also without JavaScript; what was typed comes
back there. It holds for the version of the deployment that it was typed for: after anybody's save the stored choices
rule. What was typed for a new VPC is kept aside while an existing one is brought: whoever changes their mind finds it.
"""

from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict

from onboarding.models import Deployment

#: Longer texts are not kept; the session is a row in the database.
LONGEST = 100_000


def _key(deployment: Deployment) -> str:
    return f"infrastructure-{deployment.pk}"


def keep(session: SessionBase, deployment: Deployment, posted: QueryDict, **changes: str) -> None:
    """Keeps what was posted, with `changes` in it."""
    session[_key(deployment)] = {
        **_typed(posted),
        **{name: str(posted.get(name, ""))[:40] for name in ("region", "vpc_mode")},
        **changes,
        "version": deployment.version,
    }


def keep_aside(session: SessionBase, deployment: Deployment, posted: QueryDict) -> None:
    """Keeps what was typed for a new VPC for as long as an existing one is brought."""
    session[_key(deployment)] = {**_typed(posted), "aside": True}


def _typed(posted: QueryDict) -> dict[str, Any]:
    texts = {name: str(posted.get(name, ""))[:LONGEST] for name in ("cidr", "other_zones")}
    return {**texts, "zones": [zone[:40] for zone in posted.getlist("zones[]")[:20]]}


def kept(session: SessionBase, deployment: Deployment, *, brings_vpc: bool) -> dict[str, Any]:
    """What was kept for this version of the deployment, or aside of a brought VPC; empty when nothing was."""
    found = session.get(_key(deployment))
    if not isinstance(found, dict):
        return {}
    holds = brings_vpc if found.get("aside") else found.get("version") == deployment.version
    return found if holds else {}


def drop(session: SessionBase, deployment: Deployment) -> None:
    """Forgets it."""
    session.pop(_key(deployment), None)
