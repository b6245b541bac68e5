"""The link to a customer's account and the record of every call made through it."""

from portal.aws.models.calls import CallRecord
from portal.aws.models.connections import Connection, new_external_id

__all__ = ["CallRecord", "Connection", "new_external_id"]
