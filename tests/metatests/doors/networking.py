"""Doors of networking."""

from tests.metatests.doors.shapes import LINK, Door

#     anonymous stranger viewer admin owner staff
NOT_POSTED = "302 404 405 405 405 404"
#: Posted by admins and owners only: the gate refuses others before the method is looked at.
ONLY_POSTED = "302 404 403 405 405 404"
#: The scene's deployment stands at an earlier step: a post to this one is refused before its fields are read.
TOO_EARLY = "302 404 403 409 409 404"
#: Nothing is chosen on the scene, so there is nothing to download.
NOTHING_YET = "302 404 404 404 404 404"
#: Behind a link everybody is alike, signed in or not.
ALL = "{0} {0} {0} {0} {0} {0}"
BY_LINK = {"token": lambda _scene: LINK}

DOORS = (
    # The scene brings no VPC of its own: on to the choices.
    Door("networking:vpc", get="302 404 302 302 302 404", post=NOT_POSTED),
    Door("networking:vpc_progress", get="302 404 200 200 200 404", post=NOT_POSTED),
    Door("networking:vpc_look", get=ONLY_POSTED, post=TOO_EARLY),
    Door("networking:vpc_choose", get=ONLY_POSTED, post=TOO_EARLY),
    Door("networking:vpc_script", get=NOTHING_YET, post=NOT_POSTED),
    Door("networking:vpc_mend", get="302 404 200 200 200 404", post=TOO_EARLY),
    Door("networking:vpc_facts_script", get=NOTHING_YET, post=NOT_POSTED),
    Door("networking:vpc_facts", get=ONLY_POSTED, post=TOO_EARLY),
    Door("networking:vpc_submit", get=ONLY_POSTED, post=TOO_EARLY),
    Door("networking:vpc_hand_off", get=ONLY_POSTED, post=TOO_EARLY),
    Door("networking:vpc_hand_off_revoke", get=ONLY_POSTED, post=TOO_EARLY),
    Door("networking:hand_off", get=ALL.format(200), post=ALL.format(405), with_=BY_LINK),
    Door("networking:hand_off_script", get=ALL.format(404), post=ALL.format(405), with_=BY_LINK),
    Door("networking:hand_off_facts_script", get=ALL.format(404), post=ALL.format(405), with_=BY_LINK),
    # A form without a file.
    Door("networking:hand_off_facts", get=ALL.format(405), post=ALL.format(422), with_=BY_LINK),
)
