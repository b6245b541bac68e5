"""What runs in the cluster with a role of its own: who may take the role, and what the role may do.

Each policy is written from the component's published requirements and narrowed to the deployment's own resources:
- load balancers: docs.aws.amazon.com/eks/latest/userguide/lbc-manifest.html, for network load balancers alone: the
  ingress is Istio's, so nothing of application load balancers, WAF, Shield or Cognito is in it;
- Cluster Autoscaler: docs.aws.amazon.com/eks/latest/best-practices/cas.html;
- EBS: docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEBSCSIDriverPolicyV2.html;
- External-DNS and cert-manager: the records of hosted zones, and reading how a change is going.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from onboarding.stacks.template import ref, sub

CLUSTER: Final = "clickhouse-cloud-${Slug}"
EBS_POLICY: Final = "arn:aws:iam::aws:policy/AmazonEBSCSIDriverPolicyV2"


@dataclass(frozen=True)
class Workload:
    """A component with its Kubernetes service account. Either `statements` or AWS's own `managed_policy`.

    `suffix` ends the role's name, `logical` its logical ids and the output `<logical>RoleArn`.
    """

    suffix: str
    logical: str
    namespace: str
    service_account: str
    statements: tuple[Mapping[str, Any], ...] = ()
    managed_policy: str | None = None


def allow(sid: str, actions: tuple[str, ...], resource: Any = "*", condition: Any = None) -> dict[str, Any]:
    """One Allow statement."""
    statement: dict[str, Any] = {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": resource}
    if condition is not None:
        statement["Condition"] = condition
    return statement


_OURS = {"StringEquals": {"aws:ResourceTag/elbv2.k8s.aws/cluster": sub(CLUSTER)}}
_MADE_OURS = {"StringEquals": {"aws:RequestTag/elbv2.k8s.aws/cluster": sub(CLUSTER)}}
_BALANCERS = [
    sub(f"arn:aws:elasticloadbalancing:${{AWS::Region}}:${{AWS::AccountId}}:{kind}/net/*")
    for kind in ("loadbalancer", "listener")
] + [sub("arn:aws:elasticloadbalancing:${AWS::Region}:${AWS::AccountId}:targetgroup/*")]

_SECURITY_GROUPS = sub("arn:aws:ec2:${AWS::Region}:${AWS::AccountId}:security-group/*")

_LOAD_BALANCER = (
    allow(
        "Look",
        (
            "ec2:DescribeAvailabilityZones", "ec2:DescribeInstances", "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeRouteTables", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs",
            "elasticloadbalancing:DescribeListenerAttributes", "elasticloadbalancing:DescribeListeners",
            "elasticloadbalancing:DescribeLoadBalancerAttributes", "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeTags", "elasticloadbalancing:DescribeTargetGroupAttributes",
            "elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth",
        ),
    ),
    allow("MakeSecurityGroup", ("ec2:CreateSecurityGroup",), _SECURITY_GROUPS, _MADE_OURS),
    allow("InThisVpc", ("ec2:CreateSecurityGroup",), sub("arn:aws:ec2:${AWS::Region}:${AWS::AccountId}:vpc/${VpcId}")),
    allow(
        "NameSecurityGroup", ("ec2:CreateTags",), _SECURITY_GROUPS,
        {"StringEquals": {"ec2:CreateAction": "CreateSecurityGroup"} | _MADE_OURS["StringEquals"]},
    ),
    allow(
        "ChangeSecurityGroup",
        ("ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress", "ec2:DeleteSecurityGroup"),
        _SECURITY_GROUPS, _OURS,
    ),
    allow(
        "AdmitToNodes", ("ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"),
        _SECURITY_GROUPS,
        {"StringEquals": {"aws:ResourceTag/aws:eks:cluster-name": sub(CLUSTER)}},
    ),
    allow(
        "MakeBalancer",
        (
            "elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup",
            "elasticloadbalancing:CreateListener", "elasticloadbalancing:AddTags",
        ),
        _BALANCERS, _MADE_OURS,
    ),
    allow(
        "ChangeBalancer",
        (
            "elasticloadbalancing:CreateListener", "elasticloadbalancing:DeleteListener",
            "elasticloadbalancing:DeleteLoadBalancer", "elasticloadbalancing:DeleteTargetGroup",
            "elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:ModifyListener",
            "elasticloadbalancing:ModifyListenerAttributes", "elasticloadbalancing:ModifyLoadBalancerAttributes",
            "elasticloadbalancing:ModifyTargetGroup", "elasticloadbalancing:ModifyTargetGroupAttributes",
            "elasticloadbalancing:RegisterTargets", "elasticloadbalancing:RemoveTags",
            "elasticloadbalancing:SetSecurityGroups", "elasticloadbalancing:SetSubnets",
        ),
        _BALANCERS, _OURS,
    ),
)  # fmt: skip

_AUTOSCALER = (
    allow(
        "Look",
        (
            "autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeAutoScalingInstances",
            "autoscaling:DescribeLaunchConfigurations", "autoscaling:DescribeScalingActivities",
            "ec2:DescribeImages", "ec2:DescribeInstanceTypes", "ec2:DescribeLaunchTemplateVersions",
            "ec2:GetInstanceTypesFromInstanceRequirements",
        ),
    ),
    allow(
        "LookAtNodeGroups", ("eks:DescribeNodegroup",),
        sub(f"arn:aws:eks:${{AWS::Region}}:${{AWS::AccountId}}:nodegroup/{CLUSTER}/*"),
    ),
    allow(
        "Resize",
        ("autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"),
        sub("arn:aws:autoscaling:${AWS::Region}:${AWS::AccountId}:autoScalingGroup:*:autoScalingGroupName/eks-*"),
        # EKS puts this tag on the groups behind a managed node group.
        {"StringEquals": {"aws:ResourceTag/eks:cluster-name": sub(CLUSTER)}},
    ),
)  # fmt: skip

_EXPORTER = (allow("ReportState", ("sqs:SendMessage", "sqs:GetQueueUrl"), ref("StateQueueArn")),)
_DNS_CHANGE = allow("FollowChange", ("route53:GetChange",), "arn:aws:route53:::change/*")
_EXTERNAL_DNS = (
    allow("FindZones", ("route53:ListHostedZones",)),
    allow(
        "Records",
        ("route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets", "route53:ListTagsForResources"),
        "arn:aws:route53:::hostedzone/*",
    ),
    _DNS_CHANGE,
)
_CERT_MANAGER = (
    allow("FindZones", ("route53:ListHostedZonesByName",)),
    allow(
        "ChallengeRecords", ("route53:ChangeResourceRecordSets",), "arn:aws:route53:::hostedzone/*",
        # The proof of ownership to the certificate authority is a TXT record and nothing else.
        {"ForAllValues:StringEquals": {"route53:ChangeResourceRecordSetsRecordTypes": ["TXT"]}},
    ),
    allow("LookAtRecords", ("route53:ListResourceRecordSets",), "arn:aws:route53:::hostedzone/*"),
    _DNS_CHANGE,
)  # fmt: skip

WORKLOADS: Final[Mapping[str, Workload]] = {
    workload.suffix: workload
    for workload in (
        Workload("state-exporter", "StateExporter", "clickhouse-byoc", "state-exporter", _EXPORTER),
        Workload(
            "load-balancer-controller", "LoadBalancerController", "kube-system", "aws-load-balancer-controller",
            _LOAD_BALANCER,
        ),
        Workload(
            "ebs-csi-controller", "EbsCsiController", "kube-system", "ebs-csi-controller-sa", managed_policy=EBS_POLICY
        ),
        Workload("cluster-autoscaler", "ClusterAutoscaler", "kube-system", "cluster-autoscaler", _AUTOSCALER),
        Workload("external-dns", "ExternalDns", "external-dns", "external-dns", _EXTERNAL_DNS),
        Workload("cert-manager", "CertManager", "cert-manager", "cert-manager", _CERT_MANAGER),
    )
}  # fmt: skip
