"""Every resource type once: what stands in the account, what Ref and Fn::GetAtt give, and that deleting clears it."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.emulator.cloudformation.conftest import ACCOUNT, Console

NETWORK = """
Parameters:
  Octet: {Type: Number, MinValue: 0, MaxValue: 255}
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: !Sub 10.${Octet}.0.0/16
      EnableDnsHostnames: true
      Tags: [{Key: Name, Value: !Ref AWS::StackName}]
  More: {Type: AWS::EC2::VPCCidrBlock, Properties: {VpcId: !Ref Vpc, CidrBlock: 100.64.0.0/16}}
  Public:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Vpc
      CidrBlock: !Select [0, !Cidr [!GetAtt Vpc.CidrBlock, 4, 9]]
      AvailabilityZone: !Select [0, !GetAZs '']
      MapPublicIpOnLaunch: true
  Private:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Vpc
      CidrBlock: !Select [1, !Cidr [!GetAtt Vpc.CidrBlock, 4, 9]]
      AvailabilityZone: !Select [1, !GetAZs '']
  Gateway: {Type: AWS::EC2::InternetGateway}
  Attachment: {Type: AWS::EC2::VPCGatewayAttachment, Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}}
  Address: {Type: AWS::EC2::EIP, DependsOn: Attachment, Properties: {Domain: vpc}}
  Nat:
    Type: AWS::EC2::NatGateway
    Properties: {SubnetId: !Ref Public, AllocationId: !GetAtt Address.AllocationId}
  PublicTable: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  PrivateTable: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Out:
    Type: AWS::EC2::Route
    DependsOn: Attachment
    Properties: {RouteTableId: !Ref PublicTable, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
  Through:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref PrivateTable, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}
  First:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Public, RouteTableId: !Ref PublicTable}
  Second:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Private, RouteTableId: !Ref PrivateTable}
  Storage:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      ServiceName: !Sub com.amazonaws.${AWS::Region}.s3
      VpcEndpointType: Gateway
      RouteTableIds: [!Ref PrivateTable]
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: nodes
      VpcId: !Ref Vpc
      SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}]
  Within:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: !Ref Group, IpProtocol: '-1', SourceSecurityGroupId: !GetAtt Group.GroupId}
  Names:
    Type: AWS::EC2::SecurityGroupEgress
    Properties: {GroupId: !Ref Group, IpProtocol: udp, FromPort: 53, ToPort: 53, CidrIp: !GetAtt Vpc.CidrBlock}
  Launch:
    Type: AWS::EC2::LaunchTemplate
    Properties: {LaunchTemplateData: {InstanceType: m7i.large}}
Outputs:
  Vpc: {Value: !Ref Vpc}
  Attachment: {Value: !Ref Attachment}
  Route: {Value: !Ref Through}
  Table: {Value: !Ref PrivateTable}
  Nat: {Value: !GetAtt Nat.NatGatewayId}
  Address: {Value: !Ref Address}
  Group: {Value: !Ref Group}
  Rule: {Value: !Ref Within}
  Latest: {Value: !GetAtt Launch.LatestVersionNumber}
  Default: {Value: !GetAtt Vpc.DefaultSecurityGroup}
