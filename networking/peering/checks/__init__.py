"""The checks of one peering: facts in, findings out. Pure."""
