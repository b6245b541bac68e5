"""What a call acts on: IAM actions, resource ARNs and the context keys that belong to each resource.

Resource types and keys follow the Service Authorization Reference, for example
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html : `aws:RequestTag` is known only
for the resource being created or tagged, `aws:ResourceTag` only for resources that exist.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from portal.demo.emulator.backends import Moto
from portal.demo.emulator.calls import Call
from portal.demo.emulator.iam import targets_ec2, targets_iam, targets_s3
from portal.demo.emulator.iam.tags import request_tags, resource_tags

Keys = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Target:
    """One action on one resource. `alternatives`: contexts of which one suffices (see `_node_role`)."""

    action: str
    resource: str
    keys: Keys = field(default_factory=dict)
    alternatives: tuple[Keys, ...] = ()


PREFIXES: Mapping[str, str] = {
    "service-quotas": "servicequotas",
    "elbv2": "elasticloadbalancing",
    "resourcegroupstaggingapi": "tag",
}


def targets(call: Call, moto: Moto) -> list[Target]:
    """Everything that must be allowed for a call to go on."""
    special: Callable[[Call, Moto], Iterator[tuple[str, str, Keys]]] | None = {
        "ec2": targets_ec2.targets,
        "iam": targets_iam.targets,
        "s3": targets_s3.targets,
    }.get(call.service)
    if special is not None:
        found = [Target(action, resource, keys) for action, resource, keys in special(call, moto)]
    else:
        action = f"{PREFIXES.get(call.service, call.service)}:{call.operation}"
        found = [Target(action, resource, _keys(call, resource, moto)) for resource in _resources(call)]
    return found + list(_passed_roles(call))


def _resources(call: Call) -> list[str]:
    maker = {
        "eks": _eks,
        "cloudformation": _cloudformation,
        "service-quotas": _service_quotas,
        "sqs": _sqs,
        "elbv2": _elbv2,
    }.get(call.service)
    if maker is not None:
        return [maker(call)]
    for name in ("RoleArn", "TopicArn", "ResourceArn", "SecretId", "KeyId", "TargetArn"):
        value = call.parameters.get(name)
        if isinstance(value, str) and value.startswith("arn:"):
            return [value]
    return ["*"]


def _eks(call: Call) -> str:
    """https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelastickubernetesservice.html"""
    given = call.parameters
    base = f"arn:aws:eks:{call.region}:{call.account}"
    cluster = given.get("name") or given.get("clusterName")
    if given.get("resourceArn"):
        return str(given["resourceArn"])
    if not cluster or call.operation == "DescribeAddonVersions":
        return "*"
    inner = f"cluster/{cluster}"
    # What a Create call makes has no ARN yet: it is judged on the cluster.
    if not call.operation.startswith("Create"):
        for kind, name in (("nodegroup", "nodegroupName"), ("addon", "addonName")):
            if given.get(name):
                inner = f"{kind}/{cluster}/{given[name]}/{_uuid(call, name)}"
        if given.get("principalArn"):
            sort, _, name = str(given["principalArn"]).rsplit(":", 1)[-1].partition("/")
            inner = f"access-entry/{cluster}/{sort}/{call.account}/{name}/{_uuid(call, 'principalArn')}"
    return f"{base}:{inner}"


def _uuid(call: Call, name: str) -> str:
    # Policies cannot know the id in advance and end in `*`; a stable stand-in is as good as the real one.
    return f"00000000-0000-0000-0000-{abs(hash((call.account, call.parameters.get(name)))) % 10**12:012d}"


def _cloudformation(call: Call) -> str:
    """https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html"""
    name = call.parameters.get("StackName")
    if not name:
        return "*"
    if str(name).startswith("arn:"):
        return str(name)
    return f"arn:aws:cloudformation:{call.region}:{call.account}:stack/{name}/*"


def _service_quotas(call: Call) -> str:
    """https://docs.aws.amazon.com/service-authorization/latest/reference/list_servicequotas.html"""
    given = call.parameters
    if call.operation == "GetServiceQuota":
        return f"arn:aws:servicequotas:{call.region}:{call.account}:{given['ServiceCode']}/{given['QuotaCode']}"
    return "*"


