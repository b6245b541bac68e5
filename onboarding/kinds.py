"""The kinds of workflow of the onboarding."""

TRUST = "onboarding.trust"
SURVEY = "onboarding.survey"
LAUNCH = "onboarding.launch"
TEARDOWN = "onboarding.teardown"
#: The daily proof that trust still holds.
REPROOF = "onboarding.reproof"
#: A look at roles that work already: whether trust holds, and of which version and how permitted they are.
ROLE_LOOK = "onboarding.role_look"
