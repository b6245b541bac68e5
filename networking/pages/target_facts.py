"""The context of templates/networking/_facts_upload.html for the target side of a peering."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.urls import reverse

from networking.forms.requests import FactsForm
from networking.pages.facts_upload import FactsUpload
from networking.pages.told import told
from networking.peering.standing import Standing
from networking.peering.stored_looks import newest_look
from networking.peering.target import is_seen, target_findings
from portal.findings.shapes import Finding


@dataclass(frozen=True, kw_only=True)
class StatedTarget:
    """The newest file about a target side, judged with what we saw of the BYOC side."""

    at: datetime
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, standing: Standing) -> Self | None:
        """None where nobody sent one. One query at most."""
        newest = newest_look(standing.peering, stated=True)
        if newest is None:
            return None
        return cls(at=newest.at, findings=told(target_findings(standing, newest.look.accepter)))


def target_upload(
    standing: Standing, *, script_url: str, upload_url: str, form: FactsForm | None = None
) -> FactsUpload:
    """The part that takes a facts file about the target side, with these addresses."""
    return FactsUpload(
        vpc_id=standing.peering.vpc_id,
        script_url=script_url,
        upload_url=upload_url,
        form=form or FactsForm(),
        stated=StatedTarget.of(standing),
        beside=is_seen(standing),
    )


def peering_upload(standing: Standing, *, form: FactsForm | None = None) -> FactsUpload:
    """For the pages of the deployment's own people."""
    here = [standing.peering.deployment_id, standing.peering.pk]
    return target_upload(
        standing,
        script_url=reverse("networking:peering_facts_script", args=here),
        upload_url=reverse("networking:peering_facts", args=here),
        form=form,
    )
