"""One operation of the engine on one stack: whom it acts as, what its functions see, its waves of resources."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.demo.emulator.calls import Credentials
from portal.demo.emulator.clock import Clock
from portal.demo.emulator.cloudformation import plans, references
from portal.demo.emulator.cloudformation.activities import Activity, Creation, Removal
from portal.demo.emulator.cloudformation.intrinsics import Scope, Unresolved, resolve, text_of
from portal.demo.emulator.cloudformation.properties import prepared
from portal.demo.emulator.cloudformation.resources.kinds import Kind
from portal.demo.emulator.cloudformation.resources.registry import kind_of
from portal.demo.emulator.cloudformation.stacks import Output, Plan, Stack, StackResource, Stacks
from portal.demo.emulator.cloudformation.stage import Stage
from portal.demo.emulator.cloudformation.templates import Resource, invalid
from portal.demo.emulator.cloudformation.work import Clients, Work


@dataclass
class Run:
    """The engine's hands on one stack; belongs to one thread."""

    stack: Stack
    stacks: Stacks
    endpoint: str
    clock: Clock
    durations: Mapping[str, float]
    halted: Callable[[], str | None]
    clients: Clients = field(init=False)

    def __post_init__(self) -> None:
        plan = self.stack.plan
        self.clients = Clients(self.endpoint, self.stack.region, plan.credentials)
        if plan.role_arn:
            caller, credentials = self.clients, self._service_role(plan.role_arn)
            caller.close()
            self.clients = Clients(self.endpoint, self.stack.region, credentials)

    def _service_role(self, arn: str) -> Credentials:
        """docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html"""
        answer = self.clients.service("sts").assume_role(RoleArn=arn, RoleSessionName="AWSCloudFormation")
        made = answer["Credentials"]
        return Credentials(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])

    # What the template's functions see

    def scope(self) -> Scope:
        """The scope of the stack's template, with the resources as they stand."""
        stack, plan = self.stack, self.stack.plan
        return Scope(
            parameters={key: parameter.value for key, parameter in plan.parameters.items()},
            pseudo=plans.pseudo(stack.account, stack.region, stack.id, stack.name, plan.notification_arns),
            mappings=plan.template.mappings,
            conditions=plan.conditions,
            reference=self._reference,
            attribute=self._attribute,
            zones=self._zones,
            imported=self._imported,
        )

    def _resource(self, name: str) -> StackResource:
        resource = self.stack.resources.get(name)
        if resource is None or not resource.physical_id:
            raise Unresolved(name)
        return resource

    def _reference(self, name: str) -> Any:
        return self._resource(name).physical_id

    def _attribute(self, name: str, attribute: str) -> Any:
        resource = self._resource(name)
        if attribute in resource.attributes:
            return resource.attributes[attribute]
        if resource.type.startswith("AWS::") and resource.type != "AWS::CloudFormation::CustomResource":
            raise invalid(f"Attribute '{attribute}' does not exist")
        raise invalid(f"Vendor response doesn't contain {attribute} key in object {resource.physical_id} in S3 bucket "
                      "cloudformation-custom-resource-response")  # fmt: skip

    def _zones(self, region: str) -> list[str]:
        zones = self.clients.service("ec2", region).describe_availability_zones()["AvailabilityZones"]
        return sorted(zone["ZoneName"] for zone in zones if zone.get("ZoneType") == "availability-zone")

    def _imported(self, name: str) -> str:
        for stack, output in self.stacks.exports(self.stack.account, self.stack.region):
            if output.export == name and stack is not self.stack:
                self.stack.imports.add(name)
                return output.value
        raise invalid(f"No export named {name} found.")

    # One resource

    def work(self, resource: StackResource, kind: Kind, identify: Callable[[str], None]) -> Work:
        """What the functions of a type get for one resource."""
        return work_on(self.stack, resource, kind, self.clients, identify)

    def wanted(self, entry: Resource) -> dict[str, Any]:
        """The properties that the template gives a resource now. Raises Failed, ServiceError, Unresolved."""
        kind = require_kind(entry.type)
        given = resolve(dict(entry.properties), self.scope())
        return prepared(entry.logical_id, kind, given, self.stack.plan.tags)

    def creation(self, entry: Resource, verb: str = "CREATE") -> Creation:
        """A new resource, entered into the stack as in progress."""
        stack, kind = self.stack, require_kind(entry.type)
        resource = StackResource(
            logical_id=entry.logical_id, type=entry.type, status="", updated_at=stack.now(),
            needs=self.edges()[entry.logical_id], deletion_policy=entry.deletion_policy,
        )  # fmt: skip
        with stack.lock:
            stack.resources[entry.logical_id] = resource
        activity = Creation(stack, resource, kind, self.work(resource, kind, unidentified), verb)
        activity.work.identify = activity.identified
        activity.prepare = lambda: self._prepare(entry, activity)
        return activity

    def _prepare(self, entry: Resource, activity: Activity) -> None:
        activity.resource.properties = self.wanted(entry)
        activity.work.properties = activity.resource.properties

    def removal(self, resource: StackResource) -> Removal:
        """A resource on its way out."""
        kind = require_kind(resource.type)
        return Removal(self.stack, resource, kind, self.work(resource, kind, unidentified), "DELETE")

    # Waves

    def edges(self) -> dict[str, frozenset[str]]:
        """Logical id → what it waits for, by the stack's present plan."""
        return references.dependencies(self.chosen(), self.stack.plan.conditions)

    def chosen(self) -> dict[str, Resource]:
        """The resources that the stack's present plan has."""
        return references.active(self.stack.plan.template, self.stack.plan.conditions)

    def build(self, begin: Callable[[str], Activity | None]) -> Stage:
        """Goes through all resources of the plan by dependency; stops at the first failure."""
        stage = Stage(self.clock, self.durations, self.edges(), begin, stop=True, halted=self.halted)
        stage.run()
        return stage

    def clear(self, resources: Mapping[str, StackResource], retain: frozenset[str], *, rollback: bool) -> Stage:
        """Deletes these resources, dependents first; goes on past a failure."""
        blockers = {
            name: frozenset(other for other, entry in resources.items() if name in entry.needs) for name in resources
        }

        def begin(name: str) -> Activity | None:
            return self._begin_removal(resources[name], retain, rollback=rollback)

        stage = Stage(self.clock, self.durations, blockers, begin, stop=False, halted=self.halted)
        stage.run()
        return stage

    def _begin_removal(self, resource: StackResource, retain: frozenset[str], *, rollback: bool) -> Activity | None:
        kept = {"Retain"} if rollback else {"Retain", "RetainExceptOnCreate"}
        if resource.status in {"DELETE_COMPLETE", "DELETE_SKIPPED"}:
            return None
        if not resource.physical_id:
            self.stack.record(resource, "DELETE_COMPLETE")
            return None
        if resource.logical_id in retain or resource.deletion_policy in kept:
            self.stack.record(resource, "DELETE_SKIPPED")
            return None
        self.stack.record(resource, "DELETE_IN_PROGRESS")
        return self.removal(resource)

    # Outputs

    def outputs(self) -> dict[str, Output]:
        """The plan's outputs. Raises ServiceError for an export name that another stack has, Unresolved."""
        plan: Plan = self.stack.plan
        scope, answer = self.scope(), {}
        for key, entry in references.active_outputs(plan.template, plan.conditions).items():
            export = entry.get("Export", {}).get("Name")
            answer[key] = Output(
                key=key,
                value=text_of(resolve(entry["Value"], scope)),
                description=entry.get("Description"),
                export=text_of(resolve(export, scope)) if export is not None else None,
            )
        everybody = self.stacks.exports(self.stack.account, self.stack.region)
        taken = {output.export: stack for stack, output in everybody if stack is not self.stack}
        for output in answer.values():
            if output.export in taken:
                raise invalid(f"Export with name {output.export} is already exported by stack "
                              f"{taken[output.export].name}")  # fmt: skip
        return answer


def work_on(
    stack: Stack, resource: StackResource, kind: Kind, clients: Clients, identify: Callable[[str], None]
) -> Work:
    """What the functions of a type get for one resource of a stack."""
    return Work(
        clients=clients, account=stack.account, region=stack.region, stack_id=stack.id, stack_name=stack.name,
        logical_id=resource.logical_id, type=kind.type, properties=resource.properties, identify=identify,
        physical_id=resource.physical_id, attributes=resource.attributes,
    )  # fmt: skip


def require_kind(type_name: str) -> Kind:
    """The functions of a type that the plan has already admitted."""
    kind = kind_of(type_name)
    if kind is None:
        raise RuntimeError(f"{type_name} passed the plan but has no functions.")
    return kind


def unidentified(physical_id: str) -> None:
    """Stands where nothing may come into being."""
    raise RuntimeError(f"{physical_id} was identified outside a creation.")
