"""JSON from strangers: exactly one object, strictly read, within limits. Pure.

RFC 8259 leaves it to the reader what a repeated key or a huge number means; here neither is taken, because two readers
could see two different files.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate
from math import isinf
from typing import Any, NoReturn

from django.utils.translation import gettext as _

#: Bytes. A VPC with 200 subnets and 200 route tables takes about 400 kB.
LARGEST = 4 * 1024 * 1024
#: What AWS answers is at most 8 deep, a policy within it about as much again.
DEEPEST = 40
#: Digits of a whole number; Python's own limit lies at 4,300.
LONGEST_NUMBER = 18

#: A string, ended or not, or one bracket. Possessive, so that no text makes it slow.
_STRING_OR_BRACKET = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_STEPS = {"[": 1, "{": 1, "]": -1, "}": -1}
_BLANK = "\t\n\r"
#: Characters that turn the direction of the text round them: a line would read otherwise than it is.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class UnreadableFacts(ValueError):
    """What was given is no facts file; the message is one sentence, or two, for people."""


def read_object(data: bytes) -> dict[str, Any]:
    """The one JSON object in `data`. Raises UnreadableFacts.

    UTF-8 without byte order mark, at most `LARGEST` bytes and `DEEPEST` levels; no key twice in an object; no NaN, no
    infinity, no number that is one in disguise (`1e999`); no control characters in texts.
    """
    if len(data) > LARGEST:
        raise UnreadableFacts(
            _("The file has more than %(limit)s MiB. Facts of one VPC are smaller; run the script again.")
            % {"limit": LARGEST // 1024 // 1024}
        )
    return parse_object(_decoded(data))


def parse_object(text: str) -> dict[str, Any]:
    """The one JSON object in `text`, read as strictly. Raises UnreadableFacts."""
    if not text.strip():
        raise UnreadableFacts(_("The file is empty. Run the script again and give us the file that it writes."))
    if is_too_deep(text):
        raise UnreadableFacts(_("The file is nested more than %(limit)s levels deep.") % {"limit": DEEPEST})
    document = _parsed(text)
    if not isinstance(document, dict):
        raise UnreadableFacts(_("The file is JSON, but not one object in braces."))
    if any(map(_is_unfit, _texts(document))):
        raise UnreadableFacts(_("The file has control characters or half characters in its texts."))
    return document


def is_too_deep(text: str) -> bool:
    """Whether the brackets of `text` are nested deeper than `DEEPEST`; what stands in strings does not count."""
    steps = (_STEPS.get(found[0], 0) for found in _STRING_OR_BRACKET.finditer(text))
    return any(level > DEEPEST for level in accumulate(steps))


def shortened(value: object) -> str:
    """A foreign value as a sentence may quote it: on one line, without what a terminal would obey."""
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFacts(_("The file begins with a byte order mark. Save it as plain UTF-8, without one."))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableFacts(_("The file is no UTF-8 text. Give us the file as the script wrote it.")) from None


def _parsed(text: str) -> Any:
    try:
        return json.loads(
            text, object_pairs_hook=_unique, parse_float=_finite, parse_int=_short, parse_constant=_no_constant
        )
    except json.JSONDecodeError as error:
        raise UnreadableFacts(
            _(
                "The file is no JSON: something is wrong in line %(line)s, column %(column)s. Run the script again and"
                " send the file as it is."
            )
            % {"line": error.lineno, "column": error.colno}
        ) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        ((twice, _count),) = Counter(key for key, _value in pairs).most_common(1)
        raise UnreadableFacts(_("The file has the key %(key)s twice in one object.") % {"key": shortened(twice)})
    return document


def _finite(text: str) -> float:
    value = float(text)
    if isinf(value):
        raise UnreadableFacts(_("The file has the number %(number)s, which is too large.") % {"number": text[:40]})
    return value


def _short(text: str) -> int:
    if len(text.lstrip("-")) > LONGEST_NUMBER:
        raise UnreadableFacts(_("The file has a number of more than %(digits)s digits.") % {"digits": LONGEST_NUMBER})
    return int(text)


def _no_constant(name: str) -> NoReturn:
    raise UnreadableFacts(_("The file has %(name)s, which is no JSON.") % {"name": name})


def _texts(document: Any) -> Iterator[str]:
    """Every key and every text in it. No recursion is too deep here: `is_too_deep` was asked before."""
    if isinstance(document, str):
        yield document
    elif isinstance(document, dict):
        yield from document
        for value in document.values():
            yield from _texts(value)
    elif isinstance(document, list):
        for value in document:
            yield from _texts(value)


def _is_unfit(text: str) -> bool:
    """Whether neither a database nor a terminal should get it: control characters, half surrogates, turning marks."""
    if text.isascii() and text.isprintable():
        return False
    return any((unicodedata.category(char) in {"Cc", "Cs"} and char not in _BLANK) or char in _TURNING for char in text)
