"""Letters go out once, in time, and leave no secret behind; a mail server that is down stops nothing else."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django_q.models import OrmQ

from onboarding.letters import tell_people
from portal.accounts.actions import invite
from portal.accounts.states import Role
from portal.workflows import outbox, runner
from portal.workflows.models import Letter, Workflow
from portal.workflows.shapes import Done, Outcome, Work
from tests.people import People, make_deployment
from tests.workflows.conftest import Script, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(db: None) -> Letter:
    outbox.write(key="turn:1", to="ada@customer.example", subject="your turn", body="Choose a region.")
    return Letter.objects.get()


@pytest.fixture
def server_down(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The mail server refuses connections until `undo`."""

    def refuse(*_: object) -> None:
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    return monkeypatch


def due_again() -> None:
    Letter.objects.filter(due_at__isnull=False).update(due_at=Now() - timedelta(seconds=1))


def test_one_event_writes_once_to_one_address(letter: Letter) -> None:
    outbox.write(key="turn:1", to="ada@customer.example", subject="your turn", body="Choose a region.")
    outbox.write(key="turn:1", to="bob@customer.example", subject="your turn", body="Choose a region.")
    assert sorted(Letter.objects.values_list("to", flat=True)) == ["ada@customer.example", "bob@customer.example"]


def test_a_letter_of_what_did_not_happen_is_not_written(db: None) -> None:
    with transaction.atomic():
        outbox.write(key="turn:1", to="ada@customer.example", subject="your turn", body="Choose a region.")
        transaction.set_rollback(True)
    assert (Letter.objects.count(), OrmQ.objects.count()) == (0, 0)


def test_a_letter_is_delivered_once(letter: Letter) -> None:
    assert outbox.deliver() == 1
    due_again()
    assert outbox.deliver() == 0
    assert [(message.subject, message.to) for message in mail.outbox] == [("your turn", ["ada@customer.example"])]


def test_a_mail_server_that_is_down_is_tried_again_with_growing_distance(
    letter: Letter, server_down: pytest.MonkeyPatch
) -> None:
    """F-63."""
    distances = []
    for attempt in range(1, 4):
        assert outbox.deliver() == 0
        row = Letter.objects.get()
        assert (row.attempts, row.sent_at) == (attempt, None)
        distances.append(next(wait for wait in (240, 120, 60, 30, 1) if due_after(wait - 1)))
        due_again()
    assert distances == [30, 60, 120]
    server_down.undo()
    assert outbox.deliver() == 1
    assert len(mail.outbox) == 1


def test_a_letter_that_was_tried_once_is_found_when_its_time_has_come(
    letter: Letter, server_down: pytest.MonkeyPatch
) -> None:
    """The due time that the database writes itself must be found again by what reads it."""
    outbox.deliver()
    server_down.undo()
    Letter.objects.update(due_at=Now())
    assert outbox.deliver() == 1


def test_each_try_has_the_same_message_id(letter: Letter) -> None:
    """A worker died between sending and noting it: the mail server and the reader's program see one message."""
    outbox.deliver()
    Letter.objects.update(sent_at=None, due_at=Now() - timedelta(seconds=1))
    outbox.deliver()
    ids = [message.message()["Message-ID"] for message in mail.outbox]
    assert len(ids) == 2
    assert ids[0] == ids[1]
    assert ids[0].endswith("@127.0.0.1>")


def test_work_goes_on_while_no_mail_can_be_sent(
    workflow: Workflow, script: Script, server_down: pytest.MonkeyPatch
) -> None:
    def act(_work: Work) -> Outcome:
        outbox.write(key="step", to="ada@customer.example", subject="step", body="done")
        return Done()

    script.act = act
    runner.run(workflow.pk)
    outbox.deliver()
    assert fresh(workflow).step == "second"
    assert Letter.objects.get().sent_at is None


def test_a_letter_that_can_never_be_sent_does_not_hold_up_the_others(db: None) -> None:
    outbox.write(key="bad", to="ada@customer.example\nBcc: eve@elsewhere.example", subject="hm", body="hm")
    outbox.write(key="good", to="bob@customer.example", subject="your turn", body="Choose a region.")
    outbox.deliver()
    assert [message.to for message in mail.outbox] == [["bob@customer.example"]]
    for _try in range(10):
        due_again()
        outbox.deliver()
    row = Letter.objects.get(key__startswith="bad")
    assert (row.attempts, row.due_at, row.sent_at) == (outbox.MOST_ATTEMPTS, None, None)


def test_a_letter_is_given_up_after_eight_tries_with_an_alarm(
    letter: Letter, server_down: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for _try in range(outbox.MOST_ATTEMPTS + 2):
        outbox.deliver()
        due_again()
    row = Letter.objects.get()
    assert (row.attempts, row.due_at) == (outbox.MOST_ATTEMPTS, None)
    assert [record.levelname for record in caplog.records].count("ERROR") == 1


def test_nothing_of_a_letters_text_is_kept_once_it_is_sent(people: People) -> None:
    """It may hold an invitation's link, which is the invited person's alone."""
    assert people.owner.user is not None
    invite(
        organisation=people.organisation, email="carol@customer.example", role=Role.VIEWER, by=people.owner.user,
        language="en",
    )  # fmt: skip
    assert "/people/invitation/" in Letter.objects.get().body
    outbox.deliver()
    row = Letter.objects.get()
    assert "/people/invitation/" in str(mail.outbox[0].body)
    assert row.body == ""
    assert row.subject
    page = people.staff.get(f"/admin/workflows/letter/{row.pk}/change/")
    assert page.status_code == 200
    assert "The text was removed when it was sent." in page.content.decode()


def test_a_subject_is_one_line(db: None) -> None:
    outbox.write(key="subject", to="ada@customer.example", subject="one\nline\r\nonly", body="text")
    outbox.deliver()
    assert "\n" not in str(mail.outbox[0].subject)
    assert "\r" not in str(mail.outbox[0].subject)


def due_after(seconds: float) -> bool:
    return Letter.objects.filter(due_at__gt=Now() + timedelta(seconds=seconds)).exists()


def test_a_letter_speaks_its_readers_language(people: People) -> None:
    assert people.owner.user is not None
    people.owner.user.language = "ja"
    people.owner.user.save()
    tell_people(make_deployment(people.organisation), key="k", subject=lambda: _("Cancel"), body=lambda: _("Cancel"))
    assert people.admin.user is not None
    texts = {letter.to: letter.subject for letter in Letter.objects.all()}
    assert "Cancel" in texts[people.admin.user.email]
    assert "Cancel" not in texts[people.owner.user.email]
