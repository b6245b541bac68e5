"""The roles stack: what pods, nodes and the control plane may do, each role under the boundary and on our path.

Pod roles: docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html; cluster role: cluster-iam-role.html; node role:
create-node-role.html. No role here trusts anyone outside the account.
"""

from collections.abc import Mapping
from typing import Any

from onboarding.stacks.choices import LaunchChoices
from onboarding.stacks.naming import BOUNDARY, BYOC_PATH, MANAGEMENT_ROLE
from onboarding.stacks.profiles import DeploymentProfile
from onboarding.stacks.template import SLUG, Output, Parameter, Resource, Template, attribute, ref, sub, tags
from onboarding.stacks.workloads import CLUSTER, WORKLOADS, Workload, allow

CONTROL_PLANE_POLICIES = ("arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",)
WORKER_POLICIES = (
    "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
    "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
    "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
)
STATE_QUEUE = "clickhouse-byoc-state"
"""The vendor's queue that state exporters write to, one in each region."""

Json = dict[str, Any]


def roles_template(profile: DeploymentProfile) -> Template:
    """The stack's template: six or four roles for pods by the profile, three for EKS and the vendor's control plane."""
    workloads = [WORKLOADS[suffix] for suffix in profile.workloads]
    resources = _eks_roles() | _data_plane()
    for workload in workloads:
        resources |= _workload(workload)
    names = [*_EKS_ROLES, "DataPlaneManagement", *(workload.logical for workload in workloads)]
    return Template(
        description="ClickHouse BYOC: the roles of the cluster and of what runs in it, under the permissions boundary.",
        parameters={
            "Slug": SLUG,
            "VpcId": Parameter("The VPC in which load balancers are made.", "^vpc-[0-9a-f]{8,17}$"),
            "StateQueueArn": Parameter(
                "The vendor's queue for the state of the service.", r"^arn:aws:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}$"
            ),
        },
        resources=resources,
        outputs={f"{name}RoleArn": Output(f"The role {name}.", attribute(f"{name}Role", "Arn")) for name in names},
        metadata={"Profile": profile.name},
    )


def roles_parameters(choices: LaunchChoices, outputs: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """The values for `choices`. Raises KeyError when the network stack's outputs are needed and missing."""
    return {
        "Slug": choices.slug,
        "VpcId": choices.vpc_id or outputs["network"]["VpcId"],
        "StateQueueArn": f"arn:aws:sqs:{choices.region}:{choices.vendor_account_id}:{STATE_QUEUE}",
    }


_EKS_ROLES: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "ControlPlane": ("k8s-control-plane", "eks.amazonaws.com", CONTROL_PLANE_POLICIES),
    "Worker": ("k8s-worker", "ec2.amazonaws.com", WORKER_POLICIES),
}


def _trust(principal: Json, actions: list[str], condition: Json | None = None) -> Json:
    statement: Json = {"Effect": "Allow", "Principal": principal, "Action": actions}
    if condition is not None:
        statement["Condition"] = condition
    return {"Version": "2012-10-17", "Statement": [statement]}


def _role(suffix: str, description: str, trust: Json, policies: list[Any]) -> Resource:
    return Resource(
        "AWS::IAM::Role",
        {
            "RoleName": sub(f"{CLUSTER}-{suffix}"),
            "Path": BYOC_PATH,
            "Description": description,
            "AssumeRolePolicyDocument": trust,
            "PermissionsBoundary": sub(f"arn:aws:iam::${{AWS::AccountId}}:policy/{BOUNDARY}"),
            "ManagedPolicyArns": policies,
            "Tags": tags(),
        },
    )


def _policy(suffix: str, description: str, statements: list[Json]) -> Resource:
    return Resource(
        "AWS::IAM::ManagedPolicy",
        {
            "ManagedPolicyName": sub(f"{CLUSTER}-{suffix}"),
            "Path": BYOC_PATH,
            "Description": description,
            "PolicyDocument": {"Version": "2012-10-17", "Statement": statements},
        },
    )


def _eks_roles() -> dict[str, Resource]:
    roles = {}
    for logical, (suffix, service, policies) in _EKS_ROLES.items():
        # Without a condition: neither service promises aws:SourceAccount in every call of these two roles, and a
        # service principal can only act for the account that passed it the role.
        trust = _trust({"Service": service}, ["sts:AssumeRole"])
        roles[f"{logical}Role"] = _role(suffix, f"ClickHouse BYOC {suffix}, for {service}.", trust, list(policies))
    return roles


def _workload(workload: Workload) -> dict[str, Resource]:
    resources: dict[str, Resource] = {}
    policy: Any = workload.managed_policy
    about = f"ClickHouse BYOC {workload.suffix}, for pods of one service account."
    if policy is None:
        name = f"{workload.logical}Policy"
        resources[name] = _policy(workload.suffix, about, [dict(statement) for statement in workload.statements])
        policy = ref(name)
    # The cluster, namespace and service account come as session tags of the pod identity agent:
    # docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
    condition = {
        "StringEquals": {
            "aws:SourceAccount": ref("AWS::AccountId"),
            "aws:RequestTag/eks-cluster-name": sub(CLUSTER),
            "aws:RequestTag/kubernetes-namespace": workload.namespace,
            "aws:RequestTag/kubernetes-service-account": workload.service_account,
        }
    }
    trust = _trust({"Service": "pods.eks.amazonaws.com"}, ["sts:AssumeRole", "sts:TagSession"], condition)
    resources[f"{workload.logical}Role"] = _role(workload.suffix, about, trust, [policy])
    return resources


def _data_plane() -> dict[str, Resource]:
    # The vendor's control plane comes through the management role, whose trust asks for the External ID; so this
    # role is one more step inside the account, not a second door.
    management = {"AWS": sub(f"arn:aws:iam::${{AWS::AccountId}}:role/{MANAGEMENT_ROLE}")}
    trust = _trust(management, ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"])
    cluster = sub(f"arn:aws:eks:${{AWS::Region}}:${{AWS::AccountId}}:cluster/{CLUSTER}")
    about = "ClickHouse BYOC data-plane-mgmt: reconciles ClickHouseCluster and Istio resources in the cluster."
    return {
        "DataPlaneManagementPolicy": _policy(
            "data-plane-mgmt", about, [allow("FindCluster", ("eks:DescribeCluster",), cluster)]
        ),
        "DataPlaneManagementRole": _role("data-plane-mgmt", about, trust, [ref("DataPlaneManagementPolicy")]),
    }
