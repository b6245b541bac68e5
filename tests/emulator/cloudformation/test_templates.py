"""Functions, conditions, parameters, pseudo parameters, exports, templates in S3.

docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from typing import Any

import pytest

from portal.demo.emulator.calls import ServiceError
from tests.emulator.cloudformation.conftest import ACCOUNT, Console

FUNCTIONS = """
AWSTemplateFormatVersion: 2010-09-09
Description: every function once
Parameters:
  Names: {Type: CommaDelimitedList, Default: 'a, b,c'}
  Secret: {Type: String, NoEcho: true, Default: hush}
  Size: {Type: Number, Default: 3}
  Zone: {Type: 'AWS::EC2::AvailabilityZone::Name', Default: us-east-1a}
Mappings:
  Sizes: {us-east-1: {small: m7i.large}}
Conditions:
  Three: !Equals [!Ref Size, 3]
  NotThree: !Not [!Condition Three]
  Both: !And [!Condition Three, !Equals [x, x]]
  Either: !Or [!Condition NotThree, !Condition Both]
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: !If [Three, 33, 44]
      DelaySeconds: !If [NotThree, 5, !Ref AWS::NoValue]
  Absent: {Type: AWS::SQS::Queue, Condition: NotThree}
Outputs:
  Join: {Value: !Join ['-', !Ref Names]}
  Select: {Value: !Select [1, !Ref Names]}
  Split: {Value: !Select [2, !Split ['.', 'x.y.z']]}
  Map: {Value: !FindInMap [Sizes, !Ref 'AWS::Region', small]}
  Sub: {Value: !Sub '${AWS::StackName}/${!Literal}/${Queue.QueueName}/${Size}'}
  SubMap: {Value: !Sub ['${a}+${Size}', {a: !GetAtt Queue.QueueName}]}
  Base64: {Value: !Base64 'hello'}
  Cidr: {Value: !Join [' ', !Cidr [10.0.0.0/16, 3, 12]]}
  Cidr6: {Value: !Select [1, !Cidr ['2001:db8::/56', 2, 64]]}
  Zones: {Value: !Join [' ', !GetAZs us-east-1]}
  Account: {Value: !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root.${AWS::URLSuffix}'}
  StackId: {Value: !Ref AWS::StackId}
  Either: {Value: !If [Either, 'yes', 'no']}
  Hidden: {Condition: NotThree, Value: x}
"""


def test_every_function_gives_what_the_reference_says(console: Console, name: str) -> None:
    stack_id = console.create(name, FUNCTIONS)
    assert console.wait(name) == "CREATE_COMPLETE", console.events(name)
    outputs = console.outputs(name)
    queue = outputs["SubMap"].removesuffix("+3")
    assert queue.startswith(f"{name}-Queue-")
    assert outputs == {
        "Join": "a-b-c",
        "Select": "b",
        "Split": "z",
        "Map": "m7i.large",
        "Sub": f"{name}/${{Literal}}/{queue}/3",
        "SubMap": f"{queue}+3",
        "Base64": "aGVsbG8=",
        "Cidr": "10.0.0.0/20 10.0.16.0/20 10.0.32.0/20",
        "Cidr6": "2001:db8:0:1::/64",
        "Zones": "us-east-1a us-east-1b us-east-1c us-east-1d us-east-1e us-east-1f",
        "Account": f"arn:aws:iam::{ACCOUNT}:root.amazonaws.com",
        "StackId": stack_id,
        "Either": "yes",
    }
    sqs = console.client("sqs")
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert (attributes["VisibilityTimeout"], attributes["DelaySeconds"]) == ("33", "0")
    resources = console.ask("ListStackResources", StackName=name)["StackResourceSummaries"]
    assert [entry["LogicalResourceId"] for entry in resources] == ["Queue"]


def test_a_secret_parameter_is_masked(console: Console, name: str) -> None:
    console.create(name, FUNCTIONS)
    shown = {entry["ParameterKey"]: entry["ParameterValue"] for entry in console.stack(name)["Parameters"]}
    assert shown == {"Names": "a, b,c", "Secret": "****", "Size": "3", "Zone": "us-east-1a"}
    console.wait(name)


def test_scalars_become_the_type_that_the_schema_says(console: Console, name: str) -> None:
    """In YAML 1.1 the tag value is a number and the description a boolean; AWS takes both as text."""
    template = """
    Parameters: {Secret: {Type: String, NoEcho: true}}
    Resources:
      Key:
        Type: AWS::KMS::Key
        Properties:
          Description: yes
          Tags: [{Key: size, Value: 3}, {Key: s, Value: !Ref Secret}]
    Outputs: {Key: {Value: !Ref Key}}
    """
    console.create(name, template, Parameters=[{"ParameterKey": "Secret", "ParameterValue": "hush-hush"}])
    assert console.wait(name) == "CREATE_COMPLETE", console.events(name)
    kms, key = console.client("kms"), console.outputs(name)["Key"]
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["Description"] == "true"
    tags = {tag["TagKey"]: tag["TagValue"] for tag in kms.list_resource_tags(KeyId=key)["Tags"]}
    assert tags == {"size": "3", "s": "hush-hush"}
    events = console.ask("DescribeStackEvents", StackName=name)["StackEvents"]
    assert "hush-hush" not in str(events)
    assert '"Value": "****"' in str(events)


def test_a_function_that_cannot_be_evaluated_fails_its_resource(console: Console, name: str) -> None:
    bad = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::Select": [3, ["a", "b"]]}}}
    console.create(name, {"Resources": {"Queue": bad}})
    assert console.wait(name) == "ROLLBACK_COMPLETE"
    reason = "Template error: Fn::Select cannot select nonexistent value at index 3"
    assert ("Queue", "CREATE_FAILED", reason) in console.events(name)


def exporting(name: str) -> dict[str, Any]:
    output = {"Value": {"Fn::GetAtt": ["Queue", "Arn"]}, "Export": {"Name": {"Fn::Sub": f"{name}-queue"}}}
    return {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}, "Outputs": {"Arn": output}}


def importing(name: str) -> dict[str, Any]:
    policy = {"Fn::Sub": ['{"deadLetterTargetArn":"${arn}","maxReceiveCount":3}',
                          {"arn": {"Fn::ImportValue": f"{name}-queue"}}]}  # fmt: skip
    return {"Resources": {"Second": {"Type": "AWS::SQS::Queue", "Properties": {"RedrivePolicy": policy}}}}


def test_an_export_is_imported_and_kept_while_in_use(console: Console, name: str) -> None:
    console.create(name, exporting(name))
    assert console.wait(name) == "CREATE_COMPLETE"
    exports = console.ask("ListExports")["Exports"]
    assert [entry["Name"] for entry in exports] == [f"{name}-queue"]
    user = f"{name}-user"
    user_id = console.create(user, importing(name))
    assert console.wait(user) == "CREATE_COMPLETE", console.events(user)
    with pytest.raises(ServiceError, match=f"Export {name}-queue cannot be deleted as it is in use by {user}"):
        console.ask("DeleteStack", StackName=name)
    console.create(f"{name}-again", exporting(name))
    assert console.wait(f"{name}-again") == "ROLLBACK_COMPLETE"
    reasons = [reason for _, status, reason in console.events(f"{name}-again") if status == "ROLLBACK_IN_PROGRESS"]
    assert f"Export with name {name}-queue is already exported by stack {name}" in reasons[0]
    console.ask("DeleteStack", StackName=user)
    assert console.wait(user_id) == "DELETE_COMPLETE"
    stack_id = console.stack(name)["StackId"]
    console.ask("DeleteStack", StackName=name)
    assert console.wait(stack_id) == "DELETE_COMPLETE"


def test_an_export_that_nobody_has_fails_the_resource(console: Console, name: str) -> None:
    console.create(name, importing(name))
    assert console.wait(name) == "ROLLBACK_COMPLETE"
    assert ("Second", "CREATE_FAILED", f"No export named {name}-queue found.") in console.events(name)


@pytest.mark.parametrize(
    "url",
    [
        "https://{bucket}.s3.amazonaws.com/v1/t.yaml",
        "https://{bucket}.s3.us-east-1.amazonaws.com/v1/t.yaml",
        "https://{bucket}.s3-us-east-1.amazonaws.com/v1/t.yaml",
        "https://s3.us-east-1.amazonaws.com/{bucket}/v1/t.yaml",
        "{endpoint}/{bucket}/v1/t.yaml",
    ],
)
def test_a_template_may_lie_in_s3(console: Console, name: str, url: str) -> None:
    s3 = console.client("s3")
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="v1/t.yaml", Body=FUNCTIONS.encode())
    place = url.format(bucket=name, endpoint=console.endpoint)
    summary = console.ask("GetTemplateSummary", TemplateURL=place)
    assert [entry["ParameterKey"] for entry in summary["Parameters"]] == ["Names", "Secret", "Size", "Zone"]
    assert summary["ResourceTypes"] == ["AWS::SQS::Queue"]
    assert console.ask("ValidateTemplate", TemplateURL=place)["Description"] == "every function once"


def test_a_template_that_is_not_there_or_not_in_s3(console: Console, name: str) -> None:
    console.client("s3").create_bucket(Bucket=name)
    for url, message in (
        (f"https://{name}.s3.amazonaws.com/none.yaml", "S3 error: The specified key does not exist"),
        ("https://example.com/t.yaml", "TemplateURL must be a supported URL."),
        (f"http://{name}.s3.amazonaws.com/none.yaml", "TemplateURL must be a supported URL."),
    ):
        with pytest.raises(ServiceError, match=message) as refused:
            console.ask("CreateStack", StackName=name, TemplateURL=url)
        assert refused.value.code == "ValidationError"


def test_the_template_comes_back_as_it_went_in(console: Console, name: str) -> None:
    console.create(name, FUNCTIONS)
    assert console.ask("GetTemplate", StackName=name)["TemplateBody"] == FUNCTIONS
    console.wait(name)


def test_capabilities_are_announced(console: Console) -> None:
    body = '{"Resources": {"P": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"ManagedPolicyName": "x"}}}}'
    for operation in ("ValidateTemplate", "GetTemplateSummary"):
        answer = console.ask(operation, TemplateBody=body)
        assert answer["Capabilities"] == ["CAPABILITY_NAMED_IAM"]
        assert answer["CapabilitiesReason"] == (
            "The following resource(s) require capabilities: [AWS::IAM::ManagedPolicy]"
        )
