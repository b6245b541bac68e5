"""Makes the demo's database, static files and seeded world; runs at every start and changes only what is missing."""

import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.demo import aws
from portal.demo.emulator.control import Control
from portal.demo.environment import PREPARED
from portal.demo.seeds.portal import seed_portal
from portal.demo.seeds.world import Found, seed_world

NOTICE = "notice.txt"
STATIC = {"staticfiles": {"BACKEND": "portal.demo.static.QuickStorage"}}


class Command(BaseCommand):
    """Run by the supervisor while the emulator starts."""

    help = "Prepares the demo's database, static files and emulated accounts."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE != "demo":
            raise CommandError("demo_setup runs only with PORTAL_MODE=demo: it makes people with known passwords.")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        # This process ends after it, so nobody else sees the other storage.
        settings.STORAGES = {**settings.STORAGES, **STATIC}
        call_command("collectstatic", interactive=False, verbosity=0)
        first = seed_portal()
        # From here on the supervisor may start web and worker: what follows happens in the emulator alone.
        (settings.DEMO_DIR / PREPARED).touch()
        Control(aws.endpoint()).wait_ready(30)
        world = seed_world()
        _tell("" if first or world is Found.THERE else LOST)


LOST = (
    "Note: the emulated AWS accounts did not survive the last stop and were seeded again. What the portal knows of"
    " them is older than they are; RESET=1 starts both over."
)


def _tell(notice: str) -> None:
    (settings.DEMO_DIR / "logs").mkdir(exist_ok=True)
    (settings.DEMO_DIR / "logs" / NOTICE).write_text(notice)
    if notice:
        sys.stdout.write(f"{notice}\n")
