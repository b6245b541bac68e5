"""What the benchmarks look at: people, a deployment, and the lists of pages, fragments and clicks."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse

from onboarding.models import Deployment
from onboarding.progress import token_of
from tests.people import People, Person, fresh_account_id, make_deployment, make_people


@dataclass(frozen=True)
class Scene:
    """One organisation with one deployment."""

    people: People
    deployment: Deployment

    @classmethod
    def set(cls) -> "Scene":
        people = make_people()
        return cls(people, make_deployment(people.organisation))

    def path(self, name: str) -> str | None:
        """The address of a URL name, about the scene's deployment where it takes one; None while it does not exist."""
        for arguments in ({}, {"deployment_id": self.deployment.pk}, {"organisation_id": self.people.organisation.pk}):
            try:
                return reverse(name, kwargs=arguments)
            except NoReverseMatch:
                continue
        return None


@dataclass(frozen=True)
class Page:
    """A page by its URL name, as one of `people` sees it."""

    name: str
    person: str = "owner"

    def viewer(self, scene: Scene) -> Person:
        person: Person = getattr(scene.people, self.person)
        return person


@dataclass(frozen=True)
class Click:
    """A form whose sending starts a workflow. `fields` are what a person types; hidden ones are read from the page."""

    name: str
    fields: Callable[[str], dict[str, str]] = field(default=lambda account: {})


#: Every page that a person looks at. A new page belongs here.
PAGES = (
    Page("account_login", "anonymous"),
    Page("onboarding:requests:request", "anonymous"),
    Page("onboarding:home"),
    Page("onboarding:journey"),
    Page("onboarding:account"),
    Page("onboarding:bootstrap"),
    Page("onboarding:permissions"),
    Page("onboarding:infrastructure"),
    Page("onboarding:launch"),
    Page("onboarding:calls"),
    Page("accounts:members"),
    Page("accounts:profile"),
    Page("admin:index", "staff"),
)

#: Progress fragments, asked for by htmx with the token of what is shown already.
FRAGMENTS = (Page("onboarding:journey_progress"), Page("onboarding:launch_progress"))

CLICKS = (
    Click(
        "onboarding:account",
        lambda account: {"name": f"bench {account}", "account_id": account, "account_kind": "dedicated"},
    ),
)


def seen(deployment: Deployment) -> str:
    """The query of a fragment that did not change."""
    query: str = RequestFactory().get("/", {"seen": token_of(deployment)}).META["QUERY_STRING"]
    return query


def fresh(scene: Scene) -> tuple[Deployment, str]:
    """A deployment that nobody touched, and an account for it."""
    return make_deployment(scene.people.organisation), fresh_account_id()
