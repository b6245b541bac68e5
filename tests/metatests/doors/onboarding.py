"""Doors of onboarding."""

from tests.metatests.doors.shapes import Door

#     anonymous stranger viewer admin owner staff
SEEN_BY_MEMBERS = "302 404 200 200 200 404"
NOT_POSTED = "302 404 405 405 405 404"
#: Posted by admins and owners only: the gate refuses others before the method is looked at.
ONLY_POSTED = "302 404 403 405 405 404"
#: An empty form of an admin or owner: fields are missing.
FIELDS_MISSING = "302 404 403 422 422 404"
#: An empty form that has no fields, so that only its one-time key is missing.
KEY_MISSING = "302 404 403 409 409 404"

DOORS = (
    Door("onboarding:requests:request", get="200 200 200 200 200 200", post="422 422 422 422 422 422"),
    Door("onboarding:requests:thanks", get="200 200 200 200 200 200", post="405 405 405 405 405 405"),
    # To the only deployment there is; staff go to their desk; the stranger has none.
    Door("onboarding:home", get="302 200 302 302 302 302", post="302 405 405 405 405 405"),
    Door("onboarding:journey", get=SEEN_BY_MEMBERS, post=NOT_POSTED),
    Door("onboarding:journey_progress", get=SEEN_BY_MEMBERS, post=NOT_POSTED),
    Door("onboarding:account", get=SEEN_BY_MEMBERS, post=FIELDS_MISSING),
    Door("onboarding:bootstrap", get=SEEN_BY_MEMBERS, post=NOT_POSTED),
    Door("onboarding:bootstrap_progress", get=SEEN_BY_MEMBERS, post=NOT_POSTED),
    Door("onboarding:bootstrap_look", get=ONLY_POSTED, post=KEY_MISSING),
    Door("onboarding:bootstrap_permissions", get=ONLY_POSTED, post=FIELDS_MISSING),
    Door("onboarding:bootstrap_override", get=ONLY_POSTED, post=FIELDS_MISSING),
    Door("onboarding:bootstrap_template", get=SEEN_BY_MEMBERS, post=NOT_POSTED),
    Door("onboarding:bootstrap_terraform", get=SEEN_BY_MEMBERS, post=NOT_POSTED),
    Door("onboarding:bootstrap_policies", get=SEEN_BY_MEMBERS, post=NOT_POSTED),
    Door("onboarding:permissions", get=SEEN_BY_MEMBERS, post=NOT_POSTED),
    # The scene's deployment stands at an earlier step: a post to this one is refused before its fields are read.
    Door("onboarding:infrastructure", get=SEEN_BY_MEMBERS, post=KEY_MISSING),
    Door("onboarding:infrastructure_progress", get=SEEN_BY_MEMBERS, post=NOT_POSTED),
    Door("onboarding:address_plan", get=SEEN_BY_MEMBERS, post=NOT_POSTED),
    Door("onboarding:survey_region", get=ONLY_POSTED, post=FIELDS_MISSING),
    Door("onboarding:declare_range", get=ONLY_POSTED, post=FIELDS_MISSING),
    Door("onboarding:remove_range", get=ONLY_POSTED, post=KEY_MISSING),
    # Nothing is chosen yet, so there is nothing to review: on to the choices.
    Door("onboarding:review", get="302 404 302 302 302 404", post=KEY_MISSING),
    Door("onboarding:review_override", get=ONLY_POSTED, post=KEY_MISSING),
    Door("onboarding:launch", get=SEEN_BY_MEMBERS, post=NOT_POSTED),
    Door("onboarding:launch_progress", get=SEEN_BY_MEMBERS, post=NOT_POSTED),
    Door("onboarding:launch_resume", get=ONLY_POSTED, post=KEY_MISSING),
    Door("onboarding:teardown", get="302 404 403 200 200 404", post=FIELDS_MISSING),
    Door("onboarding:calls", get=SEEN_BY_MEMBERS, post=NOT_POSTED),
    Door("onboarding:calls_export", get=SEEN_BY_MEMBERS, post=NOT_POSTED),
)
