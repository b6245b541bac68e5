"""The quick-create link: the CloudFormation console with a stack filled in.

docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-create-stacks-quick-create-links.html. Names of
parameters are case-sensitive, unknown ones are ignored, and the user can overwrite every value: so the link proves
nothing, and only the probes of the trust do.
"""

from collections.abc import Iterable, Mapping
from urllib.parse import quote, urlsplit

from onboarding.bootstrap.grants import Option


def console_host(region: str) -> str:
    """The console's host for a region of the commercial partition."""
    return f"https://{region}.console.aws.amazon.com"


def bootstrap_parameters(*, external_id: str, vendor_account_id: str, options: Iterable[Option] = ()) -> dict[str, str]:
    """The parameters of the bootstrap's stack: the two values and the customer's switches."""
    chosen = frozenset(options)
    switches = {option.value: "true" if option in chosen else "false" for option in Option}
    return {"ExternalId": external_id, "VendorAccountId": vendor_account_id} | switches


def stack_link(
    *, region: str, template_url: str, stack_name: str, parameters: Mapping[str, str], console: str | None = None
) -> str:
    """The link. `console` replaces the console's address (the demo has a stand-in). Raises ValueError for a template
    that is not behind http(s).
    """
    if urlsplit(template_url).scheme not in {"https", "http"}:
        raise ValueError(f"{template_url!r} is not the address of a template.")
    values = {"templateURL": template_url, "stackName": stack_name}
    values |= {f"param_{name}": value for name, value in parameters.items()}
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in values.items())
    base = (console or console_host(region)).rstrip("/")
    return f"{base}/cloudformation/home?region={quote(region, safe='')}#/stacks/quickcreate?{query}"
