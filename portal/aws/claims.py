"""Who has proven an AWS account: one tenant, whatever the account is linked for.

The database holds it for two links of one purpose (`aws_account_proven_once`). Links of different purposes are compared
here, while all rows of the account are locked, so that two proofs at the same moment come one after the other.
"""

from portal.aws.models import Connection
from portal.aws.states import ConnectionState

#: States in which a proven link holds its account.
HOLDING = (ConnectionState.PROVEN, ConnectionState.INSECURE, ConnectionState.LOST)


def is_claimed_elsewhere(link: Connection) -> bool:
    """Whether another tenant has proven the account of `link`. The rows stay locked until the transaction ends."""
    rows = Connection.objects.select_for_update(no_key=True).filter(account_id=link.account_id).order_by("pk")
    return any(
        row.organisation_id != link.organisation_id and row.proven_at is not None and row.state in HOLDING
        for row in rows
    )
