"""Why a command cannot look through a connection, as one line."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import NoCredentialsError, PartialCredentialsError

from portal.aws.models import Connection
from portal.aws.sessions import DoorClosed, WrongAccount
from portal.findings.commands import Unusable


@contextmanager
def through(connection: Connection) -> Iterator[None]:
    """Turns a session that nobody can open into Unusable; what AWS answers stays an AwsProblem."""
    account = connection.account_id
    try:
        yield
    except DoorClosed as closed:
        raise Unusable(f"The connection to {account} is {closed}; no session is opened through it.") from None
    except WrongAccount:
        raise Unusable(f"AWS answered for another account than {account}. The connection is quarantined.") from None
    except (NoCredentialsError, PartialCredentialsError):
        raise Unusable("The portal's own AWS credentials were not found here. Run it where the worker runs.") from None
