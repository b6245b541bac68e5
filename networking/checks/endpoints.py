"""The S3 gateway endpoint: there, available, of this region, and on the route table of every chosen subnet.

https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html
https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
"""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from networking.checks.scene import Effective, Scene, ids
from portal.aws.facts.endpoints import EndpointFact
from portal.aws.facts.networks import s3_service
from portal.aws.facts.shapes import Document
from portal.findings.shapes import Finding

__all__ = ["PRESENT", "ROUTES", "check_present", "check_routes", "is_open"]

PRESENT, ROUTES = "s3-endpoint.present", "s3-endpoint.routes"
_ACTION = "ec2:DescribeVpcEndpoints"
#: The one state that AWS writes as two words, in lower case as facts have it.
_SPOKEN = {"pendingacceptance": "pending acceptance"}


def check_present(scene: Scene) -> tuple[Finding, ...]:
    """`s3-endpoint.present`: failed with what stands in its place, a warning for each policy that is not open."""
    where = (scene.network.vpc_id,)
    if scene.network.endpoints is None:
        return (scene.say.unknown(PRESENT, scene.unread(_ACTION), where),)
    working = scene.working_s3_gateways
    if not working:
        return (_absent(scene),)
    narrowed = [endpoint for endpoint in working if endpoint.policy is not None and not is_open(endpoint.policy)]
    said = _(
        "The S3 gateway endpoint %(endpoint)s has a policy of its own, which may refuse what a deployment needs. Set "
        "it to full access or see that it allows the deployment's buckets."
    )
    found = tuple(scene.say.warning(PRESENT, said % {"endpoint": endpoint.id}, (endpoint.id,)) for endpoint in narrowed)
    words = {"endpoints": ids(endpoint.id for endpoint in working), "vpc": scene.network.vpc_id}
    said = _("%(vpc)s has the S3 gateway endpoint %(endpoints)s.")
    return found or (scene.say.passed(PRESENT, said % words, tuple(endpoint.id for endpoint in working)),)


def _absent(scene: Scene) -> Finding:
    """What is there instead, the nearest to the wanted one first."""
    network = scene.network
    if scene.nowhere:
        return scene.say.unknown(PRESENT, scene.nowhere, (network.vpc_id,))
    words = {"vpc": network.vpc_id, "service": s3_service(network.region), "region": network.region}
    stalled = next(iter(scene.s3_gateways), None)
    if stalled is not None:
        words |= {"endpoint": stalled.id, "state": _SPOKEN.get(stalled.state, stalled.state) or "–"}
        return scene.say.failed(PRESENT, _stalled(stalled) % words, (network.vpc_id, stalled.id))
    stand_in = next((one for one in network.endpoints or () if _is_for_s3(one) and one.vpc == network.vpc_id), None)
    if stand_in is None:
        said = _("%(vpc)s has no gateway endpoint for %(service)s. Create one, then look again.")
        return scene.say.failed(PRESENT, said % words, (network.vpc_id,))
    words |= {"endpoint": stand_in.id, "other": stand_in.service, "kind": stand_in.type or "–"}
    if stand_in.service != s3_service(network.region):
        said = _(
            "%(vpc)s has %(endpoint)s for %(other)s, but none for S3 of %(region)s (%(service)s). Create a gateway "
            "endpoint for it, then look again."
        )
    else:
        said = _(
            "%(vpc)s has %(endpoint)s for S3, but of type %(kind)s. Create a gateway endpoint for %(service)s beside "
            "it, then look again."
        )
    return scene.say.failed(PRESENT, said % words, (network.vpc_id, stand_in.id))


def _stalled(endpoint: EndpointFact) -> str:
    if endpoint.state in {"pending", *_SPOKEN}:
        return _(
            "The S3 gateway endpoint %(endpoint)s of %(vpc)s is %(state)s. Wait until it is available, then look again."
        )
    return _("The S3 gateway endpoint %(endpoint)s of %(vpc)s is %(state)s. Create a new one, then look again.")


