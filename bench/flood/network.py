"""
A network of its own in which every way out is a black hole.

Loopback works; a packet to anywhere else vanishes without an answer, and so does every
question to the name server. So it is behind many an office's firewall. Needs Linux; an
ordinary user may do it where user namespaces are allowed.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

INSIDE = "--inside"
# Addresses for documentation (RFC 5737): nobody answers there even by mistake.
OWN, NOBODY, NAMES = "192.0.2.1/24", "192.0.2.2", "192.0.2.53"


def go_inside() -> None:
    """Start this program again in such a network; returns only there."""
    if INSIDE in sys.argv:
        sys.argv.remove(INSIDE)
        _lead_nowhere()
        return
    again = [sys.executable, "-m", "bench.flood", *sys.argv[1:], INSIDE]
    os.execvp("unshare", ["unshare", "--map-root-user", "--net", "--mount", *again])  # noqa: S606


def _lead_nowhere() -> None:
    for words in (
        "link set lo up",
        "tuntap add out0 mode tun",  # nobody reads what goes in
        f"address add {OWN} dev out0",
        "link set out0 up",
        f"route add default via {NOBODY}",
    ):
        subprocess.run(["ip", *words.split()], check=True)
    with tempfile.NamedTemporaryFile("w", prefix="resolv", delete=False) as names:
        names.write(f"nameserver {NAMES}\n")
    subprocess.run(["mount", "--bind", names.name, "/etc/resolv.conf"], check=True)
    Path(names.name).unlink()
