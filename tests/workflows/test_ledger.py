"""Each intent has at most one live effect. The judge is the journal that the emulated AWS keeps by itself."""

import threading
import time
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ParamValidationError
from django.db import OperationalError

from portal.aws.errors import AwsProblem, Refused
from portal.aws.models import Connection
from portal.findings.languages import heard
from portal.workflows import actions, leases, ledger
from portal.workflows.models import Intent, Workflow
from portal.workflows.shapes import Declined, Effect, Puzzling, Settled, Settlement, Unsettled, Work
from portal.workflows.states import EffectClass, IntentState
from tests.emulators import Emulator, JournalReader
from tests.workflows.conftest import claimed, fresh, in_thread
from tests.workflows.networks import CIDR, make_vpc, root, tagged, vpc_effect

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(aws_env: Emulator, workflow: Workflow) -> Work:
    return claimed(workflow)


@pytest.fixture
def account(link: Connection) -> str:
    return link.account_id


def settle(work: Work, effect: Effect, *, within: float = 10.0) -> Settlement:
    """Performs the effect again and again, as the runs of a worker would, until it is decided."""
    end = time.monotonic() + within
    while isinstance(settlement := ledger.perform(work, effect), Unsettled):
        assert time.monotonic() < end, Intent.objects.get().state
        time.sleep(min(settlement.seconds, 0.2))
    return settlement


def test_one_intent_one_send_one_result(work: Work, account: str, journal: JournalReader) -> None:
    first = ledger.perform(work, vpc_effect(account))
    again = ledger.perform(work, vpc_effect(account))
    sent = journal.of(account, "CreateVpc")
    assert [entry.outcome for entry in sent] == ["ok"]
    assert isinstance(first, Settled)
    assert isinstance(again, Settled)
    assert first.result["id"] == again.result["id"] == sent[0].result["Vpc"]["VpcId"]
    intent = Intent.objects.get()
    assert (intent.state, intent.sends, intent.fence, intent.adopted) == (IntentState.DONE, 1, work.fence, False)
    assert intent.request_id == sent[0].request_id
    assert intent.sent_at is not None
    assert intent.settled_at is not None


@pytest.mark.django_db(transaction=True)
def test_the_intent_is_committed_as_sent_before_the_call_leaves(work: Work, account: str) -> None:
    seen: list[tuple[str, int]] = []

    def look() -> None:
        seen.extend(Intent.objects.values_list("state", "fence"))

    def call(intent: Intent) -> Mapping[str, str]:
        stranger = threading.Thread(target=in_thread(look))
        stranger.start()
        stranger.join()
        return make_vpc(account, intent)

    ledger.perform(work, vpc_effect(account, call=call))
    assert seen == [(IntentState.IN_FLIGHT, work.fence)]


def test_what_carries_our_tag_is_adopted_and_nothing_is_sent(work: Work, account: str, journal: JournalReader) -> None:
    intent = planned(work)
    mine = root(account).create_vpc(CidrBlock=CIDR, TagSpecifications=tagged(intent.pk))["Vpc"]["VpcId"]
    settlement = ledger.perform(work, vpc_effect(account))
    assert settlement == Settled({"id": mine}, adopted=True)
    assert len(journal.of(account, "CreateVpc")) == 1
    assert Intent.objects.get().adopted


def test_a_stranger_in_its_place_stops_for_a_human(work: Work, account: str, journal: JournalReader) -> None:
    stranger = root(account).create_vpc(CidrBlock=CIDR)["Vpc"]["VpcId"]
    settlement = ledger.perform(work, vpc_effect(account))
    assert isinstance(settlement, Puzzling)
    assert settlement.objects == (stranger,)
    assert stranger in heard(settlement.reason, "")
    assert len(journal.of(account, "CreateVpc")) == 1


def test_two_of_ours_stop_for_a_human_and_both_are_named(work: Work, account: str) -> None:
    intent = planned(work)
    ids = {
        root(account).create_vpc(CidrBlock=CIDR, TagSpecifications=tagged(intent.pk))["Vpc"]["VpcId"] for _ in range(2)
    }
    settlement = ledger.perform(work, vpc_effect(account))
    assert isinstance(settlement, Puzzling)
    assert set(settlement.objects) == ids
    assert all(name in heard(settlement.reason, "") for name in ids)


def test_another_request_under_the_same_key_stops_for_a_human(work: Work, account: str, journal: JournalReader) -> None:
    ledger.perform(work, vpc_effect(account))
    assert isinstance(ledger.perform(work, vpc_effect(account, cidr="10.91.0.0/16")), Puzzling)
    assert len(journal.of(account, "CreateVpc")) == 1


