"""The HTTP server: one process, one thread per connection, on loopback."""

from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from portal.demo.emulator import messages
from portal.demo.emulator.controls import PREFIX, Controls
from portal.demo.emulator.gateway import CutError, Gateway
from portal.demo.emulator.messages import Reply
from portal.demo.emulator.world import World

StartResponse = Callable[..., Any]


class QuietHandler(WSGIRequestHandler):
    """Logs nothing: the journal is the record. Status, headers and body leave together."""

    wbufsize = -1

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Says nothing of requests."""

    def connection_dropped(self, error: BaseException, environ: dict[str, Any] | None = None) -> None:
        """Ends the connection without a word: the caller cannot tell whether its request was heard."""
        self.close_connection = True

    def send_response(self, code: int, message: str | None = None) -> None:
        """Sends the status line only: AWS's own headers follow, without the server's name and date twice."""
        self.send_response_only(code, message)


class Application:
    """The WSGI application: controls below `/_emulator/`, AWS everywhere else."""

    def __init__(self, world: World) -> None:
        self._controls = Controls(world)
        self._gateway = Gateway(world)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        message = messages.read(environ)
        try:
            part = self._controls if message.path.startswith(PREFIX) else self._gateway
            reply = part.serve(message)
        except CutError:
            raise ConnectionAbortedError from None
        return _send(reply, message.method, start_response)


def _send(reply: Reply, method: str, start_response: StartResponse) -> Iterable[bytes]:
    headers = [(key, value) for key, value in reply.headers if key.lower() not in {"content-length", "date"}]
    stated = next((value for key, value in reply.headers if key.lower() == "content-length"), None)
    length = stated if method == "HEAD" and stated else str(len(reply.body))
    if reply.status not in {204, 304}:
        headers.append(("Content-Length", length))
    start_response(f"{reply.status} {_REASONS.get(reply.status, 'Status')}", headers)
    return [] if method == "HEAD" else [reply.body]


_REASONS = {200: "OK", 204: "No Content", 400: "Bad Request", 403: "Forbidden", 404: "Not Found"}


def build(world: World, port: int) -> BaseWSGIServer:
    """A server for one world, bound to 127.0.0.1; port 0 takes a free one."""
    return make_server("127.0.0.1", port, Application(world), threaded=True, request_handler=QuietHandler)
