"""VPC peering connections and their life.

https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-lifecycle
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from portal.demo.emulator.calls import Call, ServiceError
from portal.demo.emulator.services.ec2_peering_shapes import Peering, described
from portal.demo.emulator.services.filtering import select
from portal.demo.emulator.services.networks import overlapping
from portal.demo.emulator.world import World

OPEN = frozenset({"initiating-request", "pending-acceptance", "provisioning", "active"})
HOUR, DAY = 3600, 86400
EXPIRES = 7 * DAY


def create(world: World, call: Call) -> Mapping[str, Any]:
    """A request; the same pair of VPCs in the same direction gets the connection that is there already."""
    given = call.parameters
    ec2 = _backend(world, call)
    vpc = ec2.get_vpc(_required(given, "VpcId"))
    peer = _required(given, "PeerVpcId")
    owner, region = str(given.get("PeerOwnerId", call.account)), str(given.get("PeerRegion", call.region))
    for known in _with(ec2, vpc.id):
        if known.accepter_vpc_info["VpcId"] == peer and known.requester_vpc_info["VpcId"] == vpc.id:
            return {"VpcPeeringConnection": described(known, ec2)}
        if known.requester_vpc_info["VpcId"] == peer:
            message = f"A VPC peering connection {known.id} already exists between {peer} and {vpc.id}"
            raise ServiceError("VpcPeeringConnectionAlreadyExists", message)
    _check_quota(world, call, ec2)
    other = world.moto.backend("ec2", owner, region)
    peer_vpc = other.vpcs.get(peer)
    if peer_vpc is None and (owner, region) == (call.account, call.region):
        raise ServiceError("InvalidVpcID.NotFound", f"The vpc ID '{peer}' does not exist")
    expires = datetime.fromtimestamp(world.clock.time() + EXPIRES, tz=UTC).replace(microsecond=0)
    peering = Peering(  # type: ignore[abstract] # moto leaves CloudFormation's hooks open, and ours is another engine
        ec2, vpc, (owner, region, peer), peer_vpc, expires
    )
    ec2.vpc_pcxs[peering.id] = peering
    if given.get("TagSpecifications"):
        peering.add_tags({tag["Key"]: tag.get("Value", "") for s in given["TagSpecifications"] for tag in s["Tags"]})
    answer = described(peering, ec2)
    world.timeline.after(world.durations["peering_request"], lambda: _arrive(world, peering, ec2, other))
    return {"VpcPeeringConnection": answer}


def _arrive(world: World, peering: Any, ec2: Any, other: Any) -> None:
    if peering.peer_vpc is None or peering.vpc.id == peering.peer_vpc.id or any(_overlaps(peering)):
        _end(world, peering, "failed", "Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range")
        _forget_after(world, ec2, peering, 2 * HOUR)
        return
    other.vpc_pcxs[peering.id] = peering
    peering.turn("pending-acceptance", f"Pending Acceptance by {peering.accepter_vpc_info['OwnerId']}")
    _await_answer(world, peering, EXPIRES)


def _await_answer(world: World, peering: Any, seconds: float) -> None:
    def expire() -> None:
        if peering.status["Code"] == "pending-acceptance":
            _end(world, peering, "expired", "Expired")
            for side in (peering.requester_vpc_info, peering.accepter_vpc_info):
                _forget_after(world, world.moto.backend("ec2", side["OwnerId"], side["Region"]), peering, 2 * DAY)

    world.timeline.after(seconds, expire)


def resume(world: World) -> None:
    """Lets every pending request expire at its time: for a world whose timeline was lost."""
    backends = [ec2 for regions in world.moto.accounts("ec2").values() for ec2 in regions.values()]
    known = {peering.id: peering for ec2 in backends for peering in list(ec2.vpc_pcxs.values())}
    for peering in known.values():
        if peering.status["Code"] == "pending-acceptance":
            _await_answer(world, peering, peering.expires.timestamp() - world.clock.time())


def _overlaps(peering: Any) -> Iterator[object]:
    return overlapping(peering.vpc, peering.peer_vpc)


def _end(world: World, peering: Any, code: str, message: str) -> None:
    del world
    peering.turn(code, message)


def _forget_after(world: World, ec2: Any, peering: Any, seconds: float) -> None:
    world.timeline.after(seconds, lambda: ec2.vpc_pcxs.pop(peering.id, None))


def _check_quota(world: World, call: Call, ec2: Any) -> None:
    waiting = [
        p
        for p in ec2.vpc_pcxs.values()
        if p.status["Code"] in {"initiating-request", "pending-acceptance"}
        and p.requester_vpc_info["OwnerId"] == call.account
    ]
    if len(waiting) >= world.quotas.value(call.account, call.region, "vpc", "L-DC9F7029"):
        message = "The maximum number of outstanding VPC peering connection requests has been reached."
        raise ServiceError("OutstandingVpcPeeringConnectionLimitExceeded", message)


def describe(world: World, call: Call) -> Mapping[str, Any]:
    """Every connection that this account and region may still see, newest states first computed."""
    ec2 = _backend(world, call)
    wanted = call.parameters.get("VpcPeeringConnectionIds") or []
    for own in wanted:
        _find(ec2, own)
    shown = [described(p, ec2) for p in ec2.vpc_pcxs.values() if not wanted or p.id in wanted]
    return {"VpcPeeringConnections": select(shown, call.parameters.get("Filters") or [])}


def accept(world: World, call: Call) -> Mapping[str, Any]:
    """By the accepter's account, in the accepter's region, from `pending-acceptance` only."""
    ec2 = _backend(world, call)
    peering = _find(ec2, _required(call.parameters, "VpcPeeringConnectionId"))
    _check_accepter(call, peering, "accept")
    _check_active_quota(world, call, peering)
    if any(_overlaps(peering)):
        _end(world, peering, "failed", "Failed due to overlapping CIDR range")
        raise ServiceError("InvalidStateTransition", f"Invalid state transition for {peering.id}")
    peering.turn("provisioning", "Provisioning")
    answer = described(peering, ec2)

    def activate() -> None:
        if peering.status["Code"] == "provisioning":
            peering.turn("active", "Active")

    world.timeline.after(world.durations["peering_accept"], activate)
    return {"VpcPeeringConnection": answer}


def reject(world: World, call: Call) -> Mapping[str, Any]:
    """By the accepter, from `pending-acceptance` only; both sides see it for a while."""
    ec2 = _backend(world, call)
    peering = _find(ec2, _required(call.parameters, "VpcPeeringConnectionId"))
    _check_accepter(call, peering, "reject")
    _end(world, peering, "rejected", "Inactive")
    same = peering.requester_vpc_info["OwnerId"] == call.account
    _forget_after(world, ec2, peering, 2 * HOUR)
    _forget_after(world, peering.ec2_backend, peering, 2 * HOUR if same else 2 * DAY)
    return {"Return": True}


def _check_accepter(call: Call, peering: Any, verb: str) -> None:
    side = peering.accepter_vpc_info
    if call.account != side["OwnerId"]:
        message = f"User ({call.account}) cannot {verb} peering {peering.id}"
        raise ServiceError("OperationNotPermitted", message)
    if call.region != side["Region"]:
        message = (
            f"Incorrect region ({call.region}) specified for this request. "
            f"VPC peering connection {peering.id} must be {verb}ed in region {side['Region']}"
        )
        raise ServiceError("OperationNotPermitted", message)
    if peering.status["Code"] != "pending-acceptance":
        raise ServiceError(
            "InvalidStateTransition",
            f"Invalid state transition for {peering.id}, attempted to transition from {peering.status['Code']}",
        )


def _check_active_quota(world: World, call: Call, peering: Any) -> None:
    for side in (peering.requester_vpc_info, peering.accepter_vpc_info):
        ec2 = world.moto.backend("ec2", side["OwnerId"], side["Region"])
        active = [p for p in _with(ec2, side["VpcId"]) if p.status["Code"] == "active"]
        if len(active) >= world.quotas.value(side["OwnerId"], side["Region"], "vpc", "L-7E9ECCDB"):
            message = f"The maximum number of VPC peering connections for {side['VpcId']} has been reached."
            raise ServiceError("VpcPeeringConnectionsPerVpcLimitExceeded", message)


def delete(world: World, call: Call) -> Mapping[str, Any]:
    """By either owner when active, by the requester only when pending; not when it has failed or ended."""
    ec2 = _backend(world, call)
    peering = _find(ec2, _required(call.parameters, "VpcPeeringConnectionId"))
    code = peering.status["Code"]
    requester = peering.requester_vpc_info["OwnerId"]
    if code not in {"pending-acceptance", "provisioning", "active"}:
        raise ServiceError(
            "InvalidStateTransition",
            f"Invalid state transition for {peering.id}, attempted to transition from {code} to deleting",
        )
    if code == "pending-acceptance" and call.account != requester:
        message = f"User ({call.account}) cannot delete peering {peering.id}"
        raise ServiceError("OperationNotPermitted", message)
    _delete(world, call.account, peering)
    return {"Return": True}


def _delete(world: World, deleter: str, peering: Any) -> None:
    peering.turn("deleting", f"Deleted by {deleter}")

    def finish() -> None:
        peering.turn("deleted", f"Deleted by {deleter}")
        owners = {side["OwnerId"] for side in (peering.requester_vpc_info, peering.accepter_vpc_info)}
        for side in (peering.requester_vpc_info, peering.accepter_vpc_info):
            ec2 = world.moto.backend("ec2", side["OwnerId"], side["Region"])
            brief = side["OwnerId"] == deleter or len(owners) == 1
            _forget_after(world, ec2, peering, 2 * HOUR if brief else 2 * DAY)

    world.timeline.after(world.durations["peering_delete"], finish)


def modify_options(world: World, call: Call) -> Mapping[str, Any]:
    """DNS resolution, by each owner for its own side, on an active connection of VPCs with DNS host names.

    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-dns.html
    """
    peering = _find(_backend(world, call), _required(call.parameters, "VpcPeeringConnectionId"))
    if peering.status["Code"] != "active":
        raise ServiceError("OperationNotPermitted", f"The VPC peering connection {peering.id} is not active.")
    sides = (
        ("RequesterPeeringConnectionOptions", peering.requester_vpc_info, peering.requester_options),
        ("AccepterPeeringConnectionOptions", peering.accepter_vpc_info, peering.accepter_options),
    )
    for name, side, options in sides:
        wanted = call.parameters.get(name)
        if not wanted:
            continue
        if (side["OwnerId"], side["Region"]) != (call.account, call.region):
            message = f"User ({call.account}) cannot modify {name} of peering {peering.id}"
            raise ServiceError("OperationNotPermitted", message)
        if wanted.get("AllowDnsResolutionFromRemoteVpc"):
            _check_dns(peering)
        options.update(wanted)
    return {name: dict(options) for name, _, options in sides if call.parameters.get(name)}


def _check_dns(peering: Any) -> None:
    for vpc in (peering.vpc, peering.peer_vpc):
        if not (vpc.enable_dns_hostnames and vpc.enable_dns_support):
            message = (
                "To enable DNS hostname resolution for the VPC peering connection, DNS hostname support must be "
                "enabled for the VPCs."
            )
            raise ServiceError("InvalidVpcPeeringConnectionState.DnsHostnamesDisabled", message)


def refuse_while_pending(world: World, call: Call, vpc_id: str) -> None:
    """A requester cannot add blocks to a VPC while its request is unanswered."""
    for peering in _with(_backend(world, call), vpc_id):
        if peering.status["Code"] in {"initiating-request", "pending-acceptance"} and (
            peering.requester_vpc_info["VpcId"] == vpc_id
        ):
            message = f"The VPC {vpc_id} has a pending VPC peering connection {peering.id}."
            raise ServiceError("InvalidVpcState", message)


def awaits_answer(world: World, call: Call, vpc_id: str) -> bool:
    """True when somebody else's request for this VPC is pending: such a VPC cannot be deleted."""
    return any(
        peering.status["Code"] == "pending-acceptance" and peering.accepter_vpc_info["VpcId"] == vpc_id
        for peering in _with(_backend(world, call), vpc_id)
    )


