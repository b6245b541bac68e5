from datetime import timedelta

from django.apps import AppConfig
from django.conf import settings


class DemoConfig(AppConfig):
    name = "portal.demo"
    label = "demo"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.demo import control_plane
        from portal.workflows import housekeeping

        # Tests take the control plane's turns themselves.
        if settings.MODE == "demo":
            housekeeping.register(housekeeping.Chore("control plane", timedelta(seconds=3), control_plane.turn))
