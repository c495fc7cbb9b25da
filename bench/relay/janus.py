"""
Janus, a relay in C, as the yardstick: Debian's package, its echotest, two echoes for a call.

An echo is the work that a participant of a call makes: two streams in, two out. Talked to
through a Unix socket, so nothing else of it is switched on.
"""

import asyncio
import atexit
import itertools
import json
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

from tests.browser.find_browser import install_debian

PATIENCE = 30
MOST = 1 << 18  # bytes of a message
PLUGIN = "janus.plugin.echotest"
LIBRARIES = Path("/usr/lib/x86_64-linux-gnu/janus")
NEEDED = ("plugins/libjanus_echotest.so", "transports/libjanus_pfunix.so")
GENERAL = """general: {{
    configs_folder = "{0}"
    plugins_folder = "{0}/plugins"
    transports_folder = "{0}/transports"
    events_folder = "{0}"
    loggers_folder = "{0}"
    session_timeout = 0
    debug_level = 2
}}
"""
SOCKET = 'general: {{ enabled = true, json = "compact", path = "{}" }}\n'


class NoJanus(SystemExit):
    """There is none to compare with, and none can be installed."""


def find() -> None:
    """Have Janus installed where that can be done."""
    if shutil.which("janus") or (install_debian("janus") and shutil.which("janus")):
        return
    raise NoJanus("Nothing to compare with: please install Janus (apt-get install janus).")


class Janus:
    """One process of it, and a way to ask it."""

    def __init__(self, folder: Path) -> None:
        path = folder / "api"
        for each in NEEDED:
            (folder / each).parent.mkdir()
            (folder / each).symlink_to(LIBRARIES / each)
        (folder / "janus.jcfg").write_text(GENERAL.format(folder))
        (folder / "janus.transport.pfunix.jcfg").write_text(SOCKET.format(path))
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(["janus", "-F", folder], stdout=log, stderr=log)
        self._transactions = (str(number) for number in itertools.count())
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.settimeout(PATIENCE)
        atexit.register(self.stop)  # however the run ends
        self._connect(path)

    def _connect(self, path: Path) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return self._socket.connect(str(path))
            except OSError:  # not there yet
                if time.monotonic() > until or self.process.poll() is not None:
                    raise
            time.sleep(0.1)

    async def ask(self, _number: int, offer: str) -> str:
        """The answer to the offer of one more participant."""
        return await asyncio.to_thread(self._answer, offer)

    def _answer(self, offer: str) -> str:
        session = self._say(janus="create")["data"]["id"]
        handle = self._say(janus="attach", session_id=session, plugin=PLUGIN)["data"]["id"]
        answered = self._say(
            janus="message",
            session_id=session,
            handle_id=handle,
            body={"audio": True, "video": True},
            jsep={"type": "offer", "sdp": offer},
        )
        return str(answered["jsep"]["sdp"])

    def _say(self, **words: Any) -> dict[str, Any]:
        transaction = next(self._transactions)
        self._socket.send(json.dumps({**words, "transaction": transaction}).encode())
        while True:
            told = json.loads(self._socket.recv(MOST))
            if told.get("transaction") == transaction and told["janus"] != "ack":
                return dict(told)

    def stop(self) -> None:
        self._socket.close()
        self.process.terminate()
        self.process.wait(PATIENCE)
