"""Proof from the customer's side: the probe that they run in the target VPC, what it says, and what that means."""
