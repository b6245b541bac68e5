"""Whether the portal is well, for whatever watches it from outside."""

from datetime import datetime

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.accounts.gate import public
from portal.workflows.models import Heartbeat


@public
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """`{"database": "ok", "worker_seen": 12, "sweeper_seen": 3}`: seconds since each was last seen, null for never.

    503 when the database does not answer. A silent worker is told and not a failure of this process: a load balancer
    that took the web process out for it would make things worse.
    """
    try:
        beats = dict(Heartbeat.objects.values_list("name", "at"))
    except DatabaseError:
        return JsonResponse({"database": "away", "worker_seen": None, "sweeper_seen": None}, status=503)
    worker, sweeper = (_seconds_since(beats.get(name)) for name in ("cluster", "sweeper"))
    return JsonResponse({"database": "ok", "worker_seen": worker, "sweeper_seen": sweeper})


def _seconds_since(moment: datetime | None) -> int | None:
    return None if moment is None else max(0, int((timezone.now() - moment).total_seconds()))
