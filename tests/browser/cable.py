"""
A browser at the end of a cable that can be pulled.

The browser runs in a network of its own, joined to this machine by one pair of devices: what
is pulled takes pages, Streamlit's socket and media alike, and the browser notices as a laptop
does. Needs Linux and root. Knows no page and no call.
"""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

OURS, THEIRS = "198.51.100.1", "198.51.100.2"  # for documentation (RFC 5737)
NOBODY = "02:00:00:00:00:99"
ARGUMENTS = [f"--host-resolver-rules=MAP localhost {OURS}"]
# The app listens at loopback only, where nobody in another network comes.
EVERYWHERE = ["--server.address", "0.0.0.0"]  # noqa: S104  (a test)


@dataclass(frozen=True)
class Cable:
    """`browser` starts a browser at its far end."""

    browser: Path
    inside: list[str]  # what starts a program at the far end

    def pull(self) -> None:
        """No link: the browser knows at once that it is offline."""
        _ip("link set plug down")

    def plug_in(self) -> None:
        _ip("link set plug up")

    def swallow(self) -> None:
        """The link stays, and nothing that is sent ever arrives: it goes to no existing device."""
        _ip(f"neighbour replace {THEIRS} lladdr {NOBODY} dev plug nud permanent")
        _ip(f"neighbour replace {OURS} lladdr {NOBODY} dev socket nud permanent", self.inside)

    def let_through(self) -> None:
        _ip(f"neighbour delete {THEIRS} dev plug")
        _ip(f"neighbour delete {OURS} dev socket", self.inside)


@contextmanager
def cable(folder: Path, chromium: str) -> Iterator[Cable]:
    holder = subprocess.Popen(
        ["unshare", "--net", "sh", "-c", "echo there; exec sleep infinity"], stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    holder.stdout.readline()  # the network is there
    inside = ["nsenter", f"--net=/proc/{holder.pid}/ns/net"]
    try:
        _lay(holder.pid, inside)
        yield Cable(_script(folder / "browser", inside, chromium), inside)
    finally:
        holder.kill()  # with the network goes its end of the cable, and with that ours
        holder.wait()
        holder.stdout.close()


def _lay(pid: int, inside: list[str]) -> None:
    _ip(f"link add name plug type veth peer name socket netns {pid}")
    _ip(f"address add {OURS}/24 dev plug")
    _ip("link set plug up")
    for words in ("link set lo up", f"address add {THEIRS}/24 dev socket", "link set socket up"):
        _ip(words, inside)


def _script(path: Path, inside: list[str], chromium: str) -> Path:
    path.write_text(f'#!/bin/sh\nexec {" ".join(inside)} {chromium} "$@"\n')
    path.chmod(0o700)
    return path


def _ip(words: str, inside: Sequence[str] = ()) -> None:
    subprocess.run([*inside, "ip", *words.split()], check=True)
