"""The context of templates/networking/_vpc_request.html: what support gets, what it decided, and what keeps the request
from being sent.
"""

from dataclasses import dataclass

from networking.actions.vpc_requests import STANDING, why_not
from networking.forms.requests import SubmitVpcForm
from networking.looks import SeenVpc
from networking.models import VpcRequest
from onboarding.models import Deployment, InfrastructurePlan
from onboarding.states import DeploymentState
from portal.findings.languages import heard


@dataclass(frozen=True, kw_only=True)
class VpcRequestView:
    """`request` is the newest request, withdrawn or not, None before the first; `stands`: it was sent and support
    did not give it back. `refused` is the sentence that says why the saved facts cannot be sent, empty where they can
    be; `vpc_id` is the VPC that is saved, `elsewhere` that the page looks at another one.
    """

    request: VpcRequest | None
    stands: bool
    refused: str
    vpc_id: str
    elsewhere: bool
    form: SubmitVpcForm

    @property
    def text(self) -> str:
        """The very text that support got."""
        return heard(self.request.ticket.summary, "") if self.request and self.request.ticket else ""


def request_of(
    deployment: Deployment, plan: InfrastructurePlan, shown: SeenVpc | None = None, *, refused: str = ""
) -> VpcRequestView:
    """The request as it stands beside the look that the page shows; `refused` is why a press did nothing just now."""
    newest = VpcRequest.objects.filter(deployment=deployment).select_related("ticket", "submitted_by").first()
    stands = newest is not None and newest.state in STANDING
    here = deployment.state == DeploymentState.INFRASTRUCTURE
    return VpcRequestView(
        request=newest,
        stands=stands,
        refused=refused or (why_not(deployment) if here and not stands else ""),
        vpc_id=plan.vpc_id,
        elsewhere=bool(plan.vpc_id and shown and shown.look.network.vpc_id != plan.vpc_id),
        form=SubmitVpcForm(initial={"version": deployment.version}),
    )
