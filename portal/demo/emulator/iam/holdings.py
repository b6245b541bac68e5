"""Which policies a user or role holds, read from moto's IAM."""

from typing import Any

from portal.demo.emulator.backends import Moto
from portal.demo.emulator.calls import Kind, Principal
from portal.demo.emulator.iam.evaluation import Grants
from portal.demo.emulator.iam.policies import Policy, parse


class Holdings:
    """Looks up policies by principal; reads moto's IAM under its lock at every look, so edits count at once."""

    def __init__(self, moto: Moto) -> None:
        self._moto = moto

    def grants(self, principal: Principal) -> Grants:
        """Everything that limits or permits a principal. A root has no policies and may do everything."""
        session = tuple(parse(text, "session", "Session Policy") for text in principal.session_policies)
        if principal.is_root:
            return Grants(session=session, is_root=True)
        held = self.entity_grants(principal.account, principal.identity_arn)
        return Grants(held.identity, held.boundary, session)

    def entity_grants(self, account: str, arn: str) -> Grants:
        """The policies of a user or role by its IAM ARN. Raises KeyError when there is none such."""
        with self._moto.lock:
            iam = self._moto.backend("iam", account, "us-east-1")
            entity = entity_of(iam, arn)
            policies = list(_own(entity))
            for group in iam.groups.values():
                if entity in group.users:
                    policies.extend(_own(group))
            return Grants(tuple(policies), self._boundary(iam, entity))

    @staticmethod
    def _boundary(iam: Any, entity: Any) -> Policy | None:
        arn = getattr(entity, "permissions_boundary_arn", None)
        if not arn:
            return None
        policy = iam.managed_policies.get(arn)
        # A boundary that was deleted leaves nothing allowed: fail closed, as IAM does.
        empty = '{"Version": "2012-10-17", "Statement": []}'
        return parse(_current(policy) if policy else empty, arn, "PermissionsBoundary")


def entity_of(iam: Any, arn: str) -> Any:
    """The user or role of that ARN. Raises KeyError."""
    for entity in (*iam.roles.values(), *iam.users.values()):
        if entity.arn == arn:
            return entity
    raise KeyError(arn)


def tags_of(iam: Any, principal: Principal) -> dict[str, str]:
    """The principal's tags: those of the user or role, overlaid with session tags."""
    tags: dict[str, str] = {}
    if principal.kind in {Kind.USER, Kind.ROLE}:
        try:
            listed = entity_of(iam, principal.identity_arn).tags or []
        except KeyError:
            listed = []
        tags = {tag["Key"]: tag["Value"] for tag in listed}
    return tags | dict(principal.session_tags)


def _own(entity: Any) -> list[Policy]:
    inline = [parse(text, name, "IAM Policy") for name, text in entity.policies.items()]
    managed = [parse(_current(policy), arn, "IAM Policy") for arn, policy in entity.managed_policies.items()]
    return inline + managed


def _current(policy: Any) -> str:
    return str(next(v.document for v in policy.versions if v.version_id == policy.default_version_id))
