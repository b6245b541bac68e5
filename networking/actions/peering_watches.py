"""Remembering that somebody has the page of a peering open."""

from django.utils import timezone

from networking.models import Peering, PeeringWatch


def watch_peering(*, peering: Peering) -> None:
    """Notes that an open page asked what is new."""
    PeeringWatch.objects.update_or_create(
        peering=peering, defaults={"organisation_id": peering.organisation_id, "asked_at": timezone.now()}
    )
