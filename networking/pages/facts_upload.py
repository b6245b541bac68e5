"""The context of templates/networking/_facts_upload.html: getting a facts file made, sending it, and what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import urlencode

from django.urls import reverse

from networking.forms.requests import FactsForm
from networking.looks import newest_look
from networking.pages.told import told
from networking.proposals import propose
from networking.requests.proofs import JudgedLook, saved_plan
from onboarding.judged import Judged
from onboarding.models import Deployment
from onboarding.rules.profiles import profile as rule_profile
from portal.findings.shapes import Finding


class StatedFile(Protocol):
    """A facts file as it is judged now."""

    @property
    def at(self) -> datetime:
        """When it was sent; aware."""

    @property
    def findings(self) -> Sequence[Finding]:
        """What it shows."""


@dataclass(frozen=True, kw_only=True)
class FactsUpload:
    """`script_url` gives the script and is empty before a VPC is named; `upload_url` takes the file; `stated` is the
    newest file; `beside`: we looked ourselves too, so that the page judges our look, not the file.
    """

    vpc_id: str
    script_url: str
    upload_url: str
    form: FactsForm
    stated: StatedFile | None
    beside: bool

    @property
    def command(self) -> str:
        """How the script is run; it says at the end into which file it wrote."""
        return f"sh {self.vpc_id}-facts.sh"

    @property
    def judged(self) -> Judged | None:
        """The findings of the newest file, folded."""
        return Judged.of(told(self.stated.findings)) if self.stated else None


def facts_upload(deployment: Deployment, vpc_id: str, *, form: FactsForm | None = None) -> FactsUpload:
    """For the pages of the deployment's own people; `vpc_id` may be empty. Four queries at most."""
    script = reverse("networking:vpc_facts_script", args=[deployment.pk])
    return FactsUpload(
        vpc_id=vpc_id,
        script_url=f"{script}?{urlencode({'vpc': vpc_id})}" if vpc_id else "",
        upload_url=reverse("networking:vpc_facts", args=[deployment.pk]),
        form=form or FactsForm(initial={"vpc": vpc_id}),
        stated=judged_look(deployment, vpc_id, stated=True) if vpc_id else None,
        beside=bool(vpc_id) and newest_look(deployment, vpc_id) is not None,
    )


def judged_look(deployment: Deployment, vpc_id: str, *, stated: bool = False) -> JudgedLook | None:
    """The newest look at a VPC, judged for the saved subnets, else for those that we propose; None without a look."""
    seen = newest_look(deployment, vpc_id, stated=stated)
    if seen is None:
        return None
    profile = rule_profile(deployment.profile)
    plan = saved_plan(deployment)
    chosen = tuple(plan.subnet_ids) if plan.vpc_id == vpc_id else ()
    return JudgedLook.of(seen, chosen or propose(seen.look.network, profile=profile), profile)
