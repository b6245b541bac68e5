"""EKS, as far as it is read: https://docs.aws.amazon.com/eks/latest/APIReference/"""

from portal.aws.errors import speaking
from portal.aws.sessions import AccountSession


def cluster_names(session: AccountSession, region: str) -> list[str]:
    """The names of the account's clusters in a region."""
    paginator = session.reader("eks", region).get_paginator("list_clusters")
    with speaking("eks:ListClusters"):
        return [name for page in paginator.paginate() for name in page["clusters"]]
