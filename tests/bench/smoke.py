"""
A run of seconds of every benchmark: that it comes to its end and writes what it has found.

Nothing is timed, and a bar need not hold. All of them together take less than 90 seconds. Those
that drive a browser are run by tests/browser/test_benches.py.
"""

import json
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.settings import ROOT

PATIENCE = 150


@dataclass(frozen=True)
class Smoke:
    """How a bench is run in seconds, and figures that show that it has done something."""

    bench: str
    options: str
    done: tuple[str, ...]
    result: str = ""  # where the bench has more than one
    own_network: bool = False

    @property
    def name(self) -> str:
        return self.result or self.bench


# Without Janus and without a compiler, which a machine need not have.
RELAY = "--relays ours 'decode and encode' --calls 1 2 --rounds 1 --window 1"
SMOKES = [
    Smoke("fuzz", "--cases 1000", ("offers, us each", "DTLS, us each")),
    Smoke("offer", "--examples 20", ("chromium-1, ms", "worst, ms")),
    Smoke(
        "idle",
        "--rounds 1 --first 1 --some 2 --visitors 3 --settle 0 --seconds 1",
        ("CPU, share of a core",),
    ),
    Smoke(
        "siege",
        "--seconds 3 --calm 1 --rest 1 --only stun-wrong",
        ("stun-wrong: done: datagrams",),
    ),
    Smoke(
        "flood",
        "--calm 1 --attack 1",
        tuple(
            f"{figure}, {column} gate"
            for figure in ("attack: datagrams", "page p95 (ms)")
            for column in ("with", "without")
        ),
        own_network=True,
    ),
    Smoke("relay", RELAY, (), own_network=True),
    Smoke(
        "relay",
        "--steady 0.05 --window 1",
        ("memory late, MB", "delivered, median"),
        result="relay-steady",
        own_network=True,
    ),
]
IN_A_BROWSER = [
    Smoke("arrival", "--rounds 1", ("packed: first visit, MB", "packed: first visit, requests")),
    Smoke("journey", "--journeys 1", ("joins", "server CPU seconds per second of call, median")),
    Smoke(
        "loss",
        "--calm 1 --losing 1 --worst 1 --after 1",
        ("no loss, visitor: pictures decoded a second",),
    ),
    Smoke("room", "--calls 1 --warm-up 0 --words 1 --screens 1 --kept 0", ("joins", "chat, p95")),
]


def run(smoke: Smoke, folder: Path) -> tuple[dict[str, Any], str]:
    """What it writes and what it says, whether its bars hold or not."""
    command = [sys.executable, "-m", f"bench.{smoke.bench}", "--to", str(folder)]
    ended = subprocess.run(
        [*command, *shlex.split(smoke.options)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    # Of another Python than Debian's, the relay's result has a name of its own.
    files = list(folder.glob(f"{smoke.name}*.json"))
    assert len(files) == 1, ended.stdout + ended.stderr
    return json.loads(files[0].read_text(encoding="utf-8")), ended.stdout


def nothing_done(smoke: Smoke, written: dict[str, Any]) -> list[str]:
    return [name for name in smoke.done if not written["figures"][name] > 0]


def own_network() -> bool:
    """Whether this user may have a network of their own."""
    asked = ["unshare", "--map-root-user", "--net", "--mount", "true"]
    try:
        return subprocess.run(asked, capture_output=True).returncode == 0
    except FileNotFoundError:  # no Linux
        return False


def make(*words: str, **environment: str) -> str:
    """What make says; the environment of the tests is set up already."""
    command = ["make", "--old-file=.venv/.set-up", *words]
    ended = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout
