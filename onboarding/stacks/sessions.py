"""What a management session may do during one launch step: drive one stack, and hand over the deployment role.

A session policy can only take away (docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html) and has 2,048
characters at most (docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html). CloudFormation works with the
deployment role's credentials, which this policy does not touch: see docs/adr/0003-stacks-with-callers-session.md.
"""

import json
from typing import Final

from onboarding.stacks.naming import DEPLOYMENT_ROLE, role_arn

SESSION_POLICY_LIMIT: Final = 2_048

LAUNCH_ACTIONS: Final = (
    "cloudformation:CreateStack",
    "cloudformation:DeleteStack",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStacks",
    "cloudformation:ListStackResources",
    "cloudformation:TagResource",
)
"""What a launch and a tear-down call; a stack that is created with tags asks for the permission to tag."""
UPDATE_ACTIONS: Final = (
    "cloudformation:ContinueUpdateRollback",
    "cloudformation:UntagResource",
    "cloudformation:UpdateStack",
)
"""What an upgrade of a stack calls besides."""
STACK_ACTIONS: Final = (*LAUNCH_ACTIONS, *UPDATE_ACTIONS)
"""All that is done with a launch stack; the same list is in the management role."""


def step_policy(account: str, region: str, stack: str) -> str:
    """The policy's text for work on the stack named `stack`. Raises ValueError past the limit."""
    statements = [
        {
            "Effect": "Allow",
            "Action": list(STACK_ACTIONS),
            "Resource": f"arn:aws:cloudformation:{region}:{account}:stack/{stack}/*",
        },
        {
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": role_arn(account, DEPLOYMENT_ROLE),
            "Condition": {"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}},
        },
    ]
    text = json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))
    if len(text) > SESSION_POLICY_LIMIT:
        raise ValueError(f"The session policy has {len(text)} characters; STS takes {SESSION_POLICY_LIMIT}.")
    return text
