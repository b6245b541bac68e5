"""Doors of the target side of a peering, of the links to it, and of screenshots."""

from tests.metatests.doors.networking import ALL, BY_LINK, NOT_POSTED, ONLY_POSTED
from tests.metatests.doors.shapes import Door

#     anonymous stranger viewer admin owner staff
#: An empty form of an admin or owner: fields are missing.
FIELDS_MISSING = "302 404 403 422 422 404"

DOORS = (
    Door("networking:peering_facts_script", get="302 404 200 200 200 404", post=NOT_POSTED),
    Door("networking:peering_facts", get=ONLY_POSTED, post=FIELDS_MISSING),
    Door("networking:peering_hand_off", get=ONLY_POSTED, post=FIELDS_MISSING),
    # The scene's link is to a VPC, not to this peering: there is none to revoke, and no step to state.
    Door("networking:peering_hand_off_revoke", get=ONLY_POSTED, post="302 404 403 404 404 404"),
    Door("networking:hand_off_state", get=ALL.format(405), post=ALL.format(404), with_=BY_LINK),
    # Nobody uploaded one.
    Door(
        "networking:screenshot",
        get=ALL.format(404),
        post=ALL.format(405),
        with_={"step": lambda _scene: "acceptance", "language": lambda _scene: "en"},
    ),
)
