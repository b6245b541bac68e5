"""The bootstrap's quick-create link with a test's own values."""

from collections.abc import Iterable

from onboarding.bootstrap.grants import Option
from onboarding.bootstrap.quickcreate import bootstrap_parameters, stack_link
from onboarding.stacks.naming import BOOTSTRAP_STACK


def quick_create_url(
    *,
    region: str,
    template_url: str,
    external_id: str,
    vendor_account_id: str,
    options: Iterable[Option] = (),
    console: str | None = None,
) -> str:
    """The link as the bootstrap page makes it."""
    return stack_link(
        region=region,
        template_url=template_url,
        stack_name=BOOTSTRAP_STACK,
        parameters=bootstrap_parameters(external_id=external_id, vendor_account_id=vendor_account_id, options=options),
        console=console,
    )
