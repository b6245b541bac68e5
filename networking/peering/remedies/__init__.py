"""A peering's steps by hand, and the way back: console, AWS CLI, Terraform, CloudFormation. Pure."""
