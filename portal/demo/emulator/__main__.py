"""`python -m portal.demo.emulator --port 4566 --state DIR [--config FILE]`."""

import argparse
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from portal.demo.emulator.server import build
from portal.demo.emulator.settings import load
from portal.demo.emulator.world import World


def main() -> int:
    """Serves until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="portal.demo.emulator", description="An AWS emulator on loopback.")
    parser.add_argument("--port", type=int, default=4566, help="0 takes a free port")
    parser.add_argument("--state", type=Path, required=True, help="directory for the journal")
    parser.add_argument("--config", type=Path, help="JSON: durations, zones, opted_in, quotas")
    arguments = parser.parse_args()
    arguments.state.mkdir(parents=True, exist_ok=True)
    world = World(f"http://127.0.0.1:{arguments.port}", arguments.state, load(arguments.config))
    server = build(world, arguments.port)
    world.endpoint = f"http://127.0.0.1:{server.port}"

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        world.faults.withdraw()
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    sys.stdout.write(f"Emulator ready on {world.endpoint}\n")
    sys.stdout.flush()
    server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
