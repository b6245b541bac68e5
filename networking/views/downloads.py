"""Scripts as files: POSIX shell, for the customer's own terminal."""

from django.http import HttpResponse


def shell_script(text: str, name: str) -> HttpResponse:
    """The script as a download called `name`; never run or shown by a browser."""
    response = HttpResponse(text, content_type="text/x-shellscript; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
