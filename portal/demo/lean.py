"""Makes the emulator smaller: moto reads the instance offerings of all regions at once, 90 MB of them."""

from typing import Any

from moto.core.loaders import Loader
from moto.utilities import utils

from portal.aws.service_models import LeanFileLoader

#: Where moto keeps them: resources/instance_type_offerings/<location type>/<region>.json[.gz].
FOLDER = "instance_type_offerings"


class Offerings(dict[str, Any]):
    """Region → offerings of one location type, read when they are first asked for."""

    def __init__(self, kind: str, files: dict[str, str]) -> None:
        super().__init__()
        self.kind, self.files = kind, files

    def __missing__(self, region: str) -> list[dict[str, Any]]:
        rows = utils.load_resource(self.files[region])
        self[region] = [{**row, "LocationType": self.kind} for row in rows]
        return list(self[region])

    def __contains__(self, region: object) -> bool:
        return region in self.files

    def get(self, region: str, default: Any = None) -> Any:
        return self[region] if region in self.files else default


def slim() -> None:
    """Before moto's EC2 is first imported: descriptions of services without prose, offerings when they are wanted."""
    Loader.FILE_LOADER_CLASS = LeanFileLoader
    files: dict[str, dict[str, str]] = {}
    really = utils.load_resource

    def noted(resource: str) -> Any:
        if FOLDER not in resource:
            return really(resource)
        kind, name = resource.replace("\\", "/").split("/")[-2:]
        files.setdefault(kind, {})[name.split(".")[0]] = resource
        return []

    utils.load_resource = noted
    try:
        from moto.ec2.models import instance_types  # noqa: PLC0415 - its import is what reads the files
    finally:
        utils.load_resource = really
    for kind, regions in files.items():
        instance_types.INSTANCE_TYPE_OFFERINGS[kind] = Offerings(kind, regions)
