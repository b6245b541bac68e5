"""Whether the deployment has its private load balancer: seen in the BYOC VPC, or else what support says. Pure.

States: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerState.html
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from networking.checks.scene import ids
from networking.facts.strict_json import shortened
from networking.peering.balancers import private_balancers
from networking.peering.checks.scene import PeeringScene
from portal.aws.facts.load_balancers import LoadBalancerFact
from portal.findings.shapes import Evidence, Finding

CODE = "peering.private-load-balancer"
#: Best first: one that works is enough.
_STATES = ("active", "active_impaired", "provisioning", "failed")


def check_private_load_balancer(scene: PeeringScene) -> tuple[Finding, ...]:
    """`peering.private-load-balancer`: an internal network load balancer with the registered groups was seen; where
    nobody could look, what support declared. Support's word alone does not make one that was looked for.
    """
    held = scene.registered
    seen = private_balancers(scene.requester.side, held.requester_vpc, held.security_group_ids)
    if scene.requester.is_unread or seen is None:
        return (_said(scene),)
    return (_seen(scene, seen) if seen else _missing(scene),)


def _said(scene: PeeringScene) -> Finding:
    say, where = scene.say(Evidence.DECLARED), (scene.registered.requester_vpc,)
    words = {"vpc": scene.registered.requester_vpc}
    if scene.registered.private_load_balancer is None:
        said = _("Nobody said whether the private load balancer in %(vpc)s is enabled. Ask support.")
        return say.unknown(CODE, said % words, where)
    if not scene.registered.private_load_balancer:
        said = _("The private load balancer in %(vpc)s is not enabled. Ask support to enable it.")
        return say.failed(CODE, said % words, where)
    return say.passed(CODE, _("Support says that the private load balancer in %(vpc)s is enabled.") % words, where)


def _missing(scene: PeeringScene) -> Finding:
    say, where = scene.say(scene.requester.side.evidence), (scene.registered.requester_vpc,)
    words = {"vpc": scene.registered.requester_vpc}
    if scene.registered.private_load_balancer:
        said = _(
            "Support says that the private load balancer is enabled, but none was seen in %(vpc)s yet. Look again in "
            "some minutes; if it stays so, ask support."
        )
        return say.unknown(CODE, said % words, where)
    return say.failed(CODE, _("There is no private load balancer in %(vpc)s. Ask support to enable it.") % words, where)


def _seen(scene: PeeringScene, seen: Sequence[LoadBalancerFact]) -> Finding:
    say = scene.say(scene.requester.side.evidence)
    best = min(seen, key=lambda one: (_STATES.index(one.state) if one.state in _STATES else len(_STATES), one.name))
    where = (scene.registered.requester_vpc, best.name or best.arn)
    words = {"name": best.name or best.arn, "vpc": best.vpc, "groups": ids(best.security_groups)}
    if best.state == "active":
        said = _("The private load balancer %(name)s is in %(vpc)s, with the security group %(groups)s.")
        return say.passed(CODE, said % words, where)
    if best.state == "active_impaired":
        said = _("The private load balancer %(name)s in %(vpc)s works, but AWS cannot enlarge it now. Tell support.")
        return say.warning(CODE, said % words, where)
    if best.state == "provisioning":
        said = _("AWS is making the private load balancer %(name)s in %(vpc)s. Look again in a minute.")
        return say.failed(CODE, said % words, where)
    if best.state == "failed":
        words["reason"] = shortened(best.reason)
        said = _("AWS could not make the private load balancer %(name)s in %(vpc)s: %(reason)s. Tell support.")
        return say.failed(CODE, said % words, where)
    words["state"] = shortened(best.state)
    said = _("The state of the private load balancer %(name)s is not one that is known (%(state)s). Look again.")
    return say.unknown(CODE, said % words, where)
