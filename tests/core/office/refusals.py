"""One line per refused deed in a test."""

from collections.abc import Callable

from core.refused import Reason, Refused


def reason_of(deed: Callable[..., object], *args: object) -> Reason | None:
    """Why `deed` is refused, or None when it is done."""
    try:
        deed(*args)
    except Refused as refused:
        return refused.reason
    return None
