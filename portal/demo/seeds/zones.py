"""The emulator's configuration file."""

import json

from portal.demo.accounts import emulator_config
from portal.demo.environment import Demo


def write_config(demo: Demo) -> None:
    """Writes the document that the emulator reads at its start."""
    demo.emulator_config.write_text(json.dumps(emulator_config(), indent=2))
