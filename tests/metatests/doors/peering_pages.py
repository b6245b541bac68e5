"""Doors of one peering's pages. The scene's peering is registered; nobody has looked, nothing is done."""

from tests.metatests.doors.networking import NOT_POSTED, ONLY_POSTED, TOO_EARLY
from tests.metatests.doors.shapes import Door

#     anonymous stranger viewer admin owner staff
#: Everybody of the organisation reads it; a form without its fields is too old.
READ = "302 404 200 200 200 404"
#: Shown to whoever may confirm it.
CONFIRMED = "302 404 403 200 200 404"

DOORS = (
    Door("networking:peerings", get=READ, post=NOT_POSTED),
    # The scene's deployment is not ready yet: back to the list.
    Door("networking:peering_new", get="302 404 403 302 302 404", post=TOO_EARLY),
    Door("networking:peering_around", get=ONLY_POSTED, post=TOO_EARLY),
    Door("networking:peering", get=READ, post=NOT_POSTED),
    Door("networking:peering_progress", get=READ, post=NOT_POSTED),
    Door("networking:peering_look", get=ONLY_POSTED, post=TOO_EARLY),
    # Nothing is open on either side without a look.
    Door("networking:peering_script", get="302 404 404 404 404 404", post=NOT_POSTED),
    Door("networking:peering_apply", get=READ, post=TOO_EARLY),
    Door("networking:peering_resume", get=ONLY_POSTED, post=TOO_EARLY),
    Door("networking:peering_leave", get=ONLY_POSTED, post=TOO_EARLY),
    Door("networking:peering_remove", get=CONFIRMED, post=TOO_EARLY),
    Door("networking:peering_state", get=ONLY_POSTED, post=TOO_EARLY),
    Door("networking:peering_ask", get=ONLY_POSTED, post=TOO_EARLY),
    Door("networking:peering_renew", get=CONFIRMED, post=TOO_EARLY),
)
