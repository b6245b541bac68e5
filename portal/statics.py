"""Where static files are served from."""

from functools import cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class RememberingStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """WhiteNoise's storage with hashed names; each file's URL is put together once per process.

    A page names about twenty files and icons; the manifest does not change while a process runs.
    """

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.known = cache(super().url)

    def url(self, name: str, force: bool = False) -> str:  # noqa: FBT001, FBT002 - Django's signature
        return str(self.known(name, force))
