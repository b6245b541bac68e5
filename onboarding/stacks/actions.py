"""What CloudFormation calls for each resource type of the templates, from the providers' own schemas.

A schema's `handlers` name the actions of create, read, update and delete
(docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html; cfn-lint carries the schemas).
They list everything that a type can do; a template that leaves a property out does not need its actions. So each type
has `CALLED`, which the deployment role must have, and everything else of the schema is in `NOT_CALLED` with a reason.
A test holds both against the schemas, so that an action which AWS adds is noticed.
"""

from collections.abc import Mapping
from typing import Final

_NO_USERS = "The templates attach policies to roles only."
_NO_INLINE = "The roles have managed policies only."
_NO_VPN = "No VPN gateway is attached."
_NO_ADDRESS_BINDING = "NAT gateways take their addresses themselves."
_NO_SECONDARY = "NAT gateways have one address each."
_NO_IPV6 = "Subnets are IPv4 only."
_NO_INTERFACE_ENDPOINT = "A gateway endpoint has no VPC Lattice and no other region."
_NO_AUTO_MODE = "Auto Mode is off; nodes come from a managed node group."
_NO_KEY = "EKS encrypts with its own key."
_NO_S3_FEATURE = "The property is not used."
_NEVER = "Never: the boundary stays on every role."

