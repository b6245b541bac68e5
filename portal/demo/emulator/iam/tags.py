"""Tags as condition keys.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
"""

from collections.abc import Mapping


def request_tags(tags: object) -> dict[str, tuple[str, ...]]:
    """`aws:RequestTag/…` and `aws:TagKeys` of tags given as a list of Key and Value, or as a map."""
    pairs = tag_pairs(tags)
    if not pairs:
        return {}
    keys: dict[str, tuple[str, ...]] = {f"aws:requesttag/{key.lower()}": (value,) for key, value in pairs.items()}
    return keys | {"aws:tagkeys": tuple(pairs)}


def resource_tags(tags: Mapping[str, str], service: str = "") -> dict[str, tuple[str, ...]]:
    """`aws:ResourceTag/…`, and the service's own spelling of it where it has one."""
    keys: dict[str, tuple[str, ...]] = {f"aws:resourcetag/{key.lower()}": (value,) for key, value in tags.items()}
    if service:
        keys |= {f"{service}:resourcetag/{key.lower()}": (value,) for key, value in tags.items()}
    return keys


def tag_pairs(tags: object) -> dict[str, str]:
    """Tags as a plain map, whatever shape the service uses."""
    if isinstance(tags, Mapping):
        return {str(key): str(value) for key, value in tags.items()}
    if isinstance(tags, list):
        return {str(tag["Key"]): str(tag.get("Value", "")) for tag in tags if "Key" in tag}
    return {}
