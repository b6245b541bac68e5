"""The kinds of workflow of the onboarding."""

TRUST = "onboarding.trust"
SURVEY = "onboarding.survey"
LAUNCH = "onboarding.launch"
TEARDOWN = "onboarding.teardown"
#: The daily proof that trust still holds.
REPROOF = "onboarding.reproof"
