"""Every CloudFormation template that the portal renders, in every profile, checked by cfn-lint.

`python -m tests.rendered` prints what cfn-lint finds and fails on anything.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from onboarding.bootstrap.cloudformation import bootstrap_template
from onboarding.rules import profile_names
from onboarding.stacks import STACKS


def templates() -> dict[str, str]:
    """File name → the template as AWS would get it."""
    rendered = {f"bootstrap-{profile}.json": bootstrap_template(profile) for profile in profile_names()}
    for profile in profile_names():
        rendered |= {f"{kind.name}-{profile}.json": kind.template(profile) for kind in STACKS}
    return rendered


def main() -> int:
    """cfn-lint's exit status over all of them."""
    with tempfile.TemporaryDirectory() as home:
        for name, text in templates().items():
            Path(home, name).write_text(text)
        program = Path(sys.executable).parent / "cfn-lint"
        return subprocess.call([program, "--regions", "us-east-1", "eu-central-1", "--", *sorted(Path(home).iterdir())])


if __name__ == "__main__":
    sys.exit(main())
