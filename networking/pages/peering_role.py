"""The page of the role that a customer lends in the account of a target VPC: what it may do, and how far it is."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Self

from django.utils.translation import gettext as _

from networking.actions.targets import sharing
from networking.kinds import TARGET_TRUST
from networking.models import Peering
from networking.peering.access import is_own_account
from networking.peering_role.delivery import RoleDelivery, requester_arn, target_arn
from networking.peering_role.ledger import GRANTS
from networking.peering_role.renderings import ROLE_NAME
from networking.states import PeeringState
from onboarding.guides import GuideItem, console_guide, terraform_guide, trust_guide
from onboarding.permission_table import Row, row_of
from onboarding.roles_progress import Stage, dated, last_look, next_in, stage_of
from onboarding.tasks.trust_words import TARGET_TRUST_SEEN
from portal.aws.models import Connection
from portal.aws.states import ConnectionState
from portal.findings.languages import heard
from portal.findings.models import Observation
from portal.findings.shapes import Finding
from portal.workflows.models import Workflow
from portal.workflows.states import Turn, WorkflowState

#: Where the role is not there yet, or no longer: the guide is open then.
WANTED = (Stage.IDLE, Stage.WAITING, Stage.LOST)


@dataclass(frozen=True)
class PeeringRolePage:
    """What is known of the lent role of one peering; `connection` is None while nobody lends one."""

    peering: Peering
    connection: Connection | None
    workflow: Workflow | None
    trust: Observation | None

    @classmethod
    def of(cls, peering: Peering) -> Self:
        """From rows alone: at most three queries."""
        link = peering.target
        if link is None:
            return cls(peering, None, None, None)
        searches = Workflow.objects.filter(connection=link, kind=TARGET_TRUST).order_by("-started_at")
        looks = Observation.objects.filter(
            organisation_id=link.organisation_id, subject_id=link.pk, kind=TARGET_TRUST_SEEN
        )
        return cls(peering, link, searches.first(), looks.order_by("-observed_at").first())

    @property
    def name(self) -> str:
        """The role's name in the account."""
        return ROLE_NAME

    @property
    def in_byoc_account(self) -> bool:
        """Whether the deployment's verifier role looks there already."""
        return is_own_account(self.peering)

    @property
    def is_over(self) -> bool:
        """Whether the peering is removed or being removed."""
        return self.peering.state in {PeeringState.REMOVING, PeeringState.REMOVED}

    @cached_property
    def stage(self) -> Stage:
        """Where the role stands."""
        return stage_of(self.connection, self.workflow, ()) if self.connection else Stage.IDLE

    @property
    def moving(self) -> bool:
        """Whether it goes on by itself."""
        return self.workflow is not None and self.workflow.state == WorkflowState.ACTIVE

    @property
    def is_wanted(self) -> bool:
        """Whether the customer has to make the role."""
        return self.stage in WANTED

    @property
    def may_look(self) -> bool:
        """Whether «Look now» makes sense: not while support has it."""
        return self.connection is not None and self.stage not in {Stage.REFUSED, Stage.SUPPORT}

    @property
    def overdue(self) -> bool:
        """Whether the role refuses us for longer than a new one should."""
        return self.stage is Stage.PROBING and self.workflow is not None and self.workflow.turn == Turn.YOU

    @property
    def message(self) -> str:
        """The search's own words."""
        return heard(self.workflow.message, "") if self.workflow else ""

    @property
    def findings(self) -> list[Finding]:
        """What the four probes said."""
        return dated(self.trust)

    @cached_property
    def last_look(self) -> datetime | None:
        """When we last asked AWS; only while we wait."""
        return last_look(self.connection) if self.connection and self.moving else None

    @property
    def next_in(self) -> str:
        """When we look next, in words."""
        return next_in(self.workflow.due_at if self.workflow and self.moving else None)

    @property
    def seen_at(self) -> datetime | None:
        """When the role was last seen; None while it is wanted."""
        if self.connection is None or self.is_wanted or self.trust is None:
            return None
        return self.trust.observed_at

    @cached_property
    def others(self) -> tuple[Peering, ...]:
        """The other peerings that this role serves."""
        rows = sharing(self.connection).exclude(pk=self.peering.pk) if self.connection else ()
        return tuple(rows)

    @cached_property
    def delivery(self) -> RoleDelivery | None:
        """Link, commands and files; None before somebody lends the role, as its External ID is made then."""
        return RoleDelivery.of(self.peering, self.connection) if self.connection else None

    @property
    def rows(self) -> tuple[Row, ...]:
        """What the role may do and why, in this customer's values."""
        targets = self.delivery.targets if self.delivery else (target_arn(self.peering),)
        requesters = self.delivery.requesters if self.delivery else (requester_arn(self.peering),)
        values = {
            "AccountId": self.peering.account_id,
            "TargetVpcArns": ", ".join(targets),
            "ByocVpcArns": ", ".join(requesters),
        }
        return tuple(row_of(grant, values) for grant in GRANTS)

    @property
    def console_items(self) -> tuple[GuideItem, ...]:
        """The quick-create page, item by item."""
        if self.delivery is None:
            return ()
        return console_guide(
            self.delivery,
            seen_at=self.seen_at,
            rest=_("Compare these two lists: your VPCs, and the BYOC VPCs that ask. The role works between them only."),
            found=_("the role is there"),
        )

    def terraform_items(self, module_url: str) -> tuple[GuideItem, ...]:
        """The same role by Terraform."""
        return terraform_guide(self.delivery, module_url=module_url) if self.delivery else ()

    @property
    def trust_items(self) -> tuple[GuideItem, ...]:
        """How to put the right trust policy back; nothing while it is right."""
        wrong = self.stage is Stage.INSECURE or self.overdue
        wrong = wrong or (self.connection is not None and self.connection.state == ConnectionState.INSECURE)
        return trust_guide(self.delivery, (ROLE_NAME,)) if self.delivery and wrong else ()
