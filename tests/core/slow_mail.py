"""Mail servers that are there and yet do not get anywhere: each hangs at another word."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ANSWERS = {"DATA": b"354 go on", "STAR": b"220 go on"}
DRIP = 0.05  # seconds; with less than the client's patience for one line


class _Talk(socketserver.StreamRequestHandler):
    server: "SlowServer"

    def handle(self) -> None:
        self.server.came.set()
        if self._stuck("banner", b"220"):
            return
        self._say(b"220 slow.example.com")
        while line := self.rfile.readline():
            word = line[:4].strip().decode("ascii", "replace").upper()
            if self._stuck(word, b"250"):
                return
            self._say(ANSWERS.get(word, b"250-slow.example.com\r\n250 STARTTLS"))
            if word == "STAR" and self._stuck("handshake", b"250"):
                return
            if word == "DATA":
                while self.rfile.readline() != b".\r\n":
                    pass
                if self._stuck("end", b"250"):
                    return
                self._say(b"250 taken")

    def _say(self, words: bytes) -> None:
        self.wfile.write(words + b"\r\n")

    def _stuck(self, word: str, code: bytes) -> bool:
        """Lines without end, or nothing at all, until the client goes or the test is over."""
        if word != self.server.stuck_at:
            return False
        while not self.server.over.wait(DRIP):
            try:
                self.wfile.write(code + b"-wait\r\n" if self.server.drips else b"")
            except OSError:
                break
        return True


class SlowServer(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, stuck_at: str, drips: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.stuck_at, self.drips = stuck_at, drips
        self.over, self.came = threading.Event(), threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


@contextmanager
def slow_server(stuck_at: str, drips: bool) -> Iterator[SlowServer]:
    with SlowServer(stuck_at, drips) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.over.set()
        server.shutdown()
