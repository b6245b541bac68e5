"""May this caller do this? Every call passes here before it has an effect.

Wording: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from collections.abc import Mapping

from portal.demo.emulator.backends import Moto, protocol_of
from portal.demo.emulator.calls import Call, Kind, Principal, ServiceError
from portal.demo.emulator.clock import Clock
from portal.demo.emulator.iam.evaluation import Decision, Grants, Layer, Verdict, decide, matching
from portal.demo.emulator.iam.holdings import Holdings, tags_of
from portal.demo.emulator.iam.policies import Policy, Request, parse
from portal.demo.emulator.iam.targets import Target, targets

# IAM needs no permission for these.
FREE = frozenset({("sts", "GetCallerIdentity"), ("sts", "GetSessionToken")})
Keys = Mapping[str, tuple[str, ...]]


class Authorisation:
    """Judges calls by the policies held in moto's IAM."""

    def __init__(self, moto: Moto, clock: Clock) -> None:
        self._moto = moto
        self._clock = clock
        self.holdings = Holdings(moto)

    def check(self, call: Call, via: str = "") -> None:
        """Raises ServiceError when the caller may not. `via`: the service that calls on the caller's behalf."""
        # AssumeRole is judged together with the role's trust policy, in the STS module.
        if (call.service, call.operation) in FREE or call.operation == "AssumeRole":
            return
        with self._moto.lock:
            grants = self._grants(call.principal)
            shared = self.context(call.principal, call.region, via)
            for target in targets(call, self._moto):
                self._check_target(call, target, grants, shared)

    def _grants(self, principal: Principal) -> Grants:
        if principal.kind is Kind.ANONYMOUS:
            return Grants()
        return self.holdings.grants(principal)

    def _check_target(self, call: Call, target: Target, grants: Grants, shared: Keys) -> None:
        decision = None
        for keys in target.alternatives or (target.keys,):
            request = self.request(call.principal, target.action, target.resource, {**shared, **keys})
            decision = self._with_resource_policy(call, request, decide(request, grants))
            if decision.allowed:
                return
        if decision is not None:
            raise refusal(call, target.action, target.resource, decision)

    def _with_resource_policy(self, call: Call, request: Request, decision: Decision) -> Decision:
        """Bucket policies: a deny counts for everyone, an allow is needed by other accounts.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
        """
        if call.service != "s3" or not call.parameters.get("Bucket") or call.operation == "CreateBucket":
            return decision
        owner, policy = self._bucket(str(call.parameters["Bucket"]))
        if owner is None or decision.verdict is Verdict.EXPLICIT_DENY:
            return decision
        policies = (policy,) if policy else ()
        if matching(request, policies, allows=False):
            return Decision(Verdict.EXPLICIT_DENY, Layer.RESOURCE)
        allowed = bool(matching(request, policies, allows=True))
        if owner == call.principal.account:
            narrowed = decision.layer is not Layer.IDENTITY
            return decision if not allowed or narrowed else Decision(Verdict.ALLOWED, Layer.RESOURCE)
        both = allowed and (decision.allowed or call.principal.kind is Kind.ANONYMOUS)
        return Decision(Verdict.ALLOWED if both else Verdict.IMPLICIT_DENY, Layer.RESOURCE)

    def _bucket(self, name: str) -> tuple[str | None, Policy | None]:
        for account, partitions in self._moto.accounts("s3").items():
            bucket = partitions["aws"].buckets.get(name) if "aws" in partitions else None
            if bucket is not None:
                text = bucket.policy
                document = text.decode() if isinstance(text, bytes) else text
                return account, parse(document, name, "Resource Policy") if document else None
        return None, None

    def context(self, principal: Principal, region: str, via: str = "") -> dict[str, tuple[str, ...]]:
        """Global condition keys.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
        """
        now = self._clock.now()
        keys: dict[str, tuple[str, ...]] = {
            "aws:requestedregion": (region,),
            "aws:principalarn": (principal.identity_arn,),
            "aws:principalaccount": (principal.account,),
            "aws:principaltype": (_TYPES[principal.kind],),
            "aws:userid": (principal.user_id,),
            "aws:currenttime": (now.strftime("%Y-%m-%dT%H:%M:%SZ"),),
            "aws:epochtime": (str(int(now.timestamp())),),
            "aws:sourceip": ("127.0.0.1",),
            # AWS is reached by TLS only; plain HTTP is this emulator's, not the caller's doing.
            "aws:securetransport": ("true",),
            "aws:viaawsservice": ("true" if via else "false",),
            "aws:principalisawsservice": ("false",),
        }
        if via:
            keys |= {"aws:calledvia": (via,), "aws:calledviafirst": (via,), "aws:calledvialast": (via,)}
        if principal.kind is Kind.USER:
            keys["aws:username"] = (principal.name,)
        if principal.source_identity:
            keys["aws:sourceidentity"] = (principal.source_identity,)
        if principal.account:
            iam = self._moto.backend("iam", principal.account, "us-east-1")
            for key, value in tags_of(iam, principal).items():
                keys[f"aws:principaltag/{key.lower()}"] = (value,)
        return keys

    @staticmethod
    def request(principal: Principal, action: str, resource: str, keys: Keys) -> Request:
        """A request by a principal, as policies see it."""
        if principal.kind is Kind.SERVICE:
            return Request(action, resource, keys, principal_service=principal.name)
        arns = tuple({principal.arn, principal.identity_arn})
        return Request(action, resource, keys, arns, principal.account)


_TYPES = {
    Kind.ROOT: "Account",
    Kind.USER: "User",
    Kind.ROLE: "AssumedRole",
    Kind.SERVICE: "AWSService",
    Kind.ANONYMOUS: "Anonymous",
}


def refusal(call: Call, action: str, resource: str, decision: Decision) -> ServiceError:
    """The error in the service's own spelling, with the reason AWS gives."""
    layer = decision.layer.value
    if decision.verdict is Verdict.EXPLICIT_DENY:
        article = "an" if layer[0] in "aeiou" else "a"
        reason = f"with an explicit deny in {article} {layer}"
    else:
        reason = f"because no {layer} allows the {action} action"
    where = f" on resource: {resource}" if resource != "*" or call.service != "ec2" else ""
    text = f"User: {call.principal.arn} is not authorized to perform: {action}{where} {reason}"
    return denied(call.service, text)


def denied(service: str, text: str) -> ServiceError:
    """AccessDenied as a service spells it: the code and the HTTP status differ by protocol."""
    if service == "ec2":
        message = f"You are not authorized to perform this operation. {text}"
        return ServiceError("UnauthorizedOperation", message, 403)
    protocol = protocol_of(service)
    if protocol == "json":
        return ServiceError("AccessDeniedException", text, 400)
    return ServiceError("AccessDeniedException" if protocol == "rest-json" else "AccessDenied", text, 403)
