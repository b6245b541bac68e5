"""What to do when AWS refuses something: error code and resource type → a sentence with the next act.

Codes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html,
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html,
https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html and CloudFormation's own
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onboarding.aws_words import AwsWords
from onboarding.bootstrap.grants import RoleName
from onboarding.bootstrap.permissions import PERMISSIONS
from onboarding.bootstrap.versions import TEMPLATE_VERSION
from onboarding.models import Deployment
from onboarding.quota_table import console_url
from onboarding.rules.quotas import LAUNCH_NEEDS, QuotaNeed
from portal.aws.errors import DENIED as AWS_DENIED


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """The next act as a sentence, and where it is done: an address and its words, or neither."""

    sentence: str
    url: str = ""
    link: str = ""

    @property
    def outside(self) -> bool:
        """Whether the address is not the portal's own."""
        return self.url.startswith(("http:", "https:"))


#: AWS's error code → the quota that is full, as Service Quotas spells it.
QUOTA_CODES: Final[Mapping[str, str]] = {
    "VpcLimitExceeded": "vpc/L-F678F1CE",
    "AddressLimitExceeded": "ec2/L-0263D0A3",
    "InternetGatewayLimitExceeded": "vpc/L-A4707A72",
    "NatGatewayLimitExceeded": "vpc/L-FE5A380F",
    "SubnetLimitExceeded": "vpc/L-407747CB",
    "RouteTableLimitExceeded": "vpc/L-589F43AA",
    "VpcEndpointLimitExceeded": "vpc/L-1B52E74A",
    "SecurityGroupLimitExceeded": "vpc/L-E79EC296",
    "VcpuLimitExceeded": "ec2/L-1216C47A",
    "TooManyBuckets": "s3/L-DC2B2D3D",
}
#: CloudFormation's code for any full quota: the resource's type says which one.
FULL: Final = frozenset({"ServiceLimitExceeded", "ResourceLimitExceededException"})
QUOTA_TYPES: Final[Mapping[str, str]] = {
    "AWS::EC2::VPC": "vpc/L-F678F1CE",
    "AWS::EC2::EIP": "ec2/L-0263D0A3",
    "AWS::EC2::InternetGateway": "vpc/L-A4707A72",
    "AWS::EC2::NatGateway": "vpc/L-FE5A380F",
    "AWS::EC2::Subnet": "vpc/L-407747CB",
    "AWS::EC2::RouteTable": "vpc/L-589F43AA",
    "AWS::EC2::VPCEndpoint": "vpc/L-1B52E74A",
    "AWS::EKS::Cluster": "eks/L-1194D53C",
    "AWS::EKS::Nodegroup": "ec2/L-1216C47A",
    "AWS::S3::Bucket": "s3/L-DC2B2D3D",
}
DENIED: Final = frozenset({*AWS_DENIED, "UnauthorizedTaggingOperation"})
TAKEN: Final = frozenset({"BucketAlreadyExists", "BucketAlreadyOwnedByYou", "AlreadyExists", "AlreadyExistsException"})
ANY: Final = ""

#: (code, resource type or ANY) → sentence. The first that fits counts: a row with a type goes before one without.
SENTENCES: Final[Mapping[tuple[str, str], str | Promise]] = {
    **{
        (code, "AWS::S3::Bucket"): gettext_lazy(
            "A bucket of this name exists already. If it is in your account, delete it and press «Go on». If it belongs"
            " to another account, roll back and request a new deployment: its buckets get other names."
        )
        for code in sorted(TAKEN)
    },
    **{
        (code, ANY): gettext_lazy(
            "Something of this name exists already and is not part of the stack. Delete or rename it, then press"
            " «Go on»."
        )
        for code in sorted(TAKEN)
    },
    ("UnsupportedAvailabilityZoneException", ANY): gettext_lazy(
        "EKS has no capacity in one of the chosen zones. Press «Go on» to try again; if it stays so, roll back and"
        " request a deployment in other zones."
    ),
    ("ResourceConflict", ANY): gettext_lazy(
        "Something outside of the stack still uses it. Delete what AWS names, then press «Go on»."
    ),
    ("DependencyViolation", ANY): gettext_lazy(
        "Something outside of the stack still uses it. Delete what AWS names, then press «Go on»."
    ),
    ("InvalidCredentials", ANY): gettext_lazy(
        "AWS no longer accepted the session in the middle of the work. Press «Go on»: we open a new one."
    ),
    ("NotStabilized", ANY): gettext_lazy(
        "AWS made it, but it did not become ready in time. Press «Go on» to let AWS make it again."
    ),
    ("Throttling", ANY): gettext_lazy("AWS had too many calls to answer. Wait a minute, then press «Go on»."),
    ("ServiceInternalError", ANY): gettext_lazy("AWS had a fault of its own. Wait a few minutes, then press «Go on»."),
    ("InternalFailure", ANY): gettext_lazy("AWS had a fault of its own. Wait a few minutes, then press «Go on»."),
}


def remedy_for(words: AwsWords, resource_type: str, deployment: Deployment, *, role: RoleName, region: str) -> Remedy:
    """What to do about AWS's words on a resource; `role` is the bootstrap role that AWS answered."""
    need = _full_quota(words, resource_type)
    if need is not None:
        return _more_quota(need, region)
    if DENIED.intersection(words.codes):
        return _permission(words.action, deployment, role)
    for kind in (resource_type, ANY):
        for code in words.codes:
            if (code, kind) in SENTENCES:
                return Remedy(sentence=str(SENTENCES[code, kind]))
    return Remedy(sentence=_("Mend what AWS names, then press «Go on». If it names nothing of yours, tell support."))


def _full_quota(words: AwsWords, resource_type: str) -> QuotaNeed | None:
    keys = [QUOTA_CODES[code] for code in words.codes if code in QUOTA_CODES]
    if FULL.intersection(words.codes) and resource_type in QUOTA_TYPES:
        keys.append(QUOTA_TYPES[resource_type])
    return next((need for need in LAUNCH_NEEDS if need.key in keys[:1]), None)


def _more_quota(need: QuotaNeed, region: str) -> Remedy:
    words = {"quota": need.name, "region": region}
    return Remedy(
        sentence=_(
            "The quota «%(quota)s» of %(region)s is used up. Request more, or delete what you no longer need,"
            " then press «Go on»."
        )
        % words,
        url=console_url(region, need),
        link=_("Request an increase in Service Quotas"),
    )


def _permission(action: str, deployment: Deployment, role: RoleName) -> Remedy:
    words = {"role": role.value, "action": action, "version": TEMPLATE_VERSION}
    granted = any(row.action == action and role in row.roles for row in PERMISSIONS)
    if action and not granted:
        said = _("%(role)s may not do %(action)s, and template version %(version)s does not grant it. Tell support.")
        return Remedy(sentence=said % words)
    if action:
        said = _(
            "%(role)s may not do %(action)s. Template version %(version)s grants it: update the bootstrap stack, or"
            " lift the service control policy that denies it, then press «Go on»."
        )
    else:
        said = _(
            "%(role)s lacks the permission that AWS names. Update the bootstrap stack to template version %(version)s,"
            " then press «Go on»."
        )
    return Remedy(
        sentence=said % words,
        url=reverse("onboarding:bootstrap", args=[deployment.pk]),
        link=_("To the bootstrap stack"),
    )
