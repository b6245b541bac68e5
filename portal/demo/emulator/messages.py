"""HTTP as the emulator sees it: one request read completely, one reply ready to be sent."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, quote

from werkzeug.datastructures import EnvironHeaders
from werkzeug.wrappers import Request


@dataclass(frozen=True)
class Message:
    """A request. `path` is percent-encoded as it arrived, `query` the raw query string."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str, default: str = "") -> str:
        """The value of the first header of that name, in any case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), default)

    def arguments(self) -> dict[str, str]:
        """The query string's arguments; the last value wins."""
        return dict(parse_qsl(self.query, keep_blank_values=True))


@dataclass(frozen=True)
class Reply:
    """A reply: HTTP status, headers and body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def read(environ: dict[str, object]) -> Message:
    """Reads a whole request, un-chunking `aws-chunked` bodies only as far as HTTP goes."""
    request = Request(environ)
    raw = str(environ.get("RAW_URI") or environ.get("REQUEST_URI") or "")
    path = raw.split("?", 1)[0] if raw.startswith("/") else quote(request.path, safe="/~-._")
    headers = tuple((key, value) for key, value in EnvironHeaders(environ))
    return Message(
        method=request.method,
        path=path or "/",
        query=request.query_string.decode("latin-1"),
        headers=headers,
        body=request.get_data(cache=False, parse_form_data=False),
    )
