"""The tags that a profile asks for, on the VPC and on each chosen subnet.

Tags are seen per account: of a shared subnet AWS shows the participant's own, never the owner's.
https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing-share-subnet-working-with.html
https://docs.aws.amazon.com/eks/latest/userguide/network-load-balancing.html
"""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from networking.checks.scene import Scene, ids
from onboarding.rules.profiles import RequiredTag
from portal.aws.facts.shapes import tag_value
from portal.findings.shapes import Finding, Level

INTERNAL_LOAD_BALANCER = "kubernetes.io/role/internal-elb"
PUBLIC_LOAD_BALANCER = "kubernetes.io/role/elb"


def subnet_code(tag: RequiredTag) -> str:
    """The code under which a subnet's tag is judged."""
    return "subnets.tags" if tag.key == INTERNAL_LOAD_BALANCER else "subnets.byoc-tag"


def subnet_tag(tag: RequiredTag) -> Callable[[Scene, str], Finding | None]:
    """What judges `tag` on one subnet: the finding, or None when the subnet carries it."""

    def judge(scene: Scene, subnet_id: str) -> Finding | None:
        return _subnet_tag(scene, subnet_id, tag)

    return judge


def _subnet_tag(scene: Scene, subnet_id: str, tag: RequiredTag) -> Finding | None:
    code, subnet = subnet_code(tag), scene.subnets.get(subnet_id)
    if subnet is None:
        return scene.say.unknown(code, scene.not_found(subnet_id), (subnet_id,))
    words = {"resource": subnet_id, "key": tag.key, "wanted": tag.value, "owner": subnet.owner}
    if subnet.owner not in {"", scene.network.account}:
        said = _(
            "%(resource)s is shared from account %(owner)s, whose tags AWS does not show here. Choose a subnet of your "
            "own, or have %(owner)s look at the tag %(key)s."
        )
        return scene.say.unknown(code, said % words, (subnet_id,))
    value = tag_value(subnet.tags, tag.key)
    words["value"] = value or ""
    if value == tag.value:
        return _both_roles(scene, subnet_id) if tag.key == INTERNAL_LOAD_BALANCER else None
    # The load balancer controller takes an empty value too, other tools look for the literal one. In conditions of IAM
    # policies, which the other tag is for, an empty value never matches.
    level = Level.WARNING if value == "" and tag.key == INTERNAL_LOAD_BALANCER else Level.FAILED
    return scene.say.judged(code, level, _lacking(value) % words, (subnet_id,))


def _both_roles(scene: Scene, subnet_id: str) -> Finding | None:
    if tag_value(scene.subnets[subnet_id].tags, PUBLIC_LOAD_BALANCER) is None:
        return None
    said = _(
        "%(resource)s carries %(other)s as well, so public load balancers may be put there. Remove that tag, then look "
        "again."
    )
    words = {"resource": subnet_id, "other": PUBLIC_LOAD_BALANCER}
    return scene.say.warning("subnets.tags", said % words, (subnet_id,))


def _lacking(value: str | None) -> str:
    if value is None:
        return _("%(resource)s has no tag %(key)s. Tag it %(key)s = %(wanted)s, then look again.")
    if not value:
        return _("The tag %(key)s of %(resource)s is empty. Set it to %(wanted)s, then look again.")
    return _("The tag %(key)s of %(resource)s is “%(value)s”. Set it to %(wanted)s, then look again.")


def tagged(tag: RequiredTag) -> Callable[[Scene, Sequence[str]], str]:
    """What says that all carry `tag`."""

    def sentence(scene: Scene, chosen: Sequence[str]) -> str:
        words = {"key": tag.key, "wanted": tag.value, "subnets": ids(chosen)}
        return _("Tagged %(key)s = %(wanted)s: %(subnets)s.") % words

    return sentence


def check_vpc_tags(scene: Scene, tags: Sequence[RequiredTag]) -> tuple[Finding, ...]:
    """`vpc.tags`: the VPC carries each of `tags`; one finding for each that it lacks."""
    code, network, vpc = "vpc.tags", scene.network, scene.network.vpc
    words = {"resource": network.vpc_id, "owner": vpc.owner if vpc else ""}
    where = (network.vpc_id,)
    if network.vpcs is None:
        return (scene.say.unknown(code, scene.unread("ec2:DescribeVpcs"), where),)
    if vpc is None:
        said = _("%(resource)s was not found, so its tags are unknown. Choose a VPC that is there.")
        return (scene.say.unknown(code, said % words, where),)
    if scene.shared:
        said = _(
            "%(resource)s is shared from account %(owner)s, whose tags AWS does not show here. Choose another VPC."
        )
        return (scene.say.unknown(code, said % words, where),)
    values = {tag: tag_value(vpc.tags, tag.key) for tag in tags}
    lacking = tuple(
        scene.say.failed(
            code, _lacking(value) % {**words, "key": tag.key, "wanted": tag.value, "value": value or ""}, where
        )
        for tag, value in values.items()
        if value != tag.value
    )
    said = _("%(resource)s carries the tags %(tags)s.")
    words["tags"] = ", ".join(f"{tag.key} = {tag.value}" for tag in tags)
    return lacking or (scene.say.passed(code, said % words, where),)
