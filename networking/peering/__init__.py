"""VPC peering: the six steps between the BYOC VPC (requester) and the target VPC (accepter)."""
