"""`python -m portal.demo.lasting`: `portal.demo.emulator` with a memory for the next start."""

import argparse
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any

from portal.demo import keeping, lean
from portal.demo.emulator.cloudformation.app import CloudFormation
from portal.demo.emulator.server import build
from portal.demo.emulator.settings import load
from portal.demo.emulator.world import World

FILE = "world.pickle"


def main() -> int:
    """Serves until SIGTERM or SIGINT, then writes the world down."""
    parser = argparse.ArgumentParser(prog="portal.demo.lasting", description="An AWS emulator that remembers.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path, required=True, help="directory for the journal and the memory")
    parser.add_argument("--config", type=Path, help="JSON: durations, zones, opted_in, quotas")
    arguments = parser.parse_args()
    lean.slim()
    arguments.state.mkdir(parents=True, exist_ok=True)
    world = World(f"http://127.0.0.1:{arguments.port}", arguments.state, load(arguments.config))
    server = build(world, arguments.port)
    application: Any = server.app
    engine: CloudFormation = application._gateway._cloudformation()
    restored = keeping.restore(world, engine, arguments.state / FILE)

    def stop(_number: int, _frame: FrameType | None) -> None:
        world.faults.withdraw()
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    threading.Thread(target=keeping.go_on, args=(engine,), daemon=True).start()
    sys.stdout.write(f"Emulator ready on {world.endpoint}, {'restored' if restored else 'empty'}\n")
    sys.stdout.flush()
    server.serve_forever()
    engine.close()
    keeping.save(world, engine, arguments.state / FILE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
