"""The permission ledger: every action of every bootstrap role, with the step that needs it and what breaks without it.

The policies are rendered from this and from nothing else (`policies.py`), so ledger and policies cannot differ.
To add a permission: add it to a grant under `ledger/`, raise `constants.TEMPLATE_VERSION`, run the tests.
"""

from typing import Final

from onboarding.bootstrap.grants import Grant, Option, Permission, RoleName
from onboarding.bootstrap.ledger import cluster, dns, identity, mending, network, peering, stacks, storage, verifier

GRANTS: Final[tuple[Grant, ...]] = (
    *network.GRANTS,
    *mending.GRANTS,
    *peering.GRANTS,
    *storage.GRANTS,
    *identity.GRANTS,
    *cluster.GRANTS,
    *dns.GRANTS,
    *stacks.GRANTS,
    *verifier.GRANTS,
)

PERMISSIONS: Final[tuple[Permission, ...]] = tuple(
    Permission(
        action=action,
        resources=grant.resources,
        condition=grant.condition,
        step=grant.step,
        reason=grant.reason,
        without=grant.without,
        roles=grant.roles,
        profiles=grant.profiles,
        policy=grant.policy,
        sid=grant.sid,
    )
    for grant in GRANTS
    for action in grant.actions
)


def given(grant_policy_absent: Option | None, grant_policy_present: Option | None, options: frozenset[Option]) -> bool:
    """Whether a policy with these switches exists under the customer's `options`."""
    return grant_policy_absent not in options and (grant_policy_present is None or grant_policy_present in options)


def grants_for(role: RoleName, profile: str, options: frozenset[Option] | None = None) -> tuple[Grant, ...]:
    """The grants of one role in one profile; with `options` only those that the customer's switches leave."""
    return tuple(
        grant
        for grant in GRANTS
        if role in grant.roles
        and profile in grant.profiles
        and (options is None or given(grant.policy.absent_when, grant.policy.present_when, options))
    )


def permissions_for(role: RoleName, profile: str, options: frozenset[Option] | None = None) -> tuple[Permission, ...]:
    """The rows of one role in one profile, in the order of the policies."""
    wanted = {(grant.policy, grant.sid) for grant in grants_for(role, profile, options)}
    return tuple(permission for permission in PERMISSIONS if (permission.policy, permission.sid) in wanted)
