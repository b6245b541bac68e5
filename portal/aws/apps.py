from django.apps import AppConfig


class AwsConfig(AppConfig):
    name = "portal.aws"
    label = "aws"
    default_auto_field = "django.db.models.BigAutoField"
