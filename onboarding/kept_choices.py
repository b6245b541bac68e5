"""What a person has typed in the infrastructure form but not saved: kept in their session over a detour.

Choosing another region or asking for a comparison leads to a fresh page, also without JavaScript; what was typed comes
back there. It holds for the version of the deployment that it was typed for: after anybody's save the stored choices
rule.
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
    texts = {name: str(posted.get(name, ""))[:LONGEST] for name in ("region", "cidr", "other_zones")}
    session[_key(deployment)] = {
        **texts,
        "zones": [zone[:40] for zone in posted.getlist("zones[]")[:20]],
        **changes,
        "version": deployment.version,
    }


def kept(session: SessionBase, deployment: Deployment) -> dict[str, Any]:
    """What was kept for this version of the deployment; empty when nothing was."""
    found = session.get(_key(deployment))
    if not isinstance(found, dict) or found.get("version") != deployment.version:
        return {}
    return found


def drop(session: SessionBase, deployment: Deployment) -> None:
    """Forgets it."""
    session.pop(_key(deployment), None)
