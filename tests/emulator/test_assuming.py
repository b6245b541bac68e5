"""AssumeRole: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html"""

import pytest

from tests.emulator.conftest import allow, code_of, document, root_of, trust

EXTERNAL = {"StringEquals": {"sts:ExternalId": "ext-1"}}


@pytest.fixture
def sts(cloud, other):
    """STS as the root of the account that asks."""
    return cloud.client("sts", other)


@pytest.fixture
def ask(sts):
    def ask(arn, **more):
        return sts.assume_role(**{"RoleArn": arn, "RoleSessionName": "session", **more})

    return ask


def test_the_right_external_id_opens_and_nothing_else_does(cloud, account, other, make_role, ask):
    arn = make_role(account, "door", trust(root_of(other), EXTERNAL), document(allow("ec2:Describe*")))
    answer = ask(arn, ExternalId="ext-1")
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{account}:assumed-role/door/session"
    identity = cloud.client_with(answer["Credentials"], "sts").get_caller_identity()
    assert identity["Account"] == account
    assert code_of(ask, arn=arn) == "AccessDenied"
    assert code_of(ask, arn=arn, ExternalId="ext-2") == "AccessDenied"


def test_a_wildcard_external_id_lets_everyone_in(account, other, make_role, ask):
    arn = make_role(account, "open", trust(root_of(other), {"StringLike": {"sts:ExternalId": "*"}}))
    assert ask(arn, ExternalId="anything")["Credentials"]


def test_if_exists_lets_a_missing_external_id_in(account, other, make_role, ask):
    arn = make_role(account, "lax", trust(root_of(other), {"StringEqualsIfExists": {"sts:ExternalId": "ext-1"}}))
    assert ask(arn)["Credentials"]
    assert code_of(ask, arn=arn, ExternalId="wrong") == "AccessDenied"


def test_a_superfluous_external_id_is_no_error(account, other, make_role, ask):
    arn = make_role(account, "plain", trust(root_of(other)))
    assert ask(arn, ExternalId="not-asked-for")["Credentials"]


def test_a_missing_role_and_a_stranger_look_the_same(cloud, account, other, make_role, ask):
    arn = make_role(account, "mine", trust(root_of(account)))
    assert code_of(ask, arn=arn) == "AccessDenied"
    assert code_of(ask, arn=arn.replace("mine", "none")) == "AccessDenied"


def test_across_accounts_the_callers_own_permission_counts_too(cloud, account, other, make_role):
    arn = make_role(account, "shared", trust(root_of(other)))
    iam = cloud.client("iam", other)
    iam.create_user(UserName="bob")
    key = iam.create_access_key(UserName="bob")["AccessKey"]
    sts = cloud.client_with(key, "sts")
    assert code_of(sts.assume_role, RoleArn=arn, RoleSessionName="bob") == "AccessDenied"
    iam.put_user_policy(UserName="bob", PolicyName="p", PolicyDocument=document(allow("sts:AssumeRole", arn)))
    assert sts.assume_role(RoleArn=arn, RoleSessionName="bob")["Credentials"]


def test_source_identity_and_tags_need_their_own_actions_in_the_trust(account, other, make_role, ask):
    bare = make_role(account, "bare", trust(root_of(other)))
    assert code_of(ask, arn=bare, SourceIdentity="actor-1") == "AccessDenied"
    assert code_of(ask, arn=bare, Tags=[{"Key": "a", "Value": "b"}]) == "AccessDenied"
    actions = ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]
    full = make_role(account, "full", trust(root_of(other), action=actions))
    answer = ask(full, SourceIdentity="actor-1", Tags=[{"Key": "a", "Value": "b"}])
    assert answer["SourceIdentity"] == "actor-1"


def test_durations_have_limits(cloud, account, other, make_role, ask):
    arn = make_role(account, "short", trust(root_of(other)), document(allow("sts:AssumeRole")))
    assert code_of(ask, arn=arn, DurationSeconds=3601) == "ValidationError"
    long = make_role(account, "long", trust(root_of(account)), MaxSessionDuration=43200)
    chained = cloud.client_with(ask(arn)["Credentials"], "sts")
    assert (
        code_of(chained.assume_role, RoleArn=long, RoleSessionName="chained", DurationSeconds=7200) == "ValidationError"
    )
    assert chained.assume_role(RoleArn=long, RoleSessionName="chained", DurationSeconds=3600)["Credentials"]


def test_names_and_ids_are_checked(account, other, make_role, ask):
    arn = make_role(account, "named", trust(root_of(other)))
    assert code_of(ask, arn=arn, RoleSessionName="has space") == "ValidationError"
    assert code_of(ask, arn=arn, ExternalId="has space") == "ValidationError"


def test_a_fresh_role_is_not_assumable_until_it_has_propagated(cloud, account, other, make_role, ask):
    cloud.control.configure(durations={"role_propagation": 20})
    try:
        arn = make_role(account, "fresh", trust(root_of(other)))
        assert code_of(ask, arn=arn) == "AccessDenied"
        cloud.control.advance(21)
        assert ask(arn)["Credentials"]
        cloud.client("iam", account).update_assume_role_policy(RoleName="fresh", PolicyDocument=trust(root_of(other)))
        assert code_of(ask, arn=arn) == "AccessDenied"
    finally:
        cloud.control.configure(durations={"role_propagation": 0})


def test_every_attempt_is_in_the_journal(cloud, account, other, make_role, ask):
    arn = make_role(account, "seen", trust(root_of(other), EXTERNAL))
    start = len(cloud.control.journal())
    ask(arn, ExternalId="ext-1")
    code_of(ask, arn=arn)
    outcomes = [entry["outcome"] for entry in cloud.control.journal(start, operation="AssumeRole", account=other)]
    assert outcomes == ["ok", "AccessDenied"]
