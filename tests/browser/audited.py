"""
`streamlit run`, with a record of every address the process sends to or looks up.

`python -m tests.browser.audited run app.py …` appends one JSON line [event, host, port] to
the file named by AUDIT_RECORD for each address when it is first used; never what is sent.
Python's own sockets only: what a C library opened by itself would not be seen.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

RECORD = "AUDIT_RECORD"
WITH_SOCKET = ("socket.connect", "socket.sendto", "socket.sendmsg")
LOOKUPS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")


def install(record: Path) -> None:
    """From now on, write down every address."""
    file = os.open(record, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    seen: set[str] = set()

    def write(*entry: object) -> None:
        line = json.dumps(entry)
        if line not in seen:
            seen.add(line)
            os.write(file, f"{line}\n".encode())

    sys.addaudithook(hook(write))


def hook(write: Callable[..., None]) -> Callable[[str, tuple[Any, ...]], None]:
    """An audit hook that gives `write` the event and the address."""

    def noticed(event: str, arguments: tuple[Any, ...]) -> None:
        if event in WITH_SOCKET and isinstance(arguments[1], tuple):  # a path is a Unix socket
            write(event, *map(_text, arguments[1][:2]))
        elif event in LOOKUPS:
            write(event, _text(arguments[0]), 0)
        elif event == "socket.getnameinfo":
            write(event, *map(_text, arguments[0][:2]))

    return noticed


def _text(part: object) -> object:
    return part.decode(errors="replace") if isinstance(part, bytes) else part


def main() -> None:
    install(Path(os.environ[RECORD]))
    # uvloop's sockets are libuv's, which raise no audit events: asyncio's own loop instead.
    sys.modules["uvloop"] = None  # type: ignore[assignment]  # importing it fails from now on
    from streamlit.web.cli import main as streamlit  # noqa: PLC0415  (the hook comes first)

    streamlit(prog_name="streamlit")


if __name__ == "__main__":
    main()
