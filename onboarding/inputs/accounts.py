"""AWS account ids, as people type them."""

import re
from collections.abc import Collection

from django.utils.translation import gettext as _

from onboarding.inputs.refusals import line, refuse

_ACCOUNT = re.compile(r"[0-9]{12}")

#: The account ids that AWS's documentation uses in its examples; nobody owns them.
#: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html and the CLI's
#: examples.
SAMPLE_ACCOUNTS = frozenset(
    {
        "012345678901",
        "111122223333",
        "123456789012",
        "210987654321",
        "444455556666",
        "555555555555",
        "777788889999",
        "999999999999",
    }
)


def account_id(text: object, *, vendor_accounts: Collection[str] = (), refuse_samples: bool = False) -> str:
    """The 12 ASCII digits of an AWS account, blanks at the ends removed.

    `vendor_accounts` are the vendor's own and never a customer's; `refuse_samples` is on in production.
    Source: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html
    Raises `Refused` with the codes `account-id.missing`, `.malformed`, `.nobody`, `.vendor`, `.sample`.
    """
    right = _("An AWS account ID is exactly 12 digits, such as 123456789012. Enter it without dashes.")
    typed = line(text, missing=right, code="account-id")
    if _ACCOUNT.fullmatch(typed) is None:
        refuse(right, "account-id.malformed")
    if typed == "0" * 12:
        refuse(
            _("000000000000 is no AWS account. Enter the ID of the account to be onboarded."),
            "account-id.nobody",
        )
    if typed in vendor_accounts:
        refuse(
            _("%(account)s is our own account. Enter the ID of the AWS account that you want to onboard.")
            % {"account": typed},
            "account-id.vendor",
        )
    if refuse_samples and typed in SAMPLE_ACCOUNTS:
        refuse(
            _("%(account)s is a sample from the AWS documentation. Enter the ID of your own account.")
            % {"account": typed},
            "account-id.sample",
        )
    return typed
