"""django-q2's ORM broker with a delay: a message whose lock lies in the future is not picked up before."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from django.utils import timezone
from django_q.brokers.orm import ORM
from django_q.conf import Conf

_delay: ContextVar[float] = ContextVar("delay", default=0.0)


@contextmanager
def delayed(seconds: float) -> Iterator[None]:
    """What is enqueued inside becomes due after `seconds`."""
    token = _delay.set(seconds)
    try:
        yield
    finally:
        _delay.reset(token)


class DelayingBroker(ORM):  # type: ignore[misc]
    """The ORM broker; `enqueue` honours `delayed`."""

    def enqueue(self, task: str) -> int:
        lock = timezone.now() + timedelta(seconds=_delay.get())
        package = self.get_connection().create(key=self.list_key or Conf.CLUSTER_NAME, payload=task, lock=lock)
        return int(package.pk)