CALLED: Final[Mapping[str, tuple[str, ...]]] = {
    "AWS::IAM::Role": (
        "iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRole", "iam:DetachRolePolicy", "iam:GetRole",
        "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies",
        "iam:PutRolePermissionsBoundary", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole", "iam:UpdateRoleDescription",
    ),
    "AWS::IAM::ManagedPolicy": (
        "iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion",
        "iam:DetachRolePolicy", "iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListEntitiesForPolicy",
        "iam:ListPolicyVersions", "iam:AttachRolePolicy",
    ),
    "AWS::EC2::VPC": (
        "ec2:CreateTags", "ec2:CreateVpc", "ec2:DeleteTags", "ec2:DeleteVpc", "ec2:DescribeNetworkAcls",
        "ec2:DescribeSecurityGroups", "ec2:DescribeVpcAttribute", "ec2:DescribeVpcs", "ec2:ModifyVpcAttribute",
    ),
    "AWS::EC2::Subnet": (
        "ec2:CreateSubnet", "ec2:CreateTags", "ec2:DeleteSubnet", "ec2:DeleteTags", "ec2:DescribeNetworkAcls",
        "ec2:DescribeSubnets", "ec2:ModifySubnetAttribute",
    ),
    "AWS::EC2::InternetGateway": (
        "ec2:CreateInternetGateway", "ec2:CreateTags", "ec2:DeleteInternetGateway", "ec2:DeleteTags",
        "ec2:DescribeInternetGateways",
    ),
    "AWS::EC2::VPCGatewayAttachment": (
        "ec2:AttachInternetGateway", "ec2:DescribeInternetGateways", "ec2:DetachInternetGateway",
    ),
    "AWS::EC2::EIP": (
        "ec2:AllocateAddress", "ec2:CreateTags", "ec2:DeleteTags", "ec2:DescribeAddresses", "ec2:DisassociateAddress",
        "ec2:ReleaseAddress",
    ),
    "AWS::EC2::NatGateway": (
        "ec2:CreateNatGateway", "ec2:CreateTags", "ec2:DeleteNatGateway", "ec2:DeleteTags", "ec2:DescribeNatGateways",
    ),
    "AWS::EC2::RouteTable": (
        "ec2:CreateRouteTable", "ec2:CreateTags", "ec2:DeleteRouteTable", "ec2:DeleteTags", "ec2:DescribeRouteTables",
    ),
    "AWS::EC2::Route": (
        "ec2:CreateRoute", "ec2:DeleteRoute", "ec2:DescribeNetworkInterfaces", "ec2:DescribeRouteTables",
        "ec2:ReplaceRoute",
    ),
    "AWS::EC2::SubnetRouteTableAssociation": (
        "ec2:AssociateRouteTable", "ec2:DescribeRouteTables", "ec2:DescribeSubnets", "ec2:DisassociateRouteTable",
        "ec2:ReplaceRouteTableAssociation",
    ),
    "AWS::EC2::VPCEndpoint": (
        "ec2:CreateTags", "ec2:CreateVpcEndpoint", "ec2:DeleteTags", "ec2:DeleteVpcEndpoints",
        "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcEndpoints", "ec2:DescribeVpcs",
        "ec2:ModifyVpcEndpoint",
    ),
    "AWS::EC2::LaunchTemplate": (
        "ec2:CreateLaunchTemplate", "ec2:CreateLaunchTemplateVersion", "ec2:CreateTags", "ec2:DeleteLaunchTemplate",
        "ec2:DeleteTags", "ec2:DescribeLaunchTemplates",
    ),
    "AWS::S3::Bucket": (
        "s3:CreateBucket", "s3:DeleteBucket", "s3:GetAccelerateConfiguration", "s3:GetAnalyticsConfiguration",
        "s3:GetBucketAcl", "s3:GetBucketCORS", "s3:GetBucketLogging", "s3:GetBucketNotification",
        "s3:GetBucketObjectLockConfiguration", "s3:GetBucketOwnershipControls", "s3:GetBucketPublicAccessBlock",
        "s3:GetBucketTagging", "s3:GetBucketVersioning", "s3:GetBucketWebsite", "s3:GetEncryptionConfiguration",
        "s3:GetIntelligentTieringConfiguration", "s3:GetInventoryConfiguration", "s3:GetLifecycleConfiguration",
        "s3:GetMetricsConfiguration", "s3:GetReplicationConfiguration", "s3:ListBucket", "s3:ListTagsForResource",
        "s3:PutBucketOwnershipControls", "s3:PutBucketPublicAccessBlock", "s3:PutBucketTagging",
        "s3:PutBucketVersioning", "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration", "s3:TagResource",
        "s3:UntagResource",
    ),
    "AWS::S3::BucketPolicy": ("s3:DeleteBucketPolicy", "s3:GetBucketPolicy", "s3:PutBucketPolicy"),
    "AWS::EKS::Cluster": (
        "ec2:DescribeSubnets", "ec2:DescribeVpcs", "eks:CreateCluster", "eks:DeleteCluster", "eks:DescribeCluster",
        "eks:DescribeUpdate", "eks:TagResource", "eks:UntagResource", "eks:UpdateClusterConfig",
        "eks:UpdateClusterVersion", "iam:CreateServiceLinkedRole", "iam:GetRole", "iam:ListAttachedRolePolicies",
        "iam:PassRole", "eks:CreateAccessEntry",
    ),
    "AWS::EKS::Nodegroup": (
        "ec2:CreateTags", "ec2:DeleteTags", "ec2:DescribeKeyPairs", "ec2:DescribeLaunchTemplateVersions",
        "ec2:DescribeLaunchTemplates", "ec2:DescribeRouteTables", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets",
        "ec2:DescribeVpcs", "ec2:RunInstances", "eks:CreateNodegroup", "eks:DeleteNodegroup", "eks:DescribeNodegroup",
        "eks:DescribeUpdate", "eks:ListUpdates", "eks:TagResource", "eks:UntagResource", "eks:UpdateNodegroupConfig",
        "eks:UpdateNodegroupVersion", "iam:CreateServiceLinkedRole", "iam:GetRole", "iam:ListAttachedRolePolicies",
        "iam:PassRole",
    ),
    "AWS::EKS::Addon": (
        "eks:CreateAddon", "eks:DeleteAddon", "eks:DescribeAddon", "eks:DescribeUpdate", "eks:TagResource",
        "eks:UntagResource", "eks:UpdateAddon",
    ),
    "AWS::EKS::AccessEntry": (
        "eks:AssociateAccessPolicy", "eks:CreateAccessEntry", "eks:DeleteAccessEntry", "eks:DescribeAccessEntry",
        "eks:DisassociateAccessPolicy", "eks:ListAssociatedAccessPolicies", "eks:TagResource", "eks:UntagResource",
        "eks:UpdateAccessEntry",
    ),
    "AWS::EKS::PodIdentityAssociation": (
        "eks:CreatePodIdentityAssociation", "eks:DeletePodIdentityAssociation", "eks:DescribePodIdentityAssociation",
        "eks:TagResource", "eks:UntagResource", "eks:UpdatePodIdentityAssociation", "iam:GetRole", "iam:PassRole",
    ),
}  # fmt: skip

