"""
A real relay: coturn with the configuration we deliver, on an address of this machine.

It denies loopback, so both it and the app use another address. Knows no page.
"""

import asyncio
import datetime
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from aioice import stun, turn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from core.settings import ROOT
from tests.browser.find_browser import install_debian
from tests.ports import free_ports

MISSING = "the program turnserver is missing; on Debian: apt-get install coturn"
SECRET = "0123456789abcdef0123456789abcdef"
START_SECONDS = 20


@dataclass(frozen=True)
class Relay:
    host: str
    port: int
    tls_port: int
    quota: int


def own_address() -> str:
    """An IPv4 address of this machine that is not loopback."""
    for name, addresses in psutil.net_if_addrs().items():
        for each in addresses:
            usable = each.family == socket.AF_INET and not each.address.startswith("127.")
            if usable and psutil.net_if_stats()[name].isup:
                return each.address
    raise AssertionError("this machine has no IPv4 address but loopback: no relay can be tried")


@contextmanager
def relaying(folder: Path) -> Iterator[Relay]:
    """A coturn that lets everybody with credentials reach this machine's address only."""
    program = shutil.which("turnserver")
    if program is None and install_debian("coturn"):
        program = shutil.which("turnserver")
    if program is None:
        raise AssertionError(MISSING)
    host = own_address()
    port, tls_port = free_ports(2, host)
    first, last = free_ports(100, host)
    log = folder / "turnserver.log"
    given = {
        **dict.fromkeys(("listening-ip", "relay-ip", "allowed-peer-ip"), host),
        "static-auth-secret": SECRET,
        "listening-port": port,
        "tls-listening-port": tls_port,
        "min-port": first,
        "max-port": last,
        "cert": folder / "cert.pem",
        "pkey": folder / "key.pem",
    }
    make_certificate(folder)
    lines, replaced = configuration(given)
    assert replaced == given.keys()
    more = [f"userdb={folder / 'userdb'}", f"pidfile={folder / 'pid'}", f"log-file={log}"]
    lines = [line for line in lines if line != "syslog"]
    (folder / "turnserver.conf").write_text("\n".join([*lines, *more, "simple-log"]))
    with subprocess.Popen(
        [program, "-c", str(folder / "turnserver.conf")], stdout=subprocess.DEVNULL
    ) as process:
        try:
            await_listening(host, tls_port, process, log)
            yield Relay(host, port, tls_port, int(value_of("user-quota")))
        finally:
            process.terminate()


def configuration(given: dict[str, Any]) -> tuple[list[str], set[str]]:
    """The delivered lines with other values; which were replaced."""
    lines, replaced = [], set()
    for line in delivered():
        name, _, _ = line.partition("=")
        if name in given:
            replaced.add(name)
            line = f"{name}={given[name]}"
        lines.append(line)
    return lines, replaced


def delivered() -> list[str]:
    return (ROOT / "deploy/turnserver.conf").read_text(encoding="utf-8").splitlines()


def value_of(name: str) -> str:
    [value] = [line.partition("=")[2] for line in delivered() if line.startswith(f"{name}=")]
    return value


def make_certificate(folder: Path) -> None:
    """For TLS; nobody trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "relay")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(secret)


def await_listening(host: str, port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise AssertionError(f"coturn has stopped: {log.read_text()}")
        try:
            with socket.create_connection((host, port)):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"coturn does not listen: {log.read_text()}")


class Client:
    """Speaks TURN by itself, to say what no browser would."""

    def __init__(self, protocol: turn.TurnClientUdpProtocol) -> None:
        self.protocol = protocol
        self.channel = 0x4000

    @classmethod
    async def of(cls, relay: Relay, username: str | None, credential: str | None) -> "Client":
        _, protocol = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: turn.TurnClientUdpProtocol(
                (relay.host, relay.port), username, credential, 600, 500
            ),
            remote_addr=(relay.host, relay.port),
        )
        return cls(protocol)

    async def allocate(self) -> int:
        """0 or the number of the error."""
        return await self._code(self.protocol.connect())

    async def refresh(self) -> int:
        return await self._ask(stun.Method.REFRESH, {"LIFETIME": 600})

    async def permit(self, peer: str) -> int:
        return await self._ask(stun.Method.CREATE_PERMISSION, {"XOR-PEER-ADDRESS": (peer, 9)})

    async def bind(self, peer: str) -> int:
        self.channel += 1
        return await self._code(self.protocol.channel_bind(self.channel, (peer, 9)))

    async def leave(self) -> None:
        if self.protocol.relayed_address:
            await self.protocol.delete()
        self.protocol.transport.close()

    async def _ask(self, method: stun.Method, attributes: dict[str, Any]) -> int:
        request = stun.Message(message_method=method, message_class=stun.Class.REQUEST)
        request.attributes.update(attributes)
        return await self._code(self.protocol.request_with_retry(request))

    async def _code(self, asked: Any) -> int:
        try:
            await asked
        except stun.TransactionFailed as refused:
            code = refused.response.error_code
        else:
            return 0
        assert code is not None
        return code
