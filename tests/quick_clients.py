"""Makes AWS clients quickly: the methods of a service's client are made once per test process.

botocore makes them, more than 700 for EC2, anew for each client, and a walk needs hundreds of clients. They hold
nothing of the client (`self` comes with the call), so all clients of a service may have the same.
"""

from collections.abc import Callable
from typing import Any

from botocore.client import ClientCreator
from botocore.model import ServiceModel

type Methods = dict[str, Callable[..., Any]]

_known: dict[tuple[str, str], Methods] = {}
_really = ClientCreator._create_methods


def _create_methods(creator: ClientCreator, service_model: ServiceModel) -> Methods:
    """A copy: what a service's class is given besides, such as S3's `upload_file`, is put into it."""
    key = (service_model.service_name, service_model.api_version)
    if key not in _known:
        _known[key] = _really(creator, service_model)
    return dict(_known[key])


def install() -> None:
    """From now on in this process, for the portal's clients and the tests' own."""
    ClientCreator._create_methods = _create_methods
