"""Whether aiortc and pylibsrtp still have the private names that `dtls` and `srtp` use."""

import pylibsrtp

from core.media.transport import dtls, srtp


class LibraryChanged(RuntimeError):
    """A private name that we need has moved."""


def check() -> None:
    """Once at start: refuse when one is missing."""
    missing = dtls.missing_names() + srtp.missing_names(pylibsrtp.Session())
    if missing:
        raise LibraryChanged(f"aiortc or pylibsrtp has changed: {', '.join(missing)}")
