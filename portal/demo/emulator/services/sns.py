"""SNS: a topic reaches a queue of another account.

https://docs.aws.amazon.com/sns/latest/dg/sns-send-message-to-sqs-cross-account.html
"""

from collections.abc import Mapping
from typing import Any

from portal.demo.emulator.calls import Call
from portal.demo.emulator.world import World


def subscribe(world: World, call: Call) -> Mapping[str, Any]:
    """moto delivers into the topic's account; AWS into the one that the queue's ARN names."""
    result = world.moto.perform("sns", "Subscribe", call.parameters, call.account, call.region)
    if call.parameters.get("Protocol") == "sqs":
        topics = world.moto.backend("sns", call.account, call.region)
        subscription = topics.subscriptions.get(result["SubscriptionArn"])
        if subscription is not None:
            subscription.account_id = str(call.parameters["Endpoint"]).split(":")[4]
    return result


OPERATIONS = {"Subscribe": subscribe}
