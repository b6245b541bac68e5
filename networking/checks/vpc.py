"""The VPC itself: it is there, the registered account owns it, DNS works in it.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html
https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
"""

from django.utils.translation import gettext as _

from networking.checks.scene import Scene
from portal.findings.shapes import Finding


def check_exists(scene: Scene) -> tuple[Finding, ...]:
    """`vpc.exists`: DescribeVpcs lists the VPC, and AWS is done with creating it."""
    code, network, vpc = "vpc.exists", scene.network, scene.network.vpc
    words = {"vpc": network.vpc_id, "account": network.account, "region": network.region}
    where = (network.vpc_id,)
    if network.vpcs is None:
        return (scene.say.unknown(code, scene.unread("ec2:DescribeVpcs"), where),)
    if vpc is None:
        said = _("%(vpc)s was not found in account %(account)s, %(region)s. Choose a VPC that is there.")
        return (scene.say.failed(code, said % words, where),)
    if vpc.state not in {"", "available"}:
        said = _("%(vpc)s is %(state)s. Look again when AWS reports it as available.")
        return (scene.say.unknown(code, said % {**words, "state": vpc.state}, where),)
    said = _("%(vpc)s is in account %(account)s, %(region)s.")
    return (scene.say.passed(code, said % words, where),)


def check_owner(scene: Scene) -> tuple[Finding, ...]:
    """`vpc.owner`: the registered account owns the VPC, another account does not merely share it."""
    code, network, vpc = "vpc.owner", scene.network, scene.network.vpc
    words = {"vpc": network.vpc_id, "account": network.account}
    where = (network.vpc_id,)
    if network.vpcs is None:
        return (scene.say.unknown(code, scene.unread("ec2:DescribeVpcs"), where),)
    if vpc is None:
        said = _("%(vpc)s was not found, so nobody knows who owns it. Choose a VPC that is there.")
        return (scene.say.unknown(code, said % words, where),)
    if not vpc.owner or not network.account:
        said = _("Which account owns %(vpc)s was not said. Look again with the answer of ec2:DescribeVpcs.")
        return (scene.say.unknown(code, said % words, where),)
    if scene.shared:
        said = _(
            "%(vpc)s is shared from account %(owner)s and does not belong to %(account)s. Choose a VPC of %(account)s."
        )
        return (scene.say.failed(code, said % {**words, "owner": vpc.owner}, where),)
    said = _("%(vpc)s belongs to account %(account)s.")
    return (scene.say.passed(code, said % words, where),)


def check_dns(scene: Scene) -> tuple[Finding, ...]:
    """`vpc.dns`: DNS resolution and DNS hostnames are both on; one that is off suffices to fail."""
    code, vpc, where = "vpc.dns", scene.network.vpc, (scene.network.vpc_id,)
    words = {"vpc": scene.network.vpc_id}
    if scene.network.vpcs is None:
        return (scene.say.unknown(code, scene.unread("ec2:DescribeVpcs"), where),)
    if vpc is None:
        said = _("%(vpc)s was not found, so its DNS settings are unknown. Choose a VPC that is there.")
        return (scene.say.unknown(code, said % words, where),)
    flags = {"enableDnsSupport": vpc.dns_support, "enableDnsHostnames": vpc.dns_hostnames}
    off = [name for name, value in flags.items() if value is False]
    if off:
        said = _("Off in %(vpc)s: %(flags)s. Switch it on, then look again.")
        return (scene.say.failed(code, said % {**words, "flags": ", ".join(off)}, where),)
    if None in flags.values():
        return (scene.say.unknown(code, scene.unread("ec2:DescribeVpcAttribute"), where),)
    said = _("DNS resolution and DNS hostnames are on in %(vpc)s.")
    return (scene.say.passed(code, said % words, where),)
