"""What the people's pages need from layers above them, reached by name as tasks are: the outbox, the journal and
the parsers. The static import would turn the layers round; the names are checked by the tests that use them.
"""

from collections.abc import Callable, Collection
from typing import Any, cast
from uuid import UUID

from django.utils.module_loading import import_string

from portal.accounts.models import Organisation, User

Parser = Callable[[object], object]


def write_letter(*, key: str, to: str, subject: str, body: str) -> None:
    """A mail into the outbox, in the caller's transaction; at most one per `key` and address."""
    import_string("portal.workflows.outbox.write")(key=key, to=to, subject=subject, body=body)


def tell(code: str, say: Callable[[], object], *, organisation: Organisation, subject_id: UUID, by: User | str) -> None:
    """An event into the journal; `say` is called once per language."""
    import_string("portal.workflows.journal.tell")(code, say, organisation=organisation, subject_id=subject_id, by=by)


def parse_email(text: object) -> str:
    """The canonical address. Raises a ValueError whose text says what is wrong."""
    return str(import_string("onboarding.inputs.emails.email_address")(text))


def parse_person_name(text: object) -> str:
    """A person's name in NFC. Raises a ValueError whose text says what is wrong."""
    return str(import_string("onboarding.inputs.names.person_name")(text))


def parse_time_zone(text: object) -> str:
    """A canonical IANA time zone. Raises a ValueError whose text says what is wrong."""
    return str(import_string("onboarding.inputs.time_zones.time_zone")(text))


def time_zones() -> Collection[str]:
    """Every time zone that may be chosen."""
    zones: Any = import_string("onboarding.inputs.iana.CANONICAL_ZONES")
    return cast("Collection[str]", zones)
