from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AwsConfig(AppConfig):
    name = "portal.aws"
    label = "aws"
    verbose_name = _("AWS accounts and calls")
    default_auto_field = "django.db.models.BigAutoField"
