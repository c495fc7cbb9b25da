"""
The steps that each packet takes, as machine code: the same modules, compiled by mypyc.

For anyone who wants them: `make compiled` puts them beside their sources, where Python prefers
them. Without, everything runs as it is written. Knows no packet.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

MEDIA = Path(__file__).parent
ROOT = MEDIA.parents[1]
MODULES = (
    "packets/bandwidth",
    "packets/extensions",
    "packets/inlet",
    "packets/keyframes",
    "packets/leg",
    "packets/limit",
    "packets/outlet",
    "packets/rtp",
    "packets/stream_statistics",
    "transport/connection",
    "transport/endpoint",
    "transport/ice",
    "transport/incoming",
    "transport/outgoing",
    "transport/pair",
    "transport/peer",
    "transport/port",
    "transport/srtp",
    "transport/strangers",
)
# One for each module, and at the root the one that all of them lead to.
_MADE = ("*__mypyc.*.so", *(f"core/media/{module}.*.so" for module in MODULES))


class Stale(RuntimeError):
    """What is compiled is older than what is written."""


def made(root: Path = ROOT) -> list[Path]:
    """What `build` has left there."""
    return [found for pattern in _MADE for found in root.glob(pattern)]


def check() -> None:
    """Once at start: what is compiled is of today."""
    for module in MODULES:
        for found in MEDIA.glob(f"{module}.*.so"):
            source = MEDIA / f"{module}.py"
            if found.stat().st_mtime < source.stat().st_mtime:
                raise Stale(f"{found.name} is older than its source: make compiled, or make clean")


def remove(root: Path = ROOT) -> None:
    for each in made(root):
        each.unlink()


def build(root: Path = ROOT) -> None:
    """Compile the sources in `root`; raises CalledProcessError where there is no compiler."""
    remove(root)
    with tempfile.TemporaryDirectory() as name:
        # Elsewhere: mypyc is not to read what is said of the project, nor to leave a folder here.
        shutil.copytree(root / "core", Path(name) / "core")
        sources = [f"core/media/{module}.py" for module in MODULES]
        command = [sys.executable, "-m", "mypyc", *sources]
        subprocess.run(command, cwd=name, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        for each in made(Path(name)):
            shutil.copy(each, root / each.relative_to(name))


if __name__ == "__main__":
    build()
    sys.stdout.write(f"Compiled: {len(MODULES)} modules of core/media. Back again: make clean\n")
