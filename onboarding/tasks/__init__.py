"""Where AWS meets the checks: the steps of the onboarding's workflows. Each reads facts, judges, records."""
