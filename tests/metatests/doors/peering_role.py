"""Doors of the peering role's page. Nobody lends one on the scene, so there is nothing to download or look for."""

from tests.metatests.doors.networking import NOT_POSTED, NOTHING_YET, ONLY_POSTED, TOO_EARLY
from tests.metatests.doors.shapes import Door

#     anonymous stranger viewer admin owner staff
READ = "302 404 200 200 200 404"

DOORS = (
    Door("networking:peering_role", get=READ, post=TOO_EARLY),
    Door("networking:peering_role_progress", get=READ, post=NOT_POSTED),
    Door("networking:peering_role_look", get=ONLY_POSTED, post=TOO_EARLY),
    Door("networking:peering_role_template", get=NOTHING_YET, post=NOT_POSTED),
    Door("networking:peering_role_terraform", get=NOTHING_YET, post=NOT_POSTED),
    Door("networking:peering_role_policies", get=NOTHING_YET, post=NOT_POSTED),
)
