"""botocore's descriptions of AWS's services, without their prose.

The description of EC2 alone takes 85 MB as botocore reads it: ordered dictionaries with the documentation of every
field. Plain dictionaries keep the order too, and nothing that makes or reads a request looks at documentation.
"""

import gzip
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from botocore.loaders import JSONFileLoader, Loader


class LeanFileLoader(JSONFileLoader):
    """Loads a service's description as `botocore.loaders.Loader` asks for it: a path without its ending."""

    def load_file(self, file_path: str) -> Any:
        plain, packed = Path(f"{file_path}.json"), Path(f"{file_path}.json.gz")
        if plain.is_file():
            return _read(plain.read_bytes())
        return _read(gzip.decompress(packed.read_bytes())) if packed.is_file() else None


@cache
def commercial_regions() -> tuple[str, ...]:
    """The codes of every region of the commercial partition, as botocore lists them."""
    partitions: Any = Loader(include_default_search_paths=True).load_data("partitions")
    (commercial,) = (one for one in partitions["partitions"] if one["id"] == "aws")
    return tuple(sorted(name for name in commercial["regions"] if name != "aws-global"))


def _read(text: bytes) -> Any:
    return json.loads(text, object_pairs_hook=_without_prose)


def _without_prose(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    # A member that is called `documentation` is described by a dictionary; prose is text.
    return {key: value for key, value in pairs if key != "documentation" or not isinstance(value, str)}
