"""When a library has changed, the start says so."""

import pylibsrtp
import pytest
from aiortc.rtcdtlstransport import RTCDtlsTransport
from pylibsrtp import Session

from core.media.transport import dtls, private_names, srtp
from core.media.transport.private_names import LibraryChanged


def test_the_libraries_have_the_private_names_used_here():
    private_names.check()


def without(name):
    """aiortc's transports are made without this name."""

    def forget(monkeypatch):
        made = RTCDtlsTransport.__init__

        def make(self, *args, **kwargs):
            made(self, *args, **kwargs)
            delattr(self, name)

        monkeypatch.setattr(RTCDtlsTransport, "__init__", make)

    return forget


async def otherwise(self, *_):
    """Asks for other names."""


MOVED = {
    "_rx_srtp": without("_rx_srtp"),
    "_tx_srtp": without("_tx_srtp"),
    "_recv": lambda patch: patch.setattr(RTCDtlsTransport, "_recv_next", otherwise),
    "_send": lambda patch: patch.setattr(RTCDtlsTransport, "_write_ssl", otherwise),
    "ffi": lambda patch: patch.delattr(srtp._binding, "ffi"),
    "lib": lambda patch: patch.delattr(srtp._binding, "lib"),
}


@pytest.mark.parametrize("name", [each for each in MOVED if each not in ("ffi", "lib")])
def test_when_a_private_name_has_moved_the_start_says_which(name, monkeypatch):
    MOVED[name](monkeypatch)
    assert dtls.missing_names() == [name]
    with pytest.raises(LibraryChanged, match=rf"aiortc or pylibsrtp has changed: {name}$"):
        private_names.check()


@pytest.mark.parametrize("name", ["ffi", "lib"])
def test_when_pylibsrtp_has_changed_the_start_says_which(name, monkeypatch):
    session = pylibsrtp.Session()
    monkeypatch.setattr(pylibsrtp, "Session", lambda: session)
    MOVED[name](monkeypatch)
    with pytest.raises(LibraryChanged, match=rf"aiortc or pylibsrtp has changed: {name}$"):
        private_names.check()
    monkeypatch.undo()


def test_a_session_without_its_name_is_noticed():
    assert srtp.missing_names(Session.__new__(Session)) == ["_srtp"]
