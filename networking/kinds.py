"""The kinds of workflow and of observation of the customer's own network."""

#: The workflow that reads one VPC.
LOOK = "networking.vpc_look"
#: The workflow that makes the changes a person asked for.
MEND = "networking.vpc_mend"

#: The workflow that reads both sides of one peering.
PEERING_LOOK = "networking.peering_look"
#: The workflow that does what is allowed of a peering's steps.
PEER = "networking.peering"
#: The workflow that undoes them, in reverse.
UNPEER = "networking.peering_removal"
#: The workflow that proves trust in the role of a target account.
TARGET_TRUST = "networking.target_trust"
#: The daily proof of it.
TARGET_REPROOF = "networking.target_reproof"

#: The workflow that lists what a peering can be started with, and what it saw. The subject is the deployment.
VICINITY_LOOK = "networking.vicinity_look"
VICINITY = "vicinity"

#: What was seen of a peering, and what a facts file stated of its target side. The subject is the peering.
PEERING_SEEN = "peering"
PEERING_STATED = "peering_stated"

#: What was seen in the account, and what the customer stated with a facts file.
SEEN = "vpc"
STATED = "vpc_stated"
