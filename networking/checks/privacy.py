"""Whether the chosen subnets are private: the table that each one follows has no default route to an internet gateway.

What makes a subnet public: https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from networking.checks.scene import Effective, Scene, ids
from portal.findings.shapes import Finding

CODE = "subnets.private"


def private(scene: Scene, subnet_id: str) -> Finding | None:
    """`subnets.private`: why one subnet is not, or is not known to be, private; None when it is."""
    effective = scene.effective(subnet_id)
    if effective.table is None:
        return scene.say.unknown(CODE, effective.doubt, (subnet_id,))
    exposure = scene.exposure(effective.table)
    if not exposure.open:
        return None
    words = {"subnet": subnet_id, "table": effective.table.id, "routes": exposure.routes}
    where = (subnet_id, effective.table.id)
    if exposure.full:
        return scene.say.failed(CODE, _public(effective) % words, where)
    said = _(
        "%(subnet)s follows %(table)s, where part of the traffic goes to an internet gateway (%(routes)s). Remove the "
        "route unless it is meant."
    )
    return scene.say.warning(CODE, said % words, where)


def _public(effective: Effective) -> str:
    if effective.inherited:
        return _(
            "%(subnet)s has no route table of its own and so follows the main table %(table)s, which leads to the "
            "internet (%(routes)s). Associate it with a private route table, then look again."
        )
    return _(
        "%(subnet)s is public: its route table %(table)s leads to the internet (%(routes)s). Associate it with a "
        "private route table, then look again."
    )


def all_private(scene: Scene, chosen: Sequence[str]) -> str:
    """The sentence that all are private."""
    return _("No default route to an internet gateway: %(subnets)s.") % {"subnets": ids(chosen)}