def _sqs(call: Call) -> str:
    name = call.parameters.get("QueueName") or str(call.parameters.get("QueueUrl", "")).rsplit("/", 1)[-1]
    return f"arn:aws:sqs:{call.region}:{call.account}:{name}" if name else "*"


def _elbv2(call: Call) -> str:
    """https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html"""
    given = call.parameters
    if call.operation == "CreateLoadBalancer":
        kind = {"network": "net", "gateway": "gwy"}.get(given.get("Type", ""), "app")
        base = f"arn:aws:elasticloadbalancing:{call.region}:{call.account}"
        return f"{base}:loadbalancer/{kind}/{given.get('Name')}/*"
    # Descriptions have no resource level.
    if call.operation.startswith("Describe"):
        return "*"
    return str(given.get("LoadBalancerArn") or given.get("ListenerArn") or given.get("TargetGroupArn") or "*")


def _keys(call: Call, resource: str, moto: Moto) -> Keys:
    given = call.parameters
    keys = request_tags(given.get("tags") or given.get("Tags"))
    if call.service == "eks":
        keys |= resource_tags(_eks_tags(call, resource, moto))
    if call.service == "service-quotas" and "ServiceCode" in given:
        keys["servicequotas:service"] = (str(given["ServiceCode"]),)
    if call.service == "cloudformation" and given.get("RoleARN"):
        keys["cloudformation:rolearn"] = (str(given["RoleARN"]),)
    if call.service == "cloudformation" and given.get("TemplateURL"):
        keys["cloudformation:templateurl"] = (str(given["TemplateURL"]),)
    return keys


def _eks_tags(call: Call, resource: str, moto: Moto) -> Mapping[str, str]:
    if ":cluster/" not in resource or call.operation == "CreateCluster":
        return {}
    cluster = moto.backend("eks", call.account, call.region).clusters.get(resource.rsplit("/", 1)[-1])
    return dict(getattr(cluster, "tags", None) or {})


# (service, operation) -> the parameter that holds the role, and the service it is passed to.
_PASSED: Mapping[tuple[str, str], tuple[str, str]] = {
    ("eks", "CreateCluster"): ("roleArn", "eks.amazonaws.com"),
    ("eks", "CreateAddon"): ("serviceAccountRoleArn", "eks.amazonaws.com"),
    ("eks", "CreatePodIdentityAssociation"): ("roleArn", "pods.eks.amazonaws.com"),
    ("cloudformation", "CreateStack"): ("RoleARN", "cloudformation.amazonaws.com"),
    ("cloudformation", "UpdateStack"): ("RoleARN", "cloudformation.amazonaws.com"),
    ("cloudformation", "DeleteStack"): ("RoleARN", "cloudformation.amazonaws.com"),
    ("ec2", "CreateFlowLogs"): ("DeliverLogsPermissionArn", "vpc-flow-logs.amazonaws.com"),
}


def _passed_roles(call: Call) -> Iterator[Target]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"""
    if (call.service, call.operation) == ("eks", "CreateNodegroup") and call.parameters.get("nodeRole"):
        yield _node_role(str(call.parameters["nodeRole"]))
    passed = _PASSED.get((call.service, call.operation))
    if passed and call.parameters.get(passed[0]):
        yield Target("iam:PassRole", str(call.parameters[passed[0]]), {"iam:passedtoservice": (passed[1],)})


def _node_role(arn: str) -> Target:
    # AWS does not say whether a node role is passed to EKS or to EC2; policies in the field name both.
    services = ("eks.amazonaws.com", "ec2.amazonaws.com")
    return Target("iam:PassRole", arn, {}, tuple({"iam:passedtoservice": (name,)} for name in services))
