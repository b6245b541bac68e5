from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    label = "accounts"
    verbose_name = _("People and organisations")

    def ready(self) -> None:
        from portal.accounts import keys  # noqa: PLC0415 - models are ready only here

        post_migrate.connect(keys.install, dispatch_uid="tenant-keys")