def _is_for_s3(endpoint: EndpointFact) -> bool:
    return endpoint.service.endswith(".s3")


def is_open(policy: Document) -> bool:
    """Whether an endpoint policy allows everything to everybody and denies nothing, as AWS's default does.

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    """
    statements = _listed(policy.get("Statement"))
    allowing = [one for one in statements if isinstance(one, dict) and one.get("Effect") == "Allow"]
    return len(allowing) == len(statements) and any(_allows_all(one) for one in allowing)


def _allows_all(statement: Document) -> bool:
    principal = statement.get("Principal")
    everybody = principal == "*" or (isinstance(principal, dict) and "*" in _listed(principal.get("AWS")))
    everything = {"*", "s3:*"} & {str(action) for action in _listed(statement.get("Action"))}
    return bool(
        everybody and everything and "*" in _listed(statement.get("Resource")) and not statement.get("Condition")
    )


def _listed(value: object) -> list[object]:
    """IAM lets one value stand for a list of one."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def check_routes(scene: Scene, chosen: Sequence[str]) -> tuple[Finding, ...]:
    """`s3-endpoint.routes`: one finding for each table that no working endpoint is on, with the subnets it serves."""
    if scene.network.endpoints is None:
        return (scene.say.unknown(ROUTES, scene.unread(_ACTION), tuple(chosen)),)
    working = scene.working_s3_gateways
    if not working and scene.nowhere:
        return (scene.say.unknown(ROUTES, scene.nowhere, (scene.network.vpc_id, *chosen)),)
    if not working:
        said = _(
            "%(vpc)s has no working S3 gateway endpoint that could serve %(subnets)s. Create one, then look again."
        )
        words = {"vpc": scene.network.vpc_id, "subnets": ids(chosen)}
        tables = sorted({table.id for subnet in chosen if (table := scene.effective(subnet).table) is not None})
        return (scene.say.failed(ROUTES, said % words, (scene.network.vpc_id, *tables, *chosen)),)
    if scene.network.route_tables is None:
        return (scene.say.unknown(ROUTES, scene.unread("ec2:DescribeRouteTables"), tuple(chosen)),)
    return _routes(scene, chosen, working)


def _routes(scene: Scene, chosen: Sequence[str], working: Iterable[EndpointFact]) -> tuple[Finding, ...]:
    doubts: list[Finding] = []
    served: dict[str, list[str]] = {}
    effectives: dict[str, Effective] = {}
    for subnet in chosen:
        effective = scene.effective(subnet)
        if effective.table is None:
            doubts.append(scene.say.unknown(ROUTES, effective.doubt, (subnet,)))
        else:
            served.setdefault(effective.table.id, []).append(subnet)
            effectives[effective.table.id] = effective
    endpoints = tuple(endpoint.id for endpoint in working)
    missing = tuple(
        _missing(scene, table, served[table], endpoints, effectives[table])
        for table in sorted(served)
        if table not in scene.s3_tables
    )
    said = _("The route tables of the chosen subnets (%(tables)s) have the S3 gateway endpoint %(endpoints)s.")
    tables = tuple(sorted(served))
    words = {"endpoints": ids(endpoints), "tables": ids(tables)}
    return (*missing, *doubts) or (scene.say.passed(ROUTES, said % words, tables),)


def _missing(
    scene: Scene, table: str, subnets: Sequence[str], endpoints: Sequence[str], effective: Effective
) -> Finding:
    words = {"table": table, "subnets": ids(subnets), "endpoints": ids(endpoints)}
    if effective.inherited:
        said = _(
            "The main table %(table)s, used by %(subnets)s for want of an own table, lacks the S3 gateway endpoint "
            "%(endpoints)s. Add the table to the endpoint, then look again."
        )
    else:
        said = _(
            "Route table %(table)s of %(subnets)s lacks the S3 gateway endpoint %(endpoints)s. Add the table to the "
            "endpoint, then look again."
        )
    return scene.say.failed(ROUTES, said % words, (table, *subnets))
