"""A deployment with a connected peering, and results of the probe through it."""

import json
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from networking.actions.private_access import name_endpoint, take_proof
from networking.models import Peering, PrivateAccess, ReachProof
from networking.states import PeeringState
from portal.accounts.formkeys import new_key
from portal.accounts.models import User
from tests.networking.brought import user_of
from tests.networking.peered import peered
from tests.people import People

PUBLIC = "h5ju65kv87.mhp0y4dmph.us-west-2.aws.byoc.clickhouse.cloud"
PRIVATE = "h5ju65kv87-private.mhp0y4dmph.us-west-2.aws.byoc.clickhouse.cloud"


def connected(people: People, *, named: bool = True, **values: Any) -> Peering:
    """A peering that was seen to connect, with the load balancer enabled and the public name given."""
    peering = peered(people, access=True, state=PeeringState.CONNECTED, **values)
    if named:
        name_endpoint(deployment=peering.deployment, public_host=PUBLIC, version=1, by=user_of(people))
    return peering


def result(**changes: Any) -> dict[str, Any]:
    """What the probe prints where all is fine; None takes a key away."""
    document: dict[str, Any] = {
        "format": 1, "host": PRIVATE, "resolver": "getent", "addresses": ["10.0.16.5", "10.0.32.7"],
        "ports": {"8443": "open", "9440": "open"}, "checked_at": moment(),
    }  # fmt: skip
    return {key: value for key, value in (document | changes).items() if value is not None}


def moment(**ago: float) -> str:
    """So long ago, as the probe writes it."""
    return (timezone.now() - timedelta(**ago)).strftime("%Y-%m-%dT%H:%M:%SZ")


def prove(people: People, peering: Peering, **changes: Any) -> ReachProof:
    """Keeps a result, by default one that proves private access."""
    data = json.dumps(result(**changes)).encode()
    return take_proof(deployment=peering.deployment, peering=peering, data=data, by=user_of(people))


def aged(proof: ReachProof, **ago: float) -> None:
    """Makes the proof so old."""
    ReachProof.objects.filter(pk=proof.pk).update(at=timezone.now() - timedelta(**ago))


def access_of(peering: Peering) -> PrivateAccess:
    return PrivateAccess.objects.get(deployment=peering.deployment_id)


def address(name: str, peering: Peering) -> str:
    return reverse(f"networking:{name}", args=[peering.deployment_id])


def fields(**values: Any) -> dict[str, Any]:
    return {"form_key": new_key(), **values}


def staff_of(people: People) -> User:
    assert people.staff.user is not None
    return people.staff.user
