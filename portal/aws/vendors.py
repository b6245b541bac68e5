"""The vendor's own AWS accounts, which are never a customer's."""

from django.conf import settings

#: Production and the account that holds customer keys, beside the configured one.
#: https://github.com/ClickHouse/terraform-byoc-onboarding, modules/aws/main.tf
KNOWN = frozenset({"426924874929", "381492293576"})


def vendor_accounts() -> frozenset[str]:
    """Every account that is the vendor's."""
    return KNOWN | {settings.VENDOR_ACCOUNT_ID}
