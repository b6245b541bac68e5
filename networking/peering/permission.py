"""Whether a VPC or a route table of the BYOC account is ours to change for a peering, by its tags. Pure.

Ours is what our stacks made: it carries the owner's and the deployment's tag. What the customer made is opened by a tag
that our roles can never set on it.
"""

from onboarding.stacks.naming import DEPLOYMENT_TAG, OWNER_TAG, PEERING_ALLOWED, PEERING_TAG
from portal.aws.facts.shapes import Tag, tag_value


def may_change(tags: tuple[Tag, ...]) -> bool:
    """Whether the management role's policy covers a resource with these tags."""
    ours = tag_value(tags, OWNER_TAG) == "true" and bool(tag_value(tags, DEPLOYMENT_TAG))
    return ours or tag_value(tags, PEERING_TAG) == PEERING_ALLOWED
