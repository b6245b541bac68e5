"""Components as text: what they must say for every value they can be given."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import timezone

from onboarding.models import Deployment
from portal.accounts.models import Organisation
from portal.findings.shapes import Evidence, Finding, Level
from portal.workflows.states import Turn

SEEN = datetime(2026, 11, 23, 3, 4, 5, tzinfo=UTC)


def words(html: str) -> str:
    """The text a reader sees or hears."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def listed(*findings: Finding) -> str:
    return Template("{% load findings %}{% findings_list findings %}").render(Context({"findings": findings}))


@pytest.mark.parametrize("turn", list(Turn))
def test_every_turn_has_its_word_and_an_icon(turn: Turn) -> None:
    html = render_to_string("components/_turn.html", {"turn": turn})
    assert words(html) == str(turn.label)
    assert html.count("<svg") == 1
    assert render_to_string("components/_turn.html", {"turn": turn.value}) == html


@pytest.mark.parametrize("level", list(Level))
def test_every_level_has_its_word_and_an_icon(level: Level) -> None:
    html = listed(Finding(code="a.b", level=level, message="It is so."))
    assert words(html).startswith(level.value)
    assert "<svg" in html


def test_findings_come_worst_first_with_ids_whole_and_remedy() -> None:
    arn = "arn:aws:iam::222222222222:role/ClickHouseManagementRole"
    html = listed(
        Finding(code="a.passed", level=Level.PASSED, message="Fine."),
        Finding(
            code="a.failed", level=Level.FAILED, message="Broken <b>", resources=(arn,), remedy="Do this.", seen_at=SEEN
        ),
    )
    assert html.index("a.failed") < html.index("a.passed")
    assert f"<code>{arn}</code>" in html
    assert f'data-copy="{arn}"' in html
    assert "Broken &lt;b&gt;" in html
    assert "Do this." in html
    assert 'title="2026-11-23 03:04:05 UTC"' in html


def test_a_remedy_that_is_only_a_slug_is_not_shown_as_a_sentence() -> None:
    assert "add-route" not in listed(Finding(code="a.b", level=Level.FAILED, message="No.", remedy="add-route"))


@pytest.mark.parametrize(
    ("evidence", "word"),
    [
        (Evidence.DECLARED, "stated by you"),
        (Evidence.SIMULATED, "simulated by AWS"),
        (Evidence.DRY_RUN, "tried as a dry run"),
        (Evidence.OBSERVED, "observed"),
    ],
)
def test_the_strength_of_evidence_is_said(evidence: Evidence, word: str) -> None:
    assert word in words(listed(Finding(code="a.b", level=Level.PASSED, message="Fine.", evidence=evidence)))


def test_no_findings_is_said_too() -> None:
    assert "Nothing has been looked at yet" in listed()


def test_a_code_anchors_only_its_first_finding() -> None:
    twice = [Finding(code="a.b", level=Level.FAILED, message=text) for text in ("One.", "Two.")]
    assert listed(*twice).count('id="a.b"') == 1


@dataclass(frozen=True)
class Entry:
    title: str
    state: str
    turn: Turn | None = None
    url: str = ""


def test_steps_say_their_state_in_words_and_link_only_elsewhere() -> None:
    steps = [
        Entry("Account", "done", Turn.YOU, "/a"),
        Entry("Roles", "failed", Turn.US, "/b"),
        Entry("Plan", "now", Turn.YOU, "/c"),
        Entry("Launch", "next", Turn.AWS),
    ]
    html = render_to_string("components/_steps.html", {"steps": steps, "current": "Plan"})
    text = words(html)
    assert [text.count(word) for word in ("done", "failed", "current step", "still to come")] == [1, 1, 1, 1]
    assert text.count("your turn") == 1  # a finished step and one to come are nobody's turn
    assert 'href="/a"' in html
    assert 'href="/c"' not in html
    assert html.count('aria-current="step"') == 1


@pytest.mark.parametrize(("percent", "value"), [(0, 'value="0"'), (58, 'value="58"'), (None, "")])
def test_progress_tells_how_far_or_that_it_cannot_tell(percent: int | None, value: str) -> None:
    html = render_to_string("components/_progress.html", {"title": "Launch", "percent": percent, "now": "Waiting"})
    bar = re.search(r"<progress[^>]*>", html)
    assert bar
    assert ("value=" in bar.group()) == bool(value)
    assert value in bar.group()
    assert "Waiting" in html


def test_a_stall_shows_its_cause_and_what_aws_said_is_text() -> None:
    context = {"title": "x", "percent": 3, "stalled": "AWS throttles us.", "said": "<script>", "since": timezone.now()}
    html = render_to_string("components/_progress.html", context)
    assert "Slower than usual. AWS throttles us." in words(html)
    assert "&lt;script&gt;" in html


def test_a_confirmation_asks_for_the_phrase_and_repeats_what_was_typed(rf: Any) -> None:
    context = {
        "title": "Remove it", "action": "/remove/", "phrase": "production-eu", "button": "Remove",
        "consequences": ["Gone."],
        "hidden": [("key", "k-1"), ("version", "7")], "error": "Not the name.", "typed": "prod", "danger": True,
    }  # fmt: skip
    html = render_to_string("components/_dialog_confirm.html", context, request=rf.get("/"))
    assert "production-eu" in words(html)
    assert 'name="key" value="k-1"' in html
    assert 'name="version" value="7"' in html
    assert 'aria-invalid="true" aria-describedby="confirm-error"' in html
    assert 'value="prod"' in html
    assert "csrfmiddlewaretoken" in html


def test_an_illustration_is_one_image_to_a_screen_reader_and_gives_way_to_a_screenshot() -> None:
    context = {"service": "VPC", "crumbs": ["Route tables", "Edit routes"], "region": "Frankfurt"}
    drawn = render_to_string("components/_console.html", context)
    assert 'role="img" aria-label="Illustration of the AWS console: VPC › Route tables › Edit routes"' in drawn
    screenshot = {"url": "/media/a.png", "width": 800, "height": 600, "caption": "the page <of> routes"}
    photographed = render_to_string("components/_console.html", {**context, "screenshot": screenshot})
    assert 'src="/media/a.png" width="800" height="600" alt="Screenshot of the page &lt;of&gt; routes"' in photographed
    assert 'console-screen"' not in photographed


def test_a_page_cannot_leak_its_words_into_a_copied_value() -> None:
    page = Template('{% include "components/_copy.html" with value="vpc-1" only %}').render(Context({"label": "Leak"}))
    assert "Leak" not in page


def test_the_frame_says_whose_deployment_a_page_is_about_and_leads_to_its_journey(rf: Any) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()
    deployment = Deployment(name="production-eu", organisation=Organisation(name="Acme <Analytics>"))
    html = render_to_string("base.html", {"deployment": deployment}, request=request)
    assert "Acme &lt;Analytics&gt; · production-eu" in words(html)
    assert f'href="/deployments/{deployment.pk}/"' in html
