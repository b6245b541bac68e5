"""E-mail addresses, as people type them."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from onboarding.inputs.characters import hidden_character, script_of
from onboarding.inputs.refusals import line, refuse

_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")

#: Scripts whose letters imitate each other; a label that mixes two of them imitates another domain.
_LOOKALIKES = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})


@dataclass(frozen=True, kw_only=True)
class EmailAddress:
    """`address` is the one stored form: lower case, NFKC, domain in punycode. `international` says that the
    domain was written in other letters; the page then shows `address`, the punycode, and `written` only
    beside it.
    """

    address: str
    written: str
    international: bool

    def __str__(self) -> str:
        return self.address


def email_address(text: object) -> EmailAddress:
    """One address `local@domain.tld`: at most 254 characters, local part at most 64 (RFC 5321, 4.5.3.1).

    The same mailbox in other case or width comes out equal. Quoted local parts and address literals are
    refused. Raises `Refused`: `email.missing`, `.malformed`, `.hidden`, `.too-long`, `.domain`,
    `.mixed-script`.
    """
    right = _("Enter one e-mail address such as name@example.com.")
    typed = line(text, missing=right, code="email")
    if hidden_character(typed):
        refuse(_("The address holds a character that cannot be seen. Type it again."), "email.hidden")
    normal = unicodedata.normalize("NFKC", typed).lower()
    local, at, domain = normal.partition("@")
    if not at or "@" in domain or len(local) > 64 or _LOCAL.fullmatch(local) is None:
        refuse(right, "email.malformed")
    encoded, written = _domain(domain)
    address = f"{local}@{encoded}"
    if len(address) > 254:
        refuse(_("The address is too long. An e-mail address has at most 254 characters."), "email.too-long")
    return EmailAddress(address=address, written=f"{local}@{written}", international=encoded != written)


def _domain(domain: str) -> tuple[str, str]:
    """The domain in ASCII and in its own letters; the two differ only for international ones."""
    right = _("The part after @ is not a domain such as example.com.")
    written = [_in_letters(label) for label in domain.split(".")]
    encoded = [_in_ascii(label) for label in written]
    sound = all(_LABEL.fullmatch(label) for label in encoded) and all(map(_is_plain, written))
    # The second is false for an xn-- label that does not mean what it seems to encode.
    faithful = all(label in {one, other} for label, one, other in zip(domain.split("."), written, encoded, strict=True))
    ending = encoded[-1]
    if not sound or not faithful or len(encoded) < 2 or len(ending) < 2 or ending.isdigit():
        refuse(right, "email.domain")
    _refuse_imitation(written)
    return ".".join(encoded), ".".join(written)


def _in_letters(label: str) -> str:
    """An `xn--` label as people write it (RFC 5891, 4); any other one as it is, and empty for a broken one."""
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return ""


def _in_ascii(label: str) -> str:
    """A label as DNS holds it. Python's own codec is of 2003 and would send mail for straße.de to strasse.de."""
    return label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}"


def _is_plain(label: str) -> bool:
    """Letters, marks, digits, hyphens and the Japanese middle dot, in the one normal form; no mark in front."""
    kinds = [unicodedata.category(character)[0] for character in label]
    allowed = all(kind in "LMN" or character in "-・" for kind, character in zip(kinds, label, strict=True))
    normal = unicodedata.normalize("NFKC", label).lower() == label
    return allowed and normal and bool(kinds) and kinds[0] != "M" and not hidden_character(label)


def _refuse_imitation(labels: Iterable[str]) -> None:
    for label in labels:
        if len({script_of(character) for character in label} & _LOOKALIKES) > 1:
            refuse(
                _("The domain mixes letters of several scripts that look alike. Type the address again by keyboard."),
                "email.mixed-script",
            )
