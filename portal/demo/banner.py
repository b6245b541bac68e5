"""What the demo prints: where it is, who may sign in, and how to stop it."""

from portal.demo.accounts import ACCOUNTS
from portal.demo.environment import Demo
from portal.demo.people import PEOPLE


def welcome(demo: Demo, seconds: float, notice: str) -> str:
    """The lines that say that the demo is ready."""
    people = [f"    {person.email:26} {person.password or '–':22} {person.part}" for person in PEOPLE]
    accounts = ", ".join(f"{account.id} ({account.title})" for account in ACCOUNTS)
    lines = [
        f"Ready after {seconds:.1f} s.",
        "",
        f"  Start here      {demo.base_url}/demo/",
        f"  The portal      {demo.base_url}/",
        f"  The mailbox     {demo.base_url}/demo/mailbox/",
        f"  Sign-in codes   {demo.base_url}/demo/codes/",
        f"  AWS console     {demo.base_url}/demo/console/ (a stand-in)",
        f"  Emulated AWS    {demo.endpoint}  accounts {accounts}",
        f"  Logs            {demo.logs}",
        "",
        "  Person and password:",
        *people,
        "",
        *([f"  {notice}", ""] if notice else []),
        "  Ctrl-C stops everything; the next start finds the data again. RESET=1 starts over.",
    ]
    return "\n".join(lines)


def farewell() -> str:
    """The line at the end."""
    return "\nStopping the demo."
