"""Waiting for the bootstrap roles, proving their trust with four probes, and reading what they may do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from onboarding.bootstrap.constants import TEMPLATE_VERSION
from onboarding.bootstrap.simulation import questions_for
from onboarding.checks.permissions import permission_findings
from onboarding.checks.role import role_findings
from onboarding.checks.trust import Probe, ProbeOutcome, policy_findings, probe_findings
from onboarding.models import Override
from onboarding.tasks.subjects import connection_of, deployment_of, errand_of, look_session
from portal.aws import iam
from portal.aws.errors import DENIED, AwsProblem, Refused
from portal.aws.facts.roles import RoleFact
from portal.aws.models import Connection
from portal.aws.models.connections import ROLE_NAMES
from portal.aws.sessions import AccountSession, Errand, open_session, try_without_external_id, try_wrong_external_id
from portal.aws.states import ConnectionState, RoleKind
from portal.findings.languages import spoken
from portal.findings.models.observations import record_observation
from portal.findings.shapes import Finding, Level
from portal.support.actions import open_ticket
from portal.workflows import leases
from portal.workflows.shapes import Done, Outcome, Pause, Refusal, Wait, Work
from portal.workflows.states import Turn
from portal.workflows.times import backed_off
