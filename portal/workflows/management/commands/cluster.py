"""`manage.py cluster`: django-q2's cluster as the watchdog's child; it does not outlive the watchdog."""

import os
import signal
import time
from argparse import ArgumentParser
from threading import Thread
from typing import Any

from django.core.management.base import BaseCommand
from django_q.cluster import Cluster

#: Seconds between two looks whether the watchdog is still there.
LOOK = 0.5


class Command(BaseCommand):
    help = "The queue's cluster, started by the worker. Ends when the process that started it is gone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--parent", type=int, required=True, help="process id of the watchdog")
        parser.add_argument("--grace", type=float, default=15.0, help="seconds to finish a step before it is killed")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stopping = False
        cluster = Cluster()
        # Its own handler waits for the sentinel for ever, also for one that hangs.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        cluster.start()
        while not self.stopping and cluster.sentinel.is_alive() and os.getppid() == options["parent"]:
            time.sleep(LOOK)
        self._end(cluster, options["grace"])

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def _end(self, cluster: Any, grace: float) -> None:
        """Asks the sentinel to end the others; kills the group when that takes too long, or the sentinel is dead."""
        # In a thread: `set` waits until the sentinel has woken, and one that hangs never does.
        Thread(target=cluster.stop_event.set, daemon=True).start()
        cluster.sentinel.join(grace)
        if cluster.sentinel.exitcode != 0 and os.getpgrp() == os.getpid():
            os.killpg(os.getpid(), signal.SIGKILL)