@pytest.mark.parametrize("fault", ["cut-after", "500-after", "503-after", "timeout-after"])
def test_a_lost_answer_is_adopted_and_never_sent_again(
    work: Work, account: str, aws_env: Emulator, journal: JournalReader, fault: str
) -> None:
    aws_env.control.order(fault, account=account, operation="CreateVpc", seconds=0)
    assert isinstance(ledger.perform(work, vpc_effect(account)), Unsettled)
    assert Intent.objects.get().state == IntentState.UNKNOWN
    settlement = settle(work, vpc_effect(account))
    sent = journal.of(account, "CreateVpc")
    assert [(entry.outcome, entry.delivered) for entry in sent] == [("ok", False)]
    assert settlement == Settled({"id": sent[0].result["Vpc"]["VpcId"]}, adopted=True)


@pytest.mark.parametrize("fault", ["cut-before", "500", "503"])
def test_what_had_no_effect_is_sent_again_only_when_the_window_is_over(
    work: Work, account: str, aws_env: Emulator, journal: JournalReader, fault: str
) -> None:
    aws_env.control.order(fault, account=account, operation="CreateVpc")
    began = time.monotonic()
    settlement = settle(work, vpc_effect(account))
    assert time.monotonic() - began >= 1.0
    assert isinstance(settlement, Settled)
    assert len(journal.effects(account, "CreateVpc")) == 1
    assert Intent.objects.get().sends == 2


def test_nothing_is_made_twice_while_the_effect_cannot_be_seen_yet(
    work: Work, account: str, aws_env: Emulator, journal: JournalReader
) -> None:
    """The answer is lost and the new VPC is invisible at first: F-21 beside F-15."""
    aws_env.control.order("delayed-visibility", account=account, operation="CreateVpc", seconds=0.6)
    ledger.perform(work, vpc_effect(account, call=lost_answer(account)))
    settlement = settle(work, vpc_effect(account))
    assert isinstance(settlement, Settled)
    assert settlement.adopted
    assert len(journal.effects(account, "CreateVpc")) == 1


def test_the_window_of_what_aws_remembers_itself_is_shorter(work: Work, account: str, settings: Any) -> None:
    settings.WORKFLOW = {**settings.WORKFLOW, "window": 300.0, "window_first": 0.02}
    for effect_class, over in ((EffectClass.OBSERVABLE, False), (EffectClass.NATURAL, True), (EffectClass.TOKEN, True)):
        intent = planned(work, effect_class=effect_class, key=f"vpc:{effect_class}")
        ledger._commit_in_flight(work, intent)
        time.sleep(0.15)
        assert ledger.window_is_over(intent) is over


