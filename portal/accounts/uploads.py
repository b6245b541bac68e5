"""How much of an uploaded file is taken in at most. Django itself has a limit for fields, and none for files."""

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

#: Bytes. Whoever takes files says a smaller limit of their own; beyond this one nothing more is written to disk.
MOST_BYTES = 8 * 1024 * 1024


class BoundedUpload(FileUploadHandler):
    """First of FILE_UPLOAD_HANDLERS: gives a file up that grows over `MOST_BYTES`.

    The rest of the body is read and thrown away, so that the sender gets an answer; the request has no such file then.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > MOST_BYTES:
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handlers keep the file."""


def request_length(request: HttpRequest) -> int:
    """The size of the request's body in bytes as the request says it; 0 when it does not."""
    said = request.META.get("CONTENT_LENGTH") or ""
    return int(said) if said.isascii() and said.isdigit() else 0
