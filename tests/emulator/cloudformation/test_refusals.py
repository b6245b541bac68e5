"""What CreateStack refuses before there is a stack.

docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html and
docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html
"""

import threading
from typing import Any

import pytest

from portal.demo.emulator.calls import ServiceError
from tests.emulator.cloudformation.conftest import Console
from tests.emulator.cloudformation.test_creation import TRUST, two_roles

QUEUE: dict[str, Any] = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}


def refusal(console: Console, name: str, template: Any, **parameters: Any) -> tuple[str, str]:
    with pytest.raises(ServiceError) as refused:
        console.create(name, template, **parameters)
    assert console.ask("ListStacks")["StackSummaries"] == []
    return refused.value.code, refused.value.message


def given(**values: str) -> list[dict[str, str]]:
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]


def with_parameter(**declared: Any) -> dict[str, Any]:
    return {"Parameters": {"X": {"Type": "String", **declared}}, **QUEUE}


@pytest.mark.parametrize(
    ("declared", "value", "message"),
    [
        ({"AllowedPattern": "[a-z]+"}, "A1", "Parameter 'X' must match pattern [a-z]+"),
        ({"AllowedPattern": "[a-z]+", "ConstraintDescription": "small letters"}, "A1",
         "Parameter 'X' failed to satisfy constraint: small letters"),
        ({"AllowedValues": ["yes", "no"]}, "maybe", "Parameter 'X' must be one of AllowedValues"),
        ({"MinLength": 2}, "a", "Parameter 'X' must contain at least 2 characters"),
        ({"MaxLength": "2"}, "abc", "Parameter 'X' must contain at most 2 characters"),
        ({"Type": "Number"}, "many", "Parameter 'X' must be a number"),
        ({"Type": "Number", "MinValue": 5}, "4", "Parameter 'X' must be a number not less than 5"),
        ({"Type": "Number", "MaxValue": 5}, "6", "Parameter 'X' must be a number not greater than 5"),
        ({"Type": "List<Number>"}, "1,two", "Parameter 'X' must be a number"),
        ({"Type": "CommaDelimitedList", "AllowedValues": ["a", "b"]}, "a,c",
         "Parameter 'X' must be one of AllowedValues"),
        ({"Type": "AWS::EC2::VPC::Id"}, "mine",
         "Parameter validation failed: parameter value mine for parameter name X does not exist"),
        ({"Type": "Text"}, "x", "Template format error: Unrecognized parameter type: Text"),
    ],
)  # fmt: skip
def test_a_parameter_outside_its_constraints(
    console: Console, name: str, declared: dict[str, Any], value: str, message: str
) -> None:
    answer = refusal(console, name, with_parameter(**declared), Parameters=given(X=value))
    assert answer == ("ValidationError", message)