def test_the_window_closes_by_the_databases_clock(
    work: Work, account: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host whose clock is ten minutes ahead must not believe that the window is over (F-27)."""
    from datetime import timedelta

    from django.utils import timezone

    settings.WORKFLOW = {**settings.WORKFLOW, "window": 300.0}
    intent = planned(work)
    ledger._commit_in_flight(work, intent)
    ahead = timezone.now() + timedelta(minutes=10)
    monkeypatch.setattr(timezone, "now", lambda: ahead)
    assert not ledger.window_is_over(intent)


def test_a_dangerous_effect_is_never_repeated_by_the_machine(
    work: Work, account: str, aws_env: Emulator, journal: JournalReader
) -> None:
    aws_env.control.order("cut-before", account=account, operation="CreateVpc")
    effect = vpc_effect(account, effect_class=EffectClass.DANGEROUS)
    assert isinstance(settle(work, effect), Puzzling)
    assert isinstance(ledger.perform(work, effect), Puzzling)
    assert len(journal.of(account, "CreateVpc")) == 1


def test_a_human_may_have_a_dangerous_effect_sent_again(
    work: Work, account: str, aws_env: Emulator, journal: JournalReader, people: Any
) -> None:
    aws_env.control.order("cut-before", account=account, operation="CreateVpc")
    effect = vpc_effect(account, effect_class=EffectClass.DANGEROUS)
    settle(work, effect)
    staff = people.staff.user
    actions.hand_to_human(workflow=work.workflow, by=staff, reason="it left no trace")
    actions.ring_again(workflow=work.workflow, by=staff, reason="looked: it is not there")
    assert isinstance(ledger.perform(claimed(fresh(work.workflow)), effect), Settled)
    assert len(journal.effects(account, "CreateVpc")) == 1


def test_what_is_unclear_each_time_stops_for_a_human(
    work: Work, account: str, aws_env: Emulator, journal: JournalReader
) -> None:
    order = aws_env.control.order("cut-before", account=account, operation="CreateVpc", times=None)
    effect = vpc_effect(account, effect_class=EffectClass.NATURAL)
    assert isinstance(settle(work, effect), Puzzling)
    aws_env.control.withdraw(order)
    assert len(journal.of(account, "CreateVpc")) == ledger.MOST_SENDS


def test_throttling_plans_it_again_and_costs_no_try(
    work: Work, account: str, aws_env: Emulator, journal: JournalReader
) -> None:
    aws_env.control.order("throttle", account=account, operation="CreateVpc", times=5)
    for _ in range(5):
        assert isinstance(ledger.perform(work, vpc_effect(account)), Unsettled)
        intent = Intent.objects.get()
        assert (intent.state, intent.sends) == (IntentState.PLANNED, 0)
    assert isinstance(ledger.perform(work, vpc_effect(account)), Settled)
    assert len(journal.effects(account, "CreateVpc")) == 1


def test_a_look_that_fails_before_the_call_costs_no_try(
    work: Work, account: str, aws_env: Emulator, journal: JournalReader
) -> None:
    """The call was not sent: neither a try nor a window of waiting is lost."""
    aws_env.control.order("throttle", account=account, operation="DescribeVpcs")
    with pytest.raises(AwsProblem):
        ledger.perform(work, vpc_effect(account))
    intent = Intent.objects.get()
    assert (intent.state, intent.sends) == (IntentState.PLANNED, 0)
    assert journal.of(account, "CreateVpc") == []
    assert isinstance(ledger.perform(work, vpc_effect(account)), Settled)


@pytest.mark.parametrize("code", ["ExpiredToken", "ExpiredTokenException", "RequestExpired"])
def test_an_expired_session_goes_on_with_the_same_intent(
    work: Work, account: str, aws_env: Emulator, journal: JournalReader, code: str
) -> None:
    assert isinstance(ledger.perform(work, refused_once(account, code)), Unsettled)
    intent = Intent.objects.get()
    assert (intent.state, intent.sends) == (IntentState.PLANNED, 0)
    assert isinstance(ledger.perform(work, vpc_effect(account)), Settled)
    assert len(journal.effects(account, "CreateVpc")) == 1


def test_a_clock_that_is_off_is_no_refusal_of_the_effect(work: Work, account: str) -> None:
    with pytest.raises(Refused, match="RequestTimeTooSkewed"):
        ledger.perform(work, refused_once(account, "RequestTimeTooSkewed"))
    assert Intent.objects.get().state == IntentState.PLANNED


def test_a_refusal_is_kept_with_awss_words_until_somebody_mends_it(
    work: Work, account: str, journal: JournalReader
) -> None:
    effect = refused_once(account, "VpcLimitExceeded")
    assert ledger.perform(work, effect) == Declined("VpcLimitExceeded", "said AWS", "req-1")
    assert ledger.perform(work, vpc_effect(account)) == Declined("VpcLimitExceeded", "said AWS", "req-1")
    assert journal.of(account, "CreateVpc") == []
    assert ledger.reopen(work.workflow) == 1
    assert isinstance(ledger.perform(work, vpc_effect(account)), Settled)


def test_a_call_that_we_made_wrongly_is_our_bug_and_stays_loud(work: Work, account: str) -> None:
    def wrong(_intent: Intent) -> Mapping[str, str]:
        root(account).create_vpc(Cidr=CIDR)
        raise AssertionError

    with pytest.raises(ParamValidationError):
        ledger.perform(work, vpc_effect(account, call=wrong))


def test_no_call_is_made_when_the_ledger_cannot_be_written(
    work: Work, account: str, journal: JournalReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk stops the work before AWS is asked for anything (F-54)."""

    def full(*_: object, **__: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(ledger, "_commit_in_flight", full)
    with pytest.raises(OperationalError):
        ledger.perform(work, vpc_effect(account))
    assert journal.of(account, "CreateVpc") == []


def test_whoever_lost_the_lease_plans_and_sends_nothing(work: Work, account: str, journal: JournalReader) -> None:
    Workflow.objects.filter(pk=work.workflow.pk).update(fence=work.fence + 1)
    with pytest.raises(leases.LeaseLost):
        ledger.perform(work, vpc_effect(account))
    assert not Intent.objects.exists()
    assert journal.of(account, "CreateVpc") == []


def planned(work: Work, *, effect_class: EffectClass = EffectClass.OBSERVABLE, key: str = "vpc:create") -> Intent:
    """The committed intent of `vpc_effect`, as a run leaves it that dies right after."""
    return Intent.objects.create(
        organisation_id=work.workflow.organisation_id,
        workflow=work.workflow,
        key=key,
        action="ec2:CreateVpc",
        effect_class=effect_class,
        request_hash=ledger.fingerprint({"cidr": CIDR}),
    )


def lost_answer(account: str) -> Any:
    """The call with its effect, and an answer that never arrives."""
    from portal.aws.errors import Unclear

    def call(intent: Intent) -> Mapping[str, str]:
        make_vpc(account, intent)
        raise Unclear("ec2:CreateVpc", "ConnectionClosedError", "closed")

    return call


def refused_once(account: str, code: str) -> Effect:
    def call(_intent: Intent) -> Mapping[str, str]:
        raise Refused("ec2:CreateVpc", code, "said AWS", "req-1")

    return vpc_effect(account, call=call)
