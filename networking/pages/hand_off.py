"""The page behind a hand-off link: one VPC, what is asked of its network admin, and nothing else of the tenant."""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

from django.urls import reverse
from django.utils.translation import gettext as _

from networking.facts.script import facts_script
from networking.forms.requests import FactsForm
from networking.models import HandOff
from networking.pages.facts_upload import FactsUpload, judged_look
from networking.pages.told import told
from networking.remedies.remedies import everything, remedies_for
from networking.remedies.shapes import Remedy
from networking.requests.proofs import JudgedLook, saved_plan
from onboarding.judged import Judged
from onboarding.models import Deployment
from onboarding.rules.profiles import profile as rule_profile
from onboarding.states import DeploymentState


@dataclass(frozen=True, kw_only=True)
class HandOffPage:
    """What the holder of the link sees. `seen` is our own newest look, `stated` the newest facts file."""

    template: ClassVar[str] = "networking/hand_off.html"

    link: HandOff
    deployment: Deployment
    account_id: str
    region: str
    seen: JudgedLook | None
    stated: JudgedLook | None

    @classmethod
    def of(cls, link: HandOff) -> Self:
        """The page of an open link."""
        deployment = Deployment.objects.select_related("organisation", "connection").get(pk=link.deployment_id)
        seen = judged_look(deployment, link.vpc_id)
        stated = judged_look(deployment, link.vpc_id, stated=True)
        known = seen or stated
        return cls(
            link=link,
            deployment=deployment,
            account_id=deployment.connection.account_id if deployment.connection else "",
            region=known.seen.look.network.region if known else saved_plan(deployment).region,
            seen=seen,
            stated=stated,
        )

    @property
    def basis(self) -> JudgedLook | None:
        """The look from which the remedies are made: our own wherever there is one."""
        return self.seen or self.stated

    @property
    def subnet_ids(self) -> tuple[str, ...]:
        """The subnets that are judged."""
        if self.basis is not None:
            return self.basis.subnet_ids
        plan = saved_plan(self.deployment)
        return tuple(plan.subnet_ids) if plan.vpc_id == self.link.vpc_id else ()

    @property
    def judged(self) -> Judged | None:
        """What we saw, folded; None when we did not look."""
        return Judged.of(told(self.seen.findings, self.remedies)) if self.seen else None

    @cached_property
    def remedies(self) -> tuple[Remedy, ...]:
        """The fix of each cause, with this VPC's own ids."""
        if self.basis is None:
            return ()
        profile = rule_profile(self.deployment.profile)
        return remedies_for(self.basis.seen.look.network, self.subnet_ids, profile=profile)

    def script(self) -> str:
        """All remedies as one script; empty while there is nothing to mend."""
        return everything(self.remedies) if self.remedies else ""

    def facts_script(self) -> str:
        """The read-only script that writes the facts file; empty while nobody chose a region for it."""
        if not (self.account_id and self.region):
            return ""
        return facts_script(
            account=self.account_id, region=self.region, vpc_id=self.link.vpc_id, subnet_ids=self.subnet_ids
        )

    def upload(self, token: str, form: FactsForm | None = None) -> FactsUpload:
        """The part that takes a facts file, with the link's own addresses."""
        return FactsUpload(
            vpc_id=self.link.vpc_id,
            script_url=reverse("networking:hand_off_facts_script", args=[token]) if self.region else "",
            upload_url=reverse("networking:hand_off_facts", args=[token]),
            form=form or FactsForm(),
            stated=self.stated,
            beside=self.seen is not None,
        )

    @property
    def why_not(self) -> str:
        """Why no file is taken now; empty where one is."""
        if self.deployment.state == DeploymentState.INFRASTRUCTURE:
            return ""
        return _("The VPC of this deployment is not open to choice now. A facts file would change nothing.")
