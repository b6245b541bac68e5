"""Every write of the onboarding: verbs, keyword-only, atomic, with their event inside."""

from onboarding.actions.account import register_account
from onboarding.actions.bootstrap import choose_permissions, look_for_roles, override_finding
from onboarding.actions.brought_vpc import approve_vpc, bring_vpc, note_vpc_sent
from onboarding.actions.infrastructure import (
    choose_infrastructure,
    confirm_infrastructure,
    declare_range,
    look_at_region,
    remove_range,
)
from onboarding.actions.launch import resume_launch, tear_down
from onboarding.actions.versions import Stale, WrongStep

__all__ = [
    "Stale",
    "WrongStep",
    "approve_vpc",
    "bring_vpc",
    "choose_infrastructure",
    "choose_permissions",
    "confirm_infrastructure",
    "declare_range",
    "look_at_region",
    "look_for_roles",
    "note_vpc_sent",
    "override_finding",
    "register_account",
    "remove_range",
    "resume_launch",
    "tear_down",
]
