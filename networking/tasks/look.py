"""One look at one VPC, by the read-only role, judged and kept."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from networking.actions.choices import learn_zones
from networking.looks import VpcLook, record_look
from onboarding.models import Deployment
from onboarding.rules.profiles import profile as rule_profile
from onboarding.tasks.subjects import connection_of, deployment_of, errand_of
from portal.aws.errors import Unclear
from portal.aws.facts.shapes import IncompleteAnswerError
from portal.aws.networks import LOOKING, read_network
from portal.aws.sessions import open_session, session_policy
from portal.aws.states import RoleKind
from portal.findings.languages import spoken
from portal.findings.models import Observation
from portal.workflows.shapes import Done, Outcome, Work


@dataclass(frozen=True)
class LookAtVpc:
    """Reads the VPC that the workflow's data names: `vpc_id`, `region` and `subnet_ids`."""

    name: str = "look"

    def run(self, work: Work) -> Outcome:
        data = work.workflow.data
        deployment = deployment_of(work)
        look, _row = look_at(
            work, deployment, str(data["region"]), str(data["vpc_id"]), tuple(data.get("subnet_ids", ()))
        )
        learn_zones(deployment=deployment, network=look.network)
        return Done(message=spoken(lambda: _("We have looked at %(vpc)s.") % {"vpc": data["vpc_id"]}))


def look_at(
    work: Work, deployment: Deployment, region: str, vpc_id: str, subnet_ids: tuple[str, ...]
) -> tuple[VpcLook, Observation]:
    """Looks once and keeps it. Raises AwsProblem when AWS gives no usable answer."""
    session = open_session(
        connection_of(work),
        RoleKind.VERIFIER,
        errand=errand_of(work, "look-at-vpc"),
        policy=session_policy(*LOOKING),
        region=region,
    )
    try:
        network = read_network(session, region, vpc_id, subnet_ids)
    except IncompleteAnswerError as lacking:  # nothing can be said of a resource without a name: ask again, later
        raise Unclear("ec2:Describe", type(lacking).__name__, str(lacking)) from lacking
    look = VpcLook(network=network, subnet_ids=subnet_ids)
    return look, record_look(deployment, look, rule_profile(deployment.profile))
