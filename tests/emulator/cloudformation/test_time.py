"""Nothing is complete at once: durations by the clock, timeouts, waves."""

import time

from tests.emulator.cloudformation.conftest import Console

PARALLEL = {
    "Resources": {
        "A": {"Type": "AWS::SQS::Queue"},
        "B": {"Type": "AWS::SQS::Queue"},
        "C": {"Type": "AWS::SQS::Queue", "DependsOn": ["A", "B"]},
    }
}


def test_a_resource_takes_the_time_of_its_type_by_the_clock(endpoint: str, name: str) -> None:
    console = Console(endpoint, {"AWS::SQS::Queue": 3600.0})
    console.create(name, PARALLEL)
    console.wait_until_made(name, "B")
    time.sleep(0.5)
    assert console.stack(name)["StackStatus"] == "CREATE_IN_PROGRESS"
    assert [event[:2] for event in console.events(name)[1:]] == [
        ("A", "CREATE_IN_PROGRESS"),
        ("B", "CREATE_IN_PROGRESS"),
        ("A", "CREATE_IN_PROGRESS"),
        ("B", "CREATE_IN_PROGRESS"),
    ]
    console.clock.advance(3601)
    console.wait_until_made(name, "C")
    console.clock.advance(3601)
    assert console.wait(name) == "CREATE_COMPLETE"
    console.app.close()


def test_a_stack_that_takes_too_long_rolls_back(endpoint: str, name: str) -> None:
    console = Console(endpoint, {"AWS::SQS::Queue": 3600.0})
    console.create(name, PARALLEL, TimeoutInMinutes=10)
    console.wait_for(name, "B", "CREATE_IN_PROGRESS")
    console.clock.advance(601)
    console.wait_for(name, name, "ROLLBACK_IN_PROGRESS")
    reasons = {event[1]: event[2] for event in console.events(name) if event[0] == name}
    assert reasons["ROLLBACK_IN_PROGRESS"] == (
        "Stack creation time exceeded the specified timeout. Rollback requested by user."
    )
    assert console.wait(name) == "ROLLBACK_COMPLETE"
    console.app.close()


def test_events_are_newest_first_and_paged(endpoint: str, name: str) -> None:
    console = Console(endpoint, {"AWS::SQS::Queue": 0.0})
    queues = {f"Q{number:02}": {"Type": "AWS::SQS::Queue"} for number in range(35)}
    console.create(name, {"Resources": queues})
    assert console.wait(name, 60) == "CREATE_COMPLETE"
    first = console.ask("DescribeStackEvents", StackName=name)
    second = console.ask("DescribeStackEvents", StackName=name, NextToken=first["NextToken"])
    assert "NextToken" not in second
    events = first["StackEvents"] + second["StackEvents"]
    assert len(events) == 2 + 3 * 35
    times = [event["Timestamp"] for event in events]
    assert times == sorted(times, reverse=True)
    assert (events[0]["ResourceStatus"], events[0]["ResourceType"]) == ("CREATE_COMPLETE", "AWS::CloudFormation::Stack")
    assert events[0]["PhysicalResourceId"] == console.stack(name)["StackId"]
    console.app.close()