"""


def test_a_network_stands_and_goes(console: Console, name: str) -> None:
    number = "61"
    tags = [{"Key": "clickhouse-byoc", "Value": "true"}]
    console.create(name, NETWORK, Parameters=[{"ParameterKey": "Octet", "ParameterValue": number}], Tags=tags)
    assert console.wait(name, 60) == "CREATE_COMPLETE", console.events(name)
    outputs, ec2 = console.outputs(name), console.client("ec2")
    vpc = ec2.describe_vpcs(VpcIds=[outputs["Vpc"]])["Vpcs"][0]
    assert {entry["CidrBlock"] for entry in vpc["CidrBlockAssociationSet"]} == {f"10.{number}.0.0/16", "100.64.0.0/16"}
    assert {(tag["Key"], tag["Value"]) for tag in vpc["Tags"]} == {("Name", name), ("clickhouse-byoc", "true")}
    assert outputs["Attachment"] == f"IGW|{outputs['Vpc']}"
    assert outputs["Route"] == f"{outputs['Table']}|0.0.0.0/0"
    assert outputs["Rule"].startswith("sgr-")
    assert outputs["Default"].startswith("sg-")
    assert outputs["Latest"] == "1"
    assert ec2.describe_nat_gateways(NatGatewayIds=[outputs["Nat"]])["NatGateways"][0]["State"] == "available"
    assert ec2.describe_addresses(PublicIps=[outputs["Address"]])["Addresses"][0]["Domain"] == "vpc"
    subnets = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [outputs["Vpc"]]}])["Subnets"]
    assert {subnet["CidrBlock"] for subnet in subnets} == {f"10.{number}.0.0/23", f"10.{number}.2.0/23"}
    table = ec2.describe_route_tables(RouteTableIds=[outputs["Table"]])["RouteTables"][0]
    assert {route.get("NatGatewayId") for route in table["Routes"]} >= {outputs["Nat"]}
    egress = ec2.describe_security_groups(GroupIds=[outputs["Group"]])["SecurityGroups"][0]["IpPermissionsEgress"]
    assert {rule["FromPort"] for rule in egress} == {443, 53}

    stack_id = console.stack(name)["StackId"]
    console.ask("DeleteStack", StackName=name)
    assert console.wait(stack_id, 60) == "DELETE_COMPLETE", console.events(stack_id)
    with pytest.raises(ClientError, match=r"InvalidVpcID\.NotFound"):
        ec2.describe_vpcs(VpcIds=[outputs["Vpc"]])
    gone = [event[0] for event in console.events(stack_id) if event[1] == "DELETE_COMPLETE"]
    assert gone.index("Through") < gone.index("Nat") < gone.index("Public") < gone.index("Vpc")
    assert gone.index("Out") < gone.index("Attachment") < gone.index("Gateway")


def test_buckets_keys_queues_and_topics(console: Console, name: str) -> None:
    bucket = f"data-{name}"
    template = {
        "Resources": {
            "Key": {"Type": "AWS::KMS::Key", "Properties": {"Description": "data", "EnableKeyRotation": True}},
            "Alias": {
                "Type": "AWS::KMS::Alias",
                "Properties": {"AliasName": f"alias/{name}", "TargetKeyId": {"Ref": "Key"}},
            },
            "Bucket": {
                "Type": "AWS::S3::Bucket",
                "Properties": {
                    "BucketName": bucket,
                    "BucketEncryption": {
                        "ServerSideEncryptionConfiguration": [
                            {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms",
                                                               "KMSMasterKeyID": {"Fn::GetAtt": "Key.Arn"}},
                             "BucketKeyEnabled": "true"}
                        ]
                    },
                    "PublicAccessBlockConfiguration": {"BlockPublicAcls": True, "BlockPublicPolicy": "true"},
                    "VersioningConfiguration": {"Status": "Enabled"},
                    "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
                    "LifecycleConfiguration": {
                        "Rules": [
                            {"Id": "old", "Status": "Enabled",
                             "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
                             "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}}
                        ]
                    },
                    "Tags": [{"Key": "clickhouse-byoc", "Value": "true"}],
                },
            },
            "Policy": {
                "Type": "AWS::S3::BucketPolicy",
                "Properties": {
                    "Bucket": {"Ref": "Bucket"},
                    "PolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": [
                            {"Effect": "Deny", "Principal": "*", "Action": "s3:*",
                             "Resource": {"Fn::Sub": "${Bucket.Arn}/*"},
                             "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
                        ],
                    },
                },
            },
            "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 45}},
            "Topic": {"Type": "AWS::SNS::Topic"},
        },
        "Outputs": {
            "Domain": {"Value": {"Fn::GetAtt": ["Bucket", "RegionalDomainName"]}},
            "Queue": {"Value": {"Ref": "Queue"}},
            "QueueArn": {"Value": {"Fn::GetAtt": ["Queue", "Arn"]}},
            "Topic": {"Value": {"Ref": "Topic"}},
        },
    }  # fmt: skip
    console.create(name, template)
    assert console.wait(name) == "CREATE_COMPLETE", console.events(name)
    outputs, s3 = console.outputs(name), console.client("s3")
    assert outputs["Domain"] == f"{bucket}.s3.us-east-1.amazonaws.com"
    assert outputs["QueueArn"].startswith(f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}-Queue-")
    assert outputs["Topic"].startswith(f"arn:aws:sns:us-east-1:{ACCOUNT}:{name}-Topic-")
    rule = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    blocked = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert (blocked["BlockPublicAcls"], blocked["BlockPublicPolicy"]) == (True, True)
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    lifecycle = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"][0]
    assert lifecycle["NoncurrentVersionExpiration"] == {"NoncurrentDays": 7}
    assert s3.get_bucket_tagging(Bucket=bucket)["TagSet"] == [{"Key": "clickhouse-byoc", "Value": "true"}]
    statement = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"][0]
    assert statement["Resource"] == f"arn:aws:s3:::{bucket}/*"
    queue = console.client("sqs").get_queue_attributes(QueueUrl=outputs["Queue"], AttributeNames=["All"])
    assert queue["Attributes"]["VisibilityTimeout"] == "45"


def test_a_cluster_with_its_node_group(console: Console, name: str) -> None:
    ec2 = console.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{i}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"]
        for i, zone in enumerate("ab")
    ]
    ids = [subnet["SubnetId"] for subnet in subnets]
    role = {"Version": "2012-10-17", "Statement": []}
    template = {
        "Resources": {
            "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": role}},
            "Cluster": {
                "Type": "AWS::EKS::Cluster",
                "Properties": {
                    "Name": name,
                    "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                    "ResourcesVpcConfig": {"SubnetIds": ids, "EndpointPrivateAccess": "true"},
                    "Logging": {"ClusterLogging": {"EnabledTypes": [{"Type": "audit"}]}},
                    "Tags": [{"Key": "clickhouse-byoc", "Value": "true"}],
                },
            },
            "Nodes": {
                "Type": "AWS::EKS::Nodegroup",
                "Properties": {
                    "ClusterName": {"Ref": "Cluster"},
                    "NodegroupName": "system",
                    "NodeRole": {"Fn::GetAtt": ["Role", "Arn"]},
                    "Subnets": ids,
                    "ScalingConfig": {"MinSize": 1, "DesiredSize": "2", "MaxSize": 3},
                    "Labels": {"Purpose": "system"},
                    "Tags": {"clickhouse-byoc": "true"},
                },
            },
        },
        "Outputs": {
            "Nodes": {"Value": {"Ref": "Nodes"}},
            "Arn": {"Value": {"Fn::GetAtt": ["Cluster", "Arn"]}},
            "Issuer": {"Value": {"Fn::GetAtt": ["Cluster", "OpenIdConnectIssuerUrl"]}},
        },
    }
    stack_id = console.create(name, template)
    assert console.wait(name) == "CREATE_COMPLETE", console.events(name)
    outputs, eks = console.outputs(name), console.client("eks")
    assert outputs["Nodes"] == f"{name}/system"
    assert outputs["Arn"] == f"arn:aws:eks:us-east-1:{ACCOUNT}:cluster/{name}"
    assert outputs["Issuer"].startswith("https://oidc.eks.us-east-1.amazonaws.com/id/")
    group = eks.describe_nodegroup(clusterName=name, nodegroupName="system")["nodegroup"]
    assert group["scalingConfig"] == {"minSize": 1, "maxSize": 3, "desiredSize": 2}
    assert group["labels"] == {"Purpose": "system"}
    console.ask("DeleteStack", StackName=name)
    assert console.wait(stack_id) == "DELETE_COMPLETE", console.events(stack_id)
    assert name not in eks.list_clusters()["clusters"]


def test_iam_types(console: Console, name: str) -> None:
    trust = {"Version": "2012-10-17", "Statement": []}
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    template = {
        "Resources": {
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "AssumeRolePolicyDocument": trust,
                    "ManagedPolicyArns": [{"Ref": "Managed"}],
                    "Policies": [{"PolicyName": "one", "PolicyDocument": document}],
                    "MaxSessionDuration": "7200",
                },
            },
            "Managed": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}},
            "Inline": {
                "Type": "AWS::IAM::Policy",
                "Properties": {"PolicyName": "two", "PolicyDocument": document, "Roles": [{"Ref": "Role"}]},
            },
            "Profile": {"Type": "AWS::IAM::InstanceProfile", "Properties": {"Roles": [{"Ref": "Role"}]}},
            "Provider": {
                "Type": "AWS::IAM::OIDCProvider",
                "Properties": {
                    "Url": f"https://oidc.eks.us-east-1.amazonaws.com/id/{name}",
                    "ClientIdList": ["sts.amazonaws.com"],
                    "ThumbprintList": ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"],
                },
            },
        },
        "Outputs": {"Role": {"Value": {"Ref": "Role"}}, "Provider": {"Value": {"Fn::GetAtt": "Provider.Arn"}}},
    }
    stack_id = console.create(name, template, Capabilities=["CAPABILITY_IAM"])
    assert console.wait(name) == "CREATE_COMPLETE", console.events(name)
    role, iam = console.outputs(name)["Role"], console.client("iam")
    assert role.startswith(f"{name}-Role-")
    assert iam.get_role(RoleName=role)["Role"]["MaxSessionDuration"] == 7200
    assert set(iam.list_role_policies(RoleName=role)["PolicyNames"]) == {"one", "two"}
    assert iam.list_instance_profiles_for_role(RoleName=role)["InstanceProfiles"]
    assert console.outputs(name)["Provider"].endswith(f"oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/{name}")
    console.ask("DeleteStack", StackName=name)
    assert console.wait(stack_id) == "DELETE_COMPLETE", console.events(stack_id)
    assert role not in [entry["RoleName"] for entry in iam.list_roles()["Roles"]]
