"""Somebody outside who waits to be asked for something, and what pages do that they should not."""

import socketserver
from dataclasses import dataclass, field

from playwright.sync_api import Dialog, Page


class Beacon(socketserver.ThreadingTCPServer):
    """Somebody outside who waits to be asked for something; counts every connection."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), socketserver.StreamRequestHandler)
        self.asked = 0

    @property
    def host(self) -> str:
        return f"localhost:{self.server_address[1]}"

    def process_request(self, request: object, client_address: object) -> None:
        self.asked += 1
        super().process_request(request, client_address)  # type: ignore[arg-type]  # as it came

    def pointed_at(self, text: str) -> str:
        """`text` with this beacon where it points outside."""
        plain = text.replace("https://evil.example", f"http://{self.host}")
        return plain.replace("evil.example", self.host)


@dataclass
class Seen:
    """What a page did that it should not do."""

    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("dialog", self._dismiss)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _dismiss(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()
