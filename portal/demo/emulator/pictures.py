"""Pictures of how things are now, taken when a `stale` fault is ordered."""

from portal.demo.emulator.backends import model
from portal.demo.emulator.faults import Fault, Order
from portal.demo.emulator.world import World


def take(world: World, order: Order) -> None:
    """Keeps what one EC2 description would answer now, for `order.seconds` of the emulator's clock.

    Raises ValueError unless the fault names one account, one region and one EC2 description.
    """
    if order.kind is not Fault.STALE:
        return
    names = (order.account, order.region, order.service, order.operation)
    if any("*" in name for name in names) or order.service != "ec2" or not order.operation.startswith("Describe"):
        world.faults.withdraw(order.id)
        raise ValueError("A stale fault names one account, one region, service ec2 and one Describe operation.")
    with world.moto.lock:
        result = world.moto.perform("ec2", order.operation, {}, order.account, order.region)
        member = list_member(order.operation)
        address = (order.account, order.region, order.operation)
        world.visibility.keep(address, list(result.get(member, [])), order.seconds)
    world.faults.withdraw(order.id)


def list_member(operation: str) -> str:
    """The output member of an EC2 description that holds the resources. Raises ValueError when there is none."""
    shape = model("ec2").operation_model(operation).output_shape
    for name, member in shape.members.items():
        if member.type_name == "list":
            return str(name)
    raise ValueError(f"{operation} returns no list.")
