from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NetworkingConfig(AppConfig):
    name = "networking"
    verbose_name = _("Networking")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from networking import plans

        plans.register()
