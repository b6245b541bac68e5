"""Doors of portal/demo. The demo has no secrets: everything is open, and nothing of it exists in production."""

import uuid

from tests.metatests.doors.shapes import Door

STACK = {
    "account": lambda scene: "222222222222",
    "region": lambda scene: "us-east-1",
    "name": lambda scene: "no-such-stack",
    "key": lambda scene: uuid.UUID(int=1),
}
OPEN, NOT_POSTED = "200 " * 6, "405 " * 6
MISSING = "404 " * 6

DOORS = (
    Door("demo:start", get=OPEN, post=NOT_POSTED),
    Door("demo:mailbox", get=OPEN, post=NOT_POSTED),
    Door("demo:codes", get=OPEN, post=NOT_POSTED),
    Door("demo:code", get=OPEN, post=NOT_POSTED),
    Door("demo:console", get=OPEN, post=NOT_POSTED),
    Door("demo:console_home", get=OPEN, post=NOT_POSTED),
    # A link without account and template proposes nothing.
    Door("demo:quick_create_stack", get="422 " * 6, post="422 " * 6),
    Door("demo:stack_list", get=OPEN, post=NOT_POSTED),
    Door("demo:stack_by_link", get="302 " * 6, post=NOT_POSTED),
    Door("demo:stack", get=MISSING, post=NOT_POSTED, with_=STACK),
    Door("demo:stack_progress", get=MISSING, post=NOT_POSTED, with_=STACK),
    # As DeleteStack: deleting what is not there is no error.
    Door("demo:delete_stack", get=NOT_POSTED, post="302 " * 6, with_=STACK),
    Door("demo:styleguide", get=OPEN, post=NOT_POSTED),
    Door("demo:console_elsewhere", get=OPEN, post=NOT_POSTED, with_={"page": lambda _scene: "servicequotas/home"}),
)
