"""One call of the AWS CLI, made by the server that has it loaded (server.py).

    python3 -I -S client.py SOCKET [ARGUMENT …]

Sends the arguments, the environment, the working directory and the three open files; ends with the call's exit status.
When this process dies, the call does. It imports little: starting it is most of what it costs.
"""

import os
import signal
import socket
import sys


def main(path: str, arguments: list[str]) -> int:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    environment = [name + b"=" + value for name, value in os.environb.items()]
    message = b"\0".join(
        [os.getcwdb(), str(len(arguments)).encode(), *map(os.fsencode, arguments), *environment],
    )
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(path)
        socket.send_fds(server, [len(message).to_bytes(8, "big")], [0, 1, 2])
        server.sendall(message)
        status = server.recv(1)
    if not status:
        print("The process that made this call of the AWS CLI ended without a word.", file=sys.stderr)
    return status[0] if status else 255


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
