"""Words of CloudFormation templates in YAML."""

import json
import re


def quoted(value: str) -> str:
    """`value` as a string; JSON's is one of YAML's."""
    return json.dumps(value, ensure_ascii=False)


def logical_id(resource_id: str) -> str:
    """A logical id from an AWS id: subnet-0abc → Subnet0abc. Letters and digits only, as CloudFormation wants.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html
    """
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", resource_id) if part)