def end_with(world: World, call: Call, vpc_id: str) -> None:
    """Ends the connections of a VPC that was deleted."""
    for peering in list(_with(_backend(world, call), vpc_id)):
        _delete(world, call.account, peering)


def _with(ec2: Any, vpc_id: str) -> Iterator[Any]:
    for peering in list(ec2.vpc_pcxs.values()):
        sides = {peering.requester_vpc_info["VpcId"], peering.accepter_vpc_info["VpcId"]}
        if vpc_id in sides and peering.status["Code"] in OPEN:
            yield peering


def _backend(world: World, call: Call) -> Any:
    return world.moto.backend("ec2", call.account, call.region)


def _find(ec2: Any, own: str) -> Any:
    peering = ec2.vpc_pcxs.get(own)
    if peering is None:
        malformed = not own.startswith("pcx-")
        code = "InvalidVpcPeeringConnectionId.Malformed" if malformed else "InvalidVpcPeeringConnectionID.NotFound"
        message = f'Invalid id: "{own}"' if malformed else f"The vpcPeeringConnection ID '{own}' does not exist"
        raise ServiceError(code, message)
    return peering


def _required(given: Mapping[str, Any], name: str) -> str:
    if not given.get(name):
        spelled = name[0].lower() + name[1:]
        raise ServiceError("MissingParameter", f"The request must contain the parameter {spelled}")
    return str(given[name])


OPERATIONS = {
    "CreateVpcPeeringConnection": create,
    "DescribeVpcPeeringConnections": describe,
    "AcceptVpcPeeringConnection": accept,
    "RejectVpcPeeringConnection": reject,
    "DeleteVpcPeeringConnection": delete,
    "ModifyVpcPeeringConnectionOptions": modify_options,
}
