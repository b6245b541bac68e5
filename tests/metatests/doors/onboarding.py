"""Doors of onboarding."""

from tests.metatests.doors.shapes import Door

#     anonymous stranger viewer admin owner staff
DOORS = (
    Door("onboarding:requests:request", get="200 200 200 200 200 200", post="422 422 422 422 422 422"),
    Door("onboarding:requests:thanks", get="200 200 200 200 200 200", post="405 405 405 405 405 405"),
)
