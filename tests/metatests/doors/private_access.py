"""Doors of private access. The scene's deployment is not ready and has no name yet."""

from tests.metatests.doors.networking import NOT_POSTED, NOTHING_YET, ONLY_POSTED, TOO_EARLY
from tests.metatests.doors.shapes import Door

#     anonymous stranger viewer admin owner staff
DOORS = (
    Door("networking:private_access", get="302 404 200 200 200 404", post=NOT_POSTED),
    Door("networking:private_access_name", get=ONLY_POSTED, post=TOO_EARLY),
    Door("networking:private_access_script", get=NOTHING_YET, post=NOT_POSTED),
    Door("networking:private_access_proof", get=ONLY_POSTED, post=TOO_EARLY),
    Door("networking:balancer_ask", get=ONLY_POSTED, post=TOO_EARLY),
    Door("networking:balancer_enable", get=ONLY_POSTED, post=TOO_EARLY),
    Door("networking:public_removal", get=ONLY_POSTED, post=TOO_EARLY),
    Door("networking:public_withdraw", get=ONLY_POSTED, post=TOO_EARLY),
    Door("networking:public_restore", get=ONLY_POSTED, post=TOO_EARLY),
)