NOT_CALLED: Final[Mapping[str, Mapping[str, str]]] = {
    "AWS::IAM::Role": {
        "iam:PutRolePolicy": _NO_INLINE,
        "iam:DeleteRolePolicy": _NO_INLINE,
        "iam:DeleteRolePermissionsBoundary": _NEVER,
    },
    "AWS::IAM::ManagedPolicy": {
        "iam:AttachGroupPolicy": _NO_USERS,
        "iam:AttachUserPolicy": _NO_USERS,
        "iam:DetachGroupPolicy": _NO_USERS,
        "iam:DetachUserPolicy": _NO_USERS,
    },
    "AWS::EC2::VPC": {
        "ec2:CreateVpcEncryptionControl": "Encryption controls are not used.",
        "ec2:DescribeVpcEncryptionControls": "Encryption controls are not used.",
        "ec2:ModifyVpcTenancy": "Tenancy stays the default.",
    },
    "AWS::EC2::Subnet": {
        "ec2:AssociateSubnetCidrBlock": _NO_IPV6,
        "ec2:DisassociateSubnetCidrBlock": _NO_IPV6,
    },
    "AWS::EC2::VPCGatewayAttachment": {
        "ec2:AttachVpnGateway": _NO_VPN,
        "ec2:DescribeVpnGateways": _NO_VPN,
        "ec2:DetachVpnGateway": _NO_VPN,
    },
    "AWS::EC2::EIP": {
        "ec2:AcceptAddressTransfer": "No address comes from another account.",
        "ec2:AssociateAddress": _NO_ADDRESS_BINDING,
    },
    "AWS::EC2::NatGateway": {
        "ec2:AssignPrivateNatGatewayAddress": _NO_SECONDARY,
        "ec2:AssociateNatGatewayAddress": _NO_SECONDARY,
        "ec2:DisassociateNatGatewayAddress": _NO_SECONDARY,
        "ec2:UnassignPrivateNatGatewayAddress": _NO_SECONDARY,
    },
    "AWS::EC2::VPCEndpoint": {
        "vpc-lattice:CreateServiceNetworkVpcEndpointAssociation": _NO_INTERFACE_ENDPOINT,
        "vpc-lattice:DescribeServiceNetworkVpcEndpointAssociation": _NO_INTERFACE_ENDPOINT,
        "vpce:AllowMultiRegion": _NO_INTERFACE_ENDPOINT,
    },
    "AWS::S3::Bucket": dict.fromkeys(
        (
            "iam:PassRole", "s3:CreateBucketMetadataTableConfiguration", "s3:DeleteBucketAnalyticsConfiguration",
            "s3:DeleteBucketCors", "s3:DeleteBucketEncryption", "s3:DeleteBucketLifecycle",
            "s3:DeleteBucketMetadataTableConfiguration", "s3:DeleteBucketMetricsConfiguration",
            "s3:DeleteBucketReplication", "s3:DeleteBucketWebsite", "s3:DeleteObject", "s3:GetBucketAbac",
            "s3:GetBucketMetadataTableConfiguration", "s3:PutAccelerateConfiguration", "s3:PutAnalyticsConfiguration",
            "s3:PutBucketAbac", "s3:PutBucketAcl", "s3:PutBucketCORS", "s3:PutBucketLogging",
            "s3:PutBucketNotification", "s3:PutBucketObjectLockConfiguration", "s3:PutBucketReplication",
            "s3:PutBucketWebsite", "s3:PutIntelligentTieringConfiguration", "s3:PutInventoryConfiguration",
            "s3:PutMetricsConfiguration", "s3:PutObjectAcl", "s3:PutObjectLockConfiguration",
            "s3:PutReplicationConfiguration", "s3:UpdateBucketMetadataAnnotationTableConfiguration",
            "s3:UpdateBucketMetadataInventoryTableConfiguration", "s3:UpdateBucketMetadataJournalTableConfiguration",
            "s3tables:CreateNamespace", "s3tables:CreateTable", "s3tables:CreateTableBucket", "s3tables:GetTable",
            "s3tables:GetTableMetadataLocation", "s3tables:PutTableBucketPolicy", "s3tables:PutTableEncryption",
            "s3tables:PutTablePolicy", "s3tables:UpdateTableMetadataLocation",
        ),
        _NO_S3_FEATURE,
    ),
    "AWS::EKS::Cluster": {
        "eks:ActivateCertificateAuthority": "Certificates are EKS's own.",
        "iam:AddRoleToInstanceProfile": _NO_AUTO_MODE,
        "iam:CreateInstanceProfile": _NO_AUTO_MODE,
        "iam:DeleteInstanceProfile": _NO_AUTO_MODE,
        "iam:GetInstanceProfile": _NO_AUTO_MODE,
        "iam:RemoveRoleFromInstanceProfile": _NO_AUTO_MODE,
        "iam:TagInstanceProfile": _NO_AUTO_MODE,
        "kms:CreateGrant": _NO_KEY,
        "kms:DescribeKey": _NO_KEY,
    },
    "AWS::EKS::Addon": dict.fromkeys(
        (
            "eks:CreatePodIdentityAssociation", "eks:DeletePodIdentityAssociation",
            "eks:UpdatePodIdentityAssociation", "iam:GetRole", "iam:PassRole",
        ),
        "Pod identities are resources of their own.",
    ),
}  # fmt: skip


def actions_of(resource_type: str) -> frozenset[str]:
    """What the creator of a resource of this type must be allowed. Raises KeyError for a type no template has."""
    return frozenset(CALLED[resource_type])
