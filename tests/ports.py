"""UDP ports that nobody uses just now."""

import random
import socket
from contextlib import ExitStack


def free_ports(count: int, host: str = "127.0.0.1") -> tuple[int, int]:
    """First and last of so many free ports in a row, below those the system gives by itself."""
    for first in random.sample(range(20000, 30000 - count), 200):
        with ExitStack() as stack:
            try:
                for port in range(first, first + count):
                    stack.enter_context(socket.socket(type=socket.SOCK_DGRAM)).bind((host, port))
            except OSError:
                continue
            return first, first + count - 1
    raise AssertionError(f"no {count} free ports in a row")
