"""A remedy for each refusal: by AWS's code and the resource's type, never by the wording."""

import pytest

from onboarding.aws_words import AwsWords
from onboarding.bootstrap.grants import RoleName
from onboarding.models import Deployment
from onboarding.remedies import QUOTA_CODES, QUOTA_TYPES, SENTENCES, Remedy, remedy_for
from onboarding.rules.quotas import LAUNCH_NEEDS

HANDLER = (
    'Resource handler returned message: "{} (Service: Ec2, Status Code: 400, Request ID: 0a1b-2c)"'
    " (RequestToken: 9f, HandlerErrorCode: {})"
)
OLD = "It is full. (Service: AmazonEC2; Status Code: 400; Error Code: {}; Request ID: 0a1b-2c; Proxy: null)"
DENIED = (
    "You are not authorized to perform this operation. User: arn:aws:sts::222222222222:assumed-role/"
    "ClickHouseDeploymentRole/AWSCloudFormation is not authorized to perform: {} on resource: *"
    " because no identity-based policy allows it."
)


def remedy(deployment: Deployment, reason: str, kind: str = "") -> Remedy:
    words = AwsWords.of_reason(reason)
    return remedy_for(words, kind, deployment, role=RoleName.DEPLOYMENT, region="eu-west-1")


def test_codes_and_request_id_are_read_from_aws_tokens() -> None:
    words = AwsWords.of_reason(HANDLER.format("No", "ServiceLimitExceeded"))
    assert (words.codes, words.request_id, words.action) == (("ServiceLimitExceeded",), "0a1b-2c", "")
    assert AwsWords.of_reason(OLD.format("VpcLimitExceeded")).codes == ("VpcLimitExceeded",)
    assert AwsWords.of_reason("Resource creation cancelled").codes == ()
    assert AwsWords.of_reason("(Service: S3, Status Code: 0, Request ID: null)").request_id == ""


@pytest.mark.parametrize("code", QUOTA_CODES)
def test_each_full_quota_is_named_and_linked(deployment: Deployment, code: str) -> None:
    found = remedy(deployment, OLD.format(code))
    service, quota = QUOTA_CODES[code].split("/")
    assert "of eu-west-1 is used up." in found.sentence
    assert found.url.endswith(f"/servicequotas/home/services/{service}/quotas/{quota}?region=eu-west-1")


@pytest.mark.parametrize("kind", QUOTA_TYPES)
def test_where_cloudformation_says_only_that_one_is_full_the_type_says_which(deployment: Deployment, kind: str) -> None:
    found = remedy(deployment, HANDLER.format("No", "ServiceLimitExceeded"), kind)
    assert QUOTA_TYPES[kind].split("/")[1] in found.url


def test_every_quota_of_the_tables_is_one_that_a_launch_needs() -> None:
    known = {need.key for need in LAUNCH_NEEDS}
    assert {*QUOTA_CODES.values(), *QUOTA_TYPES.values()} <= known


def test_a_missing_permission_is_named_with_its_role_and_template(deployment: Deployment) -> None:
    found = remedy(deployment, HANDLER.format(DENIED.format("ec2:CreateVpc"), "AccessDenied"))
    assert found.sentence.startswith("ClickHouseDeploymentRole may not do ec2:CreateVpc. Template version 3 grants it")
    assert found.url.endswith(f"/deployments/{deployment.pk}/bootstrap/")


def test_a_permission_that_no_template_grants_is_not_the_customers_to_mend(deployment: Deployment) -> None:
    found = remedy(deployment, HANDLER.format(DENIED.format("sagemaker:CreateApp"), "AccessDenied"))
    assert "does not grant it. Tell support." in found.sentence
    assert found.url == ""


def test_a_refusal_without_the_action_still_has_a_next_act(deployment: Deployment) -> None:
    assert "lacks the permission that AWS names" in remedy(deployment, HANDLER.format("No", "AccessDenied")).sentence


@pytest.mark.parametrize("code", ["BucketAlreadyExists", "BucketAlreadyOwnedByYou"])
def test_a_taken_bucket_name_says_what_to_do_in_either_case(deployment: Deployment, code: str) -> None:
    assert "A bucket of this name exists already." in remedy(deployment, OLD.format(code), "AWS::S3::Bucket").sentence


def test_zones_without_capacity_have_their_own_words(deployment: Deployment) -> None:
    found = remedy(deployment, OLD.format("UnsupportedAvailabilityZoneException"), "AWS::EKS::Cluster")
    assert "EKS has no capacity in one of the chosen zones." in found.sentence


def test_what_nobody_knows_has_a_next_act_too(deployment: Deployment) -> None:
    for reason in ("Something new", HANDLER.format("No", "GeneralServiceException")):
        assert remedy(deployment, reason).sentence.startswith("Mend what AWS names, then press «Go on».")


def test_every_sentence_ends_in_an_act() -> None:
    for sentence in SENTENCES.values():
        assert any(word in str(sentence) for word in ("Go on", "roll back"))
        assert "Ensure" not in str(sentence)
