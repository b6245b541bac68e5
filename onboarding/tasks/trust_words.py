"""What a proof of trust is kept as, and what is said of it, for each purpose of a link."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.aws.models import Connection
from portal.aws.states import ConnectionPurpose
from portal.workflows.models import Workflow

#: The observation of a deployment's own roles (the subject is the deployment), and of a role in a target account (the
#: subject is the link: several peerings share it).
TRUST_SEEN = "trust"
TARGET_TRUST_SEEN = "target_trust"


@dataclass(frozen=True, kw_only=True)
class TrustWords:
    """One purpose's sentences, each spoken in the language of the moment, and how its observations are kept."""

    kind: str
    subject: Callable[[Workflow, Connection], Any]
    absent: Callable[[], str]
    found: Callable[[], str]
    proven: Callable[[], str]


WORDS = {
    ConnectionPurpose.DEPLOYMENT: TrustWords(
        kind=TRUST_SEEN,
        subject=lambda workflow, _link: workflow.subject_id,
        absent=lambda: _("The roles are not there yet. Create the bootstrap stack; we notice it by ourselves."),
        found=lambda: _("The roles are there. We prove now that only we can use them."),
        proven=lambda: _("Trust is proven: only we can use the roles, and only with your External ID."),
    ),
    ConnectionPurpose.TARGET: TrustWords(
        kind=TARGET_TRUST_SEEN,
        subject=lambda _workflow, link: link.pk,
        absent=lambda: _("The peering role is not there yet. Create its stack; we notice it by ourselves."),
        found=lambda: _("The peering role is there. We prove now that only we can use it."),
        proven=lambda: _("Trust is proven: only we can use the peering role, and only with its External ID."),
    ),
}


def words_of(link: Connection) -> TrustWords:
    """The words of a link's purpose."""
    return WORDS[ConnectionPurpose(link.purpose)]
