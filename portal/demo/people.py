"""The demo's people. Everything here is fictional, printed at every start, and refused by production."""

from dataclasses import dataclass

STAFF_TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""Base32. /demo/codes/ shows the code it gives right now."""


@dataclass(frozen=True)
class DemoPerson:
    """Somebody who can sign in, or could once the invitation is accepted (`password` empty)."""

    email: str
    name: str
    password: str
    part: str


STAFF = DemoPerson(
    "sam.staff@vendor.example", "Sam Staff", "demo staff password", "the vendor's staff: decides requests"
)
INVITED = DemoPerson(
    "maya@acme.example", "Maya", "", "admin of Acme: her invitation waits in the mailbox, she chooses her own password"
)
APPLICANT = DemoPerson("tom@globex.example", "Tom", "", "admin-to-be of Globex: his request waits for staff's decision")
PEOPLE = (STAFF, INVITED, APPLICANT)
