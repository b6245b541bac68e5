"""What keeps a deployment from being deleted, and what stays in the account afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from onboarding.checks.judgments import failed, passed, unknown, warning
from portal.findings.shapes import Finding

BLOCKERS = "removal.blockers"
REMAINS = "removal.remains"


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """Something in the BYOC VPC that the stacks did not make: `kind` in words, `id` as AWS has it.

    `of_cluster`: the deployment's cluster made it for itself, and takes it away when it is shut down.
    """

    kind: str | Promise
    id: str
    of_cluster: bool = False


def check_blockers(obstacles: Iterable[Obstacle] | None, *, vpc_id: str) -> tuple[Finding, ...]:
    """`removal.blockers`: AWS deletes no VPC that holds something which the stacks did not make.

    https://docs.aws.amazon.com/vpc/latest/userguide/delete-vpc.html. `obstacles` is None when nobody could
    look.
    """
    if obstacles is None:
        said = _("What else uses %(vpc)s could not be read. The tear-down tries, and names what stops it.")
        return (unknown(BLOCKERS, said % {"vpc": vpc_id or _("the VPC")}, _ids(vpc_id)),)
    found = tuple(obstacles)
    if not found:
        return (passed(BLOCKERS, _("Nothing but the deployment itself uses its VPC."), _ids(vpc_id)),)
    said = _("%(kind)s %(id)s uses %(vpc)s and is not ours. Delete it in your account, then go on.")
    return tuple(
        failed(BLOCKERS, said % {"kind": one.kind, "id": one.id, "vpc": vpc_id}, (one.id, vpc_id)) for one in found
    )


def _ids(vpc_id: str) -> tuple[str, ...]:
    return (vpc_id,) if vpc_id else ()


def check_remains(kept: Iterable[tuple[str | Promise, str]], *, bootstrap_stack: str) -> tuple[Finding, ...]:
    """`removal.remains`: what the tear-down leaves, as pairs of kind in words and id; it is the customer's to
    keep.
    """
    said = _("%(type)s %(id)s stays in your account with everything in it. Keep it or delete it yourself.")
    left = tuple(warning(REMAINS, said % {"type": kind, "id": name}, (name,)) for kind, name in kept)
    roles = _("The stack %(stack)s with our roles stays. Delete it to end our access.") % {"stack": bootstrap_stack}
    return (*left, warning(REMAINS, roles, (bootstrap_stack,)))


@dataclass(frozen=True, kw_only=True)
class Leftover(Obstacle):
    """Something in a brought VPC that is of a cluster; `marked` when its tag says that it is of this one."""

    marked: bool


def check_left_in_vpc(left: Iterable[Leftover] | None, *, vpc_id: str, cluster: str) -> tuple[Finding, ...]:
    """`removal.remains` for a VPC that the customer brought: it stays, and with it what the cluster's software made in
    it beside the stacks. `left` is None when nobody could look. Each finding names the VPC among its resources.
    """
    stays = _("%(vpc)s is yours and stays as it was: the tear-down changed nothing of it.") % {"vpc": vpc_id}
    found = (warning(REMAINS, stays, (vpc_id,)),)
    if left is None:
        said = _(
            "What the cluster left in %(vpc)s could not be read. Look for load balancers and security groups of it."
        )
        return (*found, warning(REMAINS, said % {"vpc": vpc_id}, (vpc_id,)))
    return (*found, *(_leftover(one, vpc_id, cluster) for one in left))


def _leftover(one: Leftover, vpc_id: str, cluster: str) -> Finding:
    said = _("%(kind)s %(id)s in %(vpc)s was made by the cluster. Delete it if nothing of yours uses it.")
    if not one.marked:
        said = _(
            "%(kind)s %(id)s in %(vpc)s was made by a cluster. If its tag elbv2.k8s.aws/cluster says %(cluster)s, it is"
            " of this one: delete it then."
        )
    words = {"kind": one.kind, "id": one.id, "vpc": vpc_id, "cluster": cluster}
    return warning(REMAINS, said % words, (one.id, vpc_id))