def test_missing_and_unknown_parameters(console: Console, name: str) -> None:
    assert refusal(console, name, with_parameter()) == ("ValidationError", "Parameters: [X] must have values")
    answer = refusal(console, name, with_parameter(Default="x"), Parameters=given(Y="1"))
    assert answer == ("ValidationError", "Parameters: [Y] do not exist in the template")


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ('{"Resources": ', "Template format error: JSON not well-formed."),
        ("Resources: [", "Template format error: YAML not well-formed."),
        ("just text", "Template format error: unsupported structure."),
        ({"Foo": 1}, "Invalid template property or properties [Foo]"),
        ({"Resources": {}}, "Template format error: At least one Resources member must be defined."),
        ({"Resources": {"A-b": {"Type": "AWS::SQS::Queue"}}},
         "Template format error: Resource name A-b is non alphanumeric."),
        ({"Resources": {"A": {"Type": "AWS::Nothing::Here"}}},
         "Template format error: Unrecognized resource types: [AWS::Nothing::Here]"),
        ({"Resources": {"A": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Ref": "B"}}}}},
         "Template format error: Unresolved resource dependencies [B] in the Resources block of the template"),
        ({"Resources": {"A": {"Type": "AWS::SQS::Queue", "DependsOn": "B"}}},
         "Template format error: Unresolved resource dependencies [B] in the Resources block of the template"),
        ({**QUEUE, "Outputs": {"O": {"Value": {"Fn::GetAtt": ["B", "Arn"]}}}},
         "Template format error: Unresolved resource dependencies [B] in the Outputs block of the template"),
        ({**QUEUE, "Outputs": {"O": {"Value": {"Fn::GetAtt": ["Queue", "Colour"]}}}},
         "Template error: resource Queue does not support attribute type Colour in Fn::GetAtt"),
        ({"Resources": {"A": {"Type": "AWS::SQS::Queue", "DependsOn": "B"},
                        "B": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::Sub": "${A.QueueName}x"}}}}},
         "Circular dependency between resources: [A, B]"),
        ({**QUEUE, "Conditions": {"C": {"Condition": "D"}}},
         "Template format error: Unresolved condition dependency D in the Conditions block"),
    ],
)  # fmt: skip
def test_a_template_that_cannot_be(console: Console, name: str, template: Any, message: str) -> None:
    code, said = refusal(console, name, template)
    assert code == "ValidationError"
    assert said.startswith(message)


def test_a_reference_to_a_resource_whose_condition_is_false(console: Console, name: str) -> None:
    template = {
        "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}},
        "Resources": {
            "A": {"Type": "AWS::SQS::Queue", "Condition": "Never"},
            "B": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Ref": "A"}}},
        },
    }
    assert "Unresolved resource dependencies [A] in the Resources block" in refusal(console, name, template)[1]


def test_a_type_that_aws_has_but_the_emulator_does_not_is_said_plainly(console: Console, name: str) -> None:
    answer = refusal(console, name, {"Resources": {"F": {"Type": "AWS::Lambda::Function"}}})
    assert answer == ("NotEmulated", "The resource type AWS::Lambda::Function is not emulated.")


def test_iam_needs_a_capability_and_named_iam_the_named_one(console: Console, name: str) -> None:
    unnamed = {"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}}}}
    code = "InsufficientCapabilitiesException"
    assert refusal(console, name, unnamed, Capabilities=[]) == (code, "Requires capabilities : [CAPABILITY_IAM]")
    for offered in ([], ["CAPABILITY_IAM"]):
        answer = refusal(console, name, two_roles(name), Capabilities=offered)
        assert answer == (code, "Requires capabilities : [CAPABILITY_NAMED_IAM]")


def test_a_template_body_has_at_most_51200_bytes(console: Console, name: str) -> None:
    body = '{"Description": "", "Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}'
    code, message = refusal(console, name, body + " " * 51_200)
    assert code == "ValidationError"
    assert "less than or equal to 51200" in message
    console.create(name, body + " " * (51_200 - len(body)))
    assert console.wait(name) == "CREATE_COMPLETE"


@pytest.mark.parametrize("wrong", ["1stack", "under_score", "-x", "x" * 129])
def test_a_stack_name_has_a_form(console: Console, wrong: str) -> None:
    code, message = refusal(console, wrong, QUEUE)
    assert code == "ValidationError"
    assert "at 'stackName' failed to satisfy constraint" in message


def test_the_same_token_is_the_same_request(console: Console, name: str) -> None:
    first = console.create(name, QUEUE, ClientRequestToken=f"token-{name}")
    assert console.create(name, QUEUE, ClientRequestToken=f"token-{name}") == first
    for token in ({}, {"ClientRequestToken": "another"}):
        with pytest.raises(ServiceError) as refused:
            console.create(name, QUEUE, **token)
        assert refused.value.code == "AlreadyExistsException"
    with pytest.raises(ServiceError) as refused:
        console.create(f"{name}-b", QUEUE, ClientRequestToken=f"token-{name}")
    assert refused.value.code == "TokenAlreadyExistsException"
    assert console.wait(name) == "CREATE_COMPLETE"
    events = console.ask("DescribeStackEvents", StackName=name)["StackEvents"]
    assert {event["ClientRequestToken"] for event in events} == {f"token-{name}"}


def test_of_many_at_once_one_wins(console: Console, name: str) -> None:
    barrier, made, refused = threading.Barrier(8), [], []

    def create() -> None:
        barrier.wait()
        try:
            made.append(console.create(name, QUEUE))
        except ServiceError as error:
            refused.append(error.code)

    threads = [threading.Thread(target=create) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert refused == ["AlreadyExistsException"] * 7
    assert console.wait(name) == "CREATE_COMPLETE"


def test_an_unknown_property_fails_the_resource(console: Console, name: str) -> None:
    template = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"Colour": "red"}}}}
    console.create(name, template)
    assert console.wait(name) == "ROLLBACK_COMPLETE"
    assert ("Queue", "CREATE_FAILED", "Encountered unsupported property Colour") in console.events(name)


def test_a_missing_property_fails_the_resource(console: Console, name: str) -> None:
    console.create(name, {"Resources": {"Table": {"Type": "AWS::EC2::RouteTable"}}})
    assert console.wait(name) == "ROLLBACK_COMPLETE"
    reason = "Properties validation failed for resource Table with message:\n#: required key [VpcId] not found"
    assert ("Table", "CREATE_FAILED", reason) in console.events(name)


def test_a_property_that_is_not_carried_out_fails_loudly(console: Console, name: str) -> None:
    properties = {"WebsiteConfiguration": {"IndexDocument": "index.html"}}
    console.create(name, {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": properties}}})
    assert console.wait(name) == "ROLLBACK_COMPLETE"
    reason = "Property WebsiteConfiguration of AWS::S3::Bucket is not emulated."
    assert ("Bucket", "CREATE_FAILED", reason) in console.events(name)


def test_an_unknown_key_deep_inside_fails_too(console: Console, name: str) -> None:
    properties = {"VersioningConfiguration": {"Status": "Enabled", "Colour": "red"}}
    console.create(name, {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": properties}}})
    assert console.wait(name) == "ROLLBACK_COMPLETE"
    assert ("Bucket", "CREATE_FAILED", "Encountered unsupported property Colour") in console.events(name)


def test_a_function_that_is_not_evaluated_is_said_plainly(console: Console, name: str) -> None:
    template = {"Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::Length": [1]}}}}}
    assert refusal(console, name, template) == ("NotEmulated", "The intrinsic function Fn::Length is not emulated.")


def test_other_operations_are_not_emulated(console: Console) -> None:
    with pytest.raises(ServiceError) as refused:
        console.ask("CreateChangeSet")
    assert refused.value.code == "NotEmulated"
