"""Doors of portal/accounts."""

from tests.metatests.doors.shapes import Door

#     anonymous stranger viewer admin owner staff
DOORS = (
    Door("accounts:people", get="302 302 302 302 302 200", post="302 405 405 405 405 405"),
    Door("accounts:profile", get="302 200 200 200 200 200", post="302 422 422 422 422 422"),
    # Staff have their second factor already: nothing to set up.
    Door("accounts:protect", get="302 200 200 200 200 302", post="302 405 405 405 405 405"),
    Door(
        "accounts:invitation", get="404 404 404 404 404 404", post="404 404 404 404 404 404",
        with_={"token": lambda scene: "no-such-token-" + "x" * 30},
    ),
    Door("accounts:members", get="302 404 200 200 200 404", post="302 404 405 405 405 404"),
    Door("accounts:invite", get="302 404 403 403 405 404", post="302 404 403 403 422 404"),
    # 409: a form without its one-time key is an old one.
    Door("accounts:revoke", get="302 404 403 403 405 404", post="302 404 403 403 409 404"),
    Door("accounts:change_role", get="302 404 403 403 405 404", post="302 404 403 403 422 404"),
    Door("accounts:remove", get="302 404 403 403 405 404", post="302 404 403 403 409 404"),
)  # fmt: skip
