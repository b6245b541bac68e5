"""Row 25: an External ID that somebody posts is ignored, and logged."""

import pytest
from django.urls import reverse
from structlog.testing import capture_logs

from onboarding.models import Deployment
from portal.accounts.formkeys import new_key
from portal.aws.models import Connection
from tests.people import People


@pytest.mark.parametrize("field", ["external_id", "ExternalId"])
def test_a_posted_external_id_is_ignored_and_logged(people: People, deployment: Deployment, field: str) -> None:
    fields = {
        "name": deployment.name,
        "account_id": "210000000017",
        "account_kind": "dedicated",
        "version": deployment.version,
        "form_key": new_key(),
        field: "byoc-chosen-by-me",
    }
    with capture_logs() as lines:
        answer = people.owner.post(reverse("onboarding:account", args=[deployment.pk]), fields)
    assert answer.status_code == 302
    assert Connection.objects.get().external_id != "byoc-chosen-by-me"
    assert [line["event"] for line in lines].count("external_id_posted") == 1
