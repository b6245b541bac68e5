"""What the arguments of a command name."""

from onboarding.models import Deployment
from portal.aws.models import Connection
from portal.findings.commands import Unusable, identity


def deployment_at(connection: str) -> Deployment:
    """The newest deployment on the connection with this id; its `connection` is that one. Raises Unusable."""
    wanted = identity(connection)
    found: Deployment | None = (
        Deployment.objects.select_related("connection", "organisation")
        .filter(connection_id=wanted)
        .order_by("-created_at")
        .first()
    )
    if found is not None:
        return found
    if Connection.objects.filter(pk=wanted).exists():
        raise Unusable(f"No deployment uses the connection {wanted}.")
    raise Unusable(f"There is no connection with the id {wanted}.")
