"""Whether the private load balancer is enabled: support says so, nobody can see it in the facts. Pure."""

from django.utils.translation import gettext as _

from networking.peering.checks.scene import PeeringScene
from portal.findings.shapes import Evidence, Finding

CODE = "peering.private-load-balancer"


def check_private_load_balancer(scene: PeeringScene) -> tuple[Finding, ...]:
    """`peering.private-load-balancer`: what support declared."""
    say, where = scene.say(Evidence.DECLARED), (scene.registered.requester_vpc,)
    words = {"vpc": scene.registered.requester_vpc}
    if scene.registered.private_load_balancer is None:
        said = _("Nobody said whether the private load balancer in %(vpc)s is enabled. Ask support.")
        return (say.unknown(CODE, said % words, where),)
    if not scene.registered.private_load_balancer:
        said = _("The private load balancer in %(vpc)s is not enabled. Ask support to enable it.")
        return (say.failed(CODE, said % words, where),)
    return (say.passed(CODE, _("Support says that the private load balancer in %(vpc)s is enabled.") % words, where),)
