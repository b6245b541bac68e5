"""Keeps a django-q2 cluster alive.

Measured (docs/adr/0002): a cluster whose idle worker is killed can hang for ever, and then ignores SIGTERM. So it
runs as a child in its own process group; each task stamps a heartbeat, the watchdog sends a task now and then, and a
silent cluster is killed and started anew. What it was doing is safe: leases expire and the sweeper rings. The cluster
watches its watchdog in turn, so that `kill -9` of either leaves no process.
"""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from types import FrameType

import structlog
from django.conf import settings
from django.db import Error as DatabaseTrouble
from django.db import connection
from django.utils import timezone
from django_q.tasks import async_task

from portal.workflows.models import Heartbeat
from portal.workflows.sweeper import sweep

log = structlog.get_logger(__name__)
BEAT = "portal.workflows.watchdog.beat"
#: Seconds a cluster gets to finish its step after SIGTERM, before SIGKILL.
GRACE = 15.0
#: Seconds a cluster gets to start on a busy machine, however short the silence that is allowed later.
START = 60.0


def beat() -> None:
    """Stamps the cluster's heartbeat; runs as a task and with every other task."""
    Heartbeat.objects.update_or_create(name="cluster", defaults={"at": timezone.now()})


class Watchdog:
    """Runs until SIGTERM or SIGINT."""

    def __init__(self, *, silence: float) -> None:
        self.silence = silence
        self.stopping = False
        self.started = timezone.now()
        self.cluster: subprocess.Popen[bytes] | None = None

    def watch(self) -> None:
        """Starts the cluster, sweeps, and restarts the cluster when it is dead or silent."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self._start()
        next_sweep = next_beat = time.monotonic()
        try:
            while not self.stopping:
                if time.monotonic() >= next_sweep:
                    self._guarded_sweep()
                    next_sweep = time.monotonic() + settings.WORKFLOW["sweep_every"]
                if time.monotonic() >= next_beat:
                    self._check()
                    next_beat = time.monotonic() + self.silence / 4
                time.sleep(0.2)
        finally:
            self._end()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _start(self) -> None:
        self.started = timezone.now()
        # start_new_session: SIGTERM goes to the cluster's main process only; to the whole group it would hang.
        command = [sys.executable, "manage.py", "cluster", "--parent", str(os.getpid()), "--grace", str(GRACE)]
        self.cluster = subprocess.Popen(  # noqa: S603 - every word is ours
            command,
            cwd=settings.BASE_DIR,
            start_new_session=True,
        )

    def _guarded_sweep(self) -> None:
        try:
            sweep()
        except DatabaseTrouble as error:
            log.warning("sweep_failed", error=type(error).__name__)
            connection.close()

    def _check(self) -> None:
        """Restarts a dead or silent cluster, else asks it for a sign of life."""
        if self.cluster is None or self.cluster.poll() is not None or self._is_silent():
            log.warning("cluster_restarted")
            self._end()
            self._start()
        try:
            async_task(BEAT)
        except DatabaseTrouble:
            connection.close()

    def _is_silent(self) -> bool:
        try:
            seen = Heartbeat.objects.filter(name="cluster").values_list("at", flat=True).first()
        except DatabaseTrouble:
            connection.close()
            return False
        if seen is None or seen < self.started:
            return timezone.now() > self.started + timedelta(seconds=max(self.silence, START))
        return seen < timezone.now() - timedelta(seconds=self.silence)

    def _end(self) -> None:
        """SIGTERM to the main process, and after a grace SIGKILL to its group."""
        if self.cluster is None:
            return
        if self.cluster.poll() is None:
            self.cluster.terminate()
            try:
                self.cluster.wait(GRACE + 2)
            except subprocess.TimeoutExpired:
                log.warning("cluster_killed")
        try:
            os.killpg(self.cluster.pid, signal.SIGKILL)
        except ProcessLookupError:
            log.debug("cluster_gone")
        self.cluster.wait()
