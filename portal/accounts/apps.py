from typing import cast

from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    label = "accounts"
    verbose_name = _("People and organisations")

    def ready(self) -> None:
        from portal.accounts import keys

        # Before autodiscover asks for the site: this app is ready before the admin is.
        cast("AdminConfig", apps.get_app_config("admin")).default_site = "portal.accounts.desk.SupportDesk"
        post_migrate.connect(keys.install, dispatch_uid="tenant-keys")
