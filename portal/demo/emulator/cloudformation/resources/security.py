"""AWS::EC2: security groups, their rules, launch templates.

docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_EC2.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.demo.emulator.cloudformation.resources.ec2 import first, retag, specification
from portal.demo.emulator.cloudformation.resources.kinds import Kind, names
from portal.demo.emulator.cloudformation.work import Work

RULE = "CidrIp CidrIpv6 Description FromPort IpProtocol ToPort"
ANYWHERE = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


def _permission(rule: Mapping[str, Any]) -> dict[str, Any]:
    """One rule of a template as EC2's IpPermission."""
    said = {"Description": rule["Description"]} if rule.get("Description") else {}
    answer: dict[str, Any] = {"IpProtocol": str(rule["IpProtocol"])}
    answer |= {name: int(rule[name]) for name in ("FromPort", "ToPort") if name in rule}
    if "CidrIp" in rule:
        answer["IpRanges"] = [{"CidrIp": rule["CidrIp"], **said}]
    if "CidrIpv6" in rule:
        answer["Ipv6Ranges"] = [{"CidrIpv6": rule["CidrIpv6"], **said}]
    prefix_list = rule.get("SourcePrefixListId") or rule.get("DestinationPrefixListId")
    if prefix_list:
        answer["PrefixListIds"] = [{"PrefixListId": prefix_list, **said}]
    group = rule.get("SourceSecurityGroupId") or rule.get("DestinationSecurityGroupId")
    if group:
        owner = {"UserId": rule["SourceSecurityGroupOwnerId"]} if rule.get("SourceSecurityGroupOwnerId") else {}
        answer["UserIdGroupPairs"] = [{"GroupId": group, **owner, **said}]
    return answer


def _permissions(rules: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [_permission(rule) for rule in rules]


def _create_group(work: Work) -> None:
    made = work.ec2.create_security_group(
        GroupName=work.get("GroupName") or work.generated_name(255),
        Description=work.get("GroupDescription"),
        **work.only("VpcId"),
        **specification(work, "security-group"),
    )
    work.identify(made["GroupId"])
    if work.get("SecurityGroupIngress"):
        work.ec2.authorize_security_group_ingress(
            GroupId=made["GroupId"], IpPermissions=_permissions(work.get("SecurityGroupIngress"))
        )
    if work.get("SecurityGroupEgress"):
        # Egress rules in a template take the place of the default one that allows everything.
        work.ec2.revoke_security_group_egress(GroupId=made["GroupId"], IpPermissions=[ANYWHERE])
        work.ec2.authorize_security_group_egress(
            GroupId=made["GroupId"], IpPermissions=_permissions(work.get("SecurityGroupEgress"))
        )


def _update_group(work: Work) -> None:
    ec2 = work.ec2
    for name, default, revoke, authorize in (
        ("SecurityGroupIngress", [], ec2.revoke_security_group_ingress, ec2.authorize_security_group_ingress),
        ("SecurityGroupEgress", [ANYWHERE], ec2.revoke_security_group_egress, ec2.authorize_security_group_egress),
    ):
        old = _permissions(work.previous.get(name, [])) or default
        new = _permissions(work.get(name, [])) or default
        gone, fresh = [rule for rule in old if rule not in new], [rule for rule in new if rule not in old]
        if gone:
            revoke(GroupId=work.physical_id, IpPermissions=gone)
        if fresh:
            authorize(GroupId=work.physical_id, IpPermissions=fresh)
    retag(work)


def _delete_group(work: Work) -> None:
    work.ec2.delete_security_group(GroupId=work.physical_id)


def _group_attributes(work: Work) -> Mapping[str, Any]:
    group = first(work.ec2.describe_security_groups(GroupIds=[work.physical_id]), "SecurityGroups")
    return {"GroupId": work.physical_id, "Id": work.physical_id, "VpcId": group.get("VpcId")}


def _create_ingress(work: Work) -> None:
    made = work.ec2.authorize_security_group_ingress(
        GroupId=work.get("GroupId"), IpPermissions=[_permission(work.properties)]
    )
    work.identify(made["SecurityGroupRules"][0]["SecurityGroupRuleId"])


def _delete_ingress(work: Work) -> None:
    work.ec2.revoke_security_group_ingress(GroupId=work.get("GroupId"), IpPermissions=[_permission(work.properties)])


def _create_egress(work: Work) -> None:
    made = work.ec2.authorize_security_group_egress(
        GroupId=work.get("GroupId"), IpPermissions=[_permission(work.properties)]
    )
    work.identify(made["SecurityGroupRules"][0]["SecurityGroupRuleId"])


def _delete_egress(work: Work) -> None:
    work.ec2.revoke_security_group_egress(GroupId=work.get("GroupId"), IpPermissions=[_permission(work.properties)])


def _own_id(work: Work) -> Mapping[str, Any]:
    return {"Id": work.physical_id}


def _create_template(work: Work) -> None:
    made = work.ec2.create_launch_template(
        LaunchTemplateName=work.get("LaunchTemplateName") or work.generated_name(128),
        LaunchTemplateData=work.get("LaunchTemplateData"),
        **work.only("TagSpecifications", "VersionDescription"),
    )
    work.identify(made["LaunchTemplate"]["LaunchTemplateId"])


def _update_template(work: Work) -> None:
    """A change of the data is a new version; the default version stays, as with CloudFormation."""
    work.ec2.create_launch_template_version(
        LaunchTemplateId=work.physical_id,
        LaunchTemplateData=work.get("LaunchTemplateData"),
        **work.only("VersionDescription"),
    )


def _delete_template(work: Work) -> None:
    work.ec2.delete_launch_template(LaunchTemplateId=work.physical_id)


def _template_attributes(work: Work) -> Mapping[str, Any]:
    answer = work.ec2.describe_launch_templates(LaunchTemplateIds=[work.physical_id])
    template = first(answer, "LaunchTemplates")
    return {
        "LaunchTemplateId": work.physical_id,
        "DefaultVersionNumber": str(template["DefaultVersionNumber"]),
        "LatestVersionNumber": str(template["LatestVersionNumber"]),
    }


KINDS = (
    Kind(
        "AWS::EC2::SecurityGroup",
        names("GroupDescription GroupName SecurityGroupEgress SecurityGroupIngress Tags VpcId"),
        _create_group, _delete_group, _group_attributes, names("GroupId Id VpcId"), update=_update_group,
        updatable=names("SecurityGroupEgress SecurityGroupIngress Tags"),
    ),
    Kind(
        "AWS::EC2::SecurityGroupIngress",
        names(f"{RULE} GroupId SourcePrefixListId SourceSecurityGroupId SourceSecurityGroupOwnerId"),
        _create_ingress, _delete_ingress, _own_id, names("Id"),
    ),
    Kind(
        "AWS::EC2::SecurityGroupEgress",
        names(f"{RULE} DestinationPrefixListId DestinationSecurityGroupId GroupId"), _create_egress, _delete_egress,
        _own_id, names("Id"),
    ),
    Kind(
        "AWS::EC2::LaunchTemplate",
        names("LaunchTemplateData LaunchTemplateName TagSpecifications VersionDescription"), _create_template,
        _delete_template, _template_attributes, names("DefaultVersionNumber LatestVersionNumber LaunchTemplateId"),
        update=_update_template, updatable=names("LaunchTemplateData VersionDescription"),
    ),
)  # fmt: skip
