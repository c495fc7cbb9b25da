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

OURS, THEIRS = "198.51.100.1", "198.51.100.2"  # for documentation (RFC 5737, RFC 3849)
OURS_6, THEIRS_6 = "2001:db8::1", "2001:db8::2"
OURS_TOO, THEIRS_TOO = "203.0.113.1", "203.0.113.2"  # of a second cable
PLUG, PLUG_TOO = "plug", "plug-too"
NOBODY = "02:00:00:00:00:99"
ARGUMENTS = [f"--host-resolver-rules=MAP localhost {OURS}"]
# The app listens at loopback only, where nobody in another network comes.
EVERYWHERE = ["--server.address", "0.0.0.0"]  # noqa: S104  (a test)
EVERYWHERE_6 = ["--server.address", "::"]


@dataclass(frozen=True)
class Cable:
    """`browser` starts a browser at its far end."""

    browser: Path
    inside: list[str]  # what starts a program at the far end
    pid: int  # of what holds the far end's network

    def pull(self) -> None:
        """No link: the browser knows at once that it is offline."""
        _ip("link set plug down")

    def switch_off(self) -> None:
        """The far end has no such network any more, and no address in it."""
        _ip("address flush dev socket", self.inside)
        _ip("link set socket down", self.inside)

    def plug_in(self) -> None:
        _ip("link set plug up")

    def swallow(self) -> None:
        """The link stays, and nothing that is sent ever arrives: it goes to no existing device."""
        _ip(f"neighbour replace {THEIRS} lladdr {NOBODY} dev plug nud permanent")
        _ip(f"neighbour replace {OURS} lladdr {NOBODY} dev socket nud permanent", self.inside)

    def let_through(self) -> None:
        _ip(f"neighbour delete {THEIRS} dev plug")
        _ip(f"neighbour delete {OURS} dev socket", self.inside)

    def reach_everything(self) -> None:
        """This machine's other addresses, too; without it, only the one at our end."""
        _ip(f"route add default via {OURS} dev socket", self.inside)

    def lay_another(self) -> None:
        """A second way to everything, as of a phone with Wi-Fi that has the mobile network, too."""
        _lay(self.pid, self.inside, OURS_TOO, THEIRS_TOO, PLUG_TOO, "socket-too")
        for words in (
            f"route add default via {OURS_TOO} dev socket-too metric 9",
            f"route add default via {OURS_TOO} dev socket-too table 9",
            f"rule add from {THEIRS_TOO} lookup 9",
        ):
            _ip(words, self.inside)


@contextmanager
def cable(folder: Path, chromium: str, ours: str = OURS, theirs: str = THEIRS) -> Iterator[Cable]:
    holder = subprocess.Popen(
        ["unshare", "--net", "sh", "-c", "echo there; exec sleep infinity"], stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    holder.stdout.readline()  # the network is there
    inside = ["nsenter", f"--net=/proc/{holder.pid}/ns/net"]
    try:
        _lay(holder.pid, inside, ours, theirs)
        yield Cable(_script(folder / "browser", inside, chromium), inside, holder.pid)
    finally:
        for plug in (PLUG, PLUG_TOO):  # a browser may still live at the far end
            subprocess.run(["ip", "link", "delete", plug], stderr=subprocess.DEVNULL)
        holder.kill()
        holder.wait()
        holder.stdout.close()


def _lay(
    pid: int,
    inside: Sequence[str],
    ours: str,
    theirs: str,
    plug: str = PLUG,
    socket: str = "socket",
) -> None:
    """Both ends; without waiting until nobody else has the address (IPv6)."""
    _ip(f"link add name {plug} type veth peer name {socket} netns {pid}")
    size, more = (64, "nodad") if ":" in ours else (24, "")
    _ip(f"address add {ours}/{size} dev {plug} {more}")
    _ip(f"link set {plug} up")
    _ip("link set lo up", inside)
    _ip(f"address add {theirs}/{size} dev {socket} {more}", inside)
    _ip(f"link set {socket} up", inside)


def _script(path: Path, inside: list[str], chromium: str) -> Path:
    path.write_text(f'#!/bin/sh\nexec {" ".join(inside)} {chromium} "$@"\n')
    path.chmod(0o700)
    return path


def _ip(words: str, inside: Sequence[str] = ()) -> None:
    subprocess.run([*inside, "ip", *words.split()], check=True)
