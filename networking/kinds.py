"""The kinds of workflow and of observation of the customer's own network."""

#: The workflow that reads one VPC.
LOOK = "networking.vpc_look"
#: The workflow that makes the changes a person asked for.
MEND = "networking.vpc_mend"

#: What was seen in the account, and what the customer stated with a facts file.
SEEN = "vpc"
STATED = "vpc_stated"
