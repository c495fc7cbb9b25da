"""
How often somebody may miss: unknown links and wrong passwords; and how often a tab may set
up its call. Counted in memory.

Knows no link, no password and no sentence. Of links and passwords only misses count, and whoever
has a good link is let in from any address: a client behind the same router as a guesser must
not lose an appointment. Windows begin with the first miss (docs/decisions/0010).
Source: OWASP ASVS 5.0, 6.3.1.
"""

import math
import time

import structlog
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

LINKS = RateLimitItemPerMinute(10, namespace="links of an address")
ALL_LINKS = RateLimitItemPerMinute(100, namespace="links of all addresses")
ALARM = RateLimitItemPerMinute(1, namespace="alarm")
ACCOUNT_HERE = RateLimitItemPerMinute(5, 15, namespace="account from an address")
ACCOUNT = RateLimitItemPerMinute(30, 15, namespace="account from anywhere")
ADDRESS = RateLimitItemPerMinute(50, 15, namespace="accounts of an address")
# A tab that cannot come through offers once in two seconds, and names its addresses after that.
SIGNALS = RateLimitItemPerMinute(90, namespace="signals of a tab")
SEAT_SIGNALS = RateLimitItemPerMinute(180, namespace="signals of a seat")
FORM_MINUTES = 15
FORM = RateLimitItemPerMinute(1, FORM_MINUTES, namespace="form")

log = structlog.get_logger()
storage = MemoryStorage()
_windows = FixedWindowRateLimiter(storage)


def link_missed(address: str, misses: int = 1) -> int:
    """Count unknown links of an address; the seconds to wait if they are too many, else 0."""
    if not _windows.hit(ALL_LINKS, "", cost=misses) and _windows.hit(ALARM, ""):
        log.warning("many unknown links", more_than=ALL_LINKS.amount, within="a minute")
    return 0 if _windows.hit(LINKS, address, cost=misses) else _seconds(LINKS, address)


def sign_in_wait(account: str, address: str) -> int:
    """Minutes until this account may be tried again from this address; 0 means now."""
    waits = [
        _seconds(item, *names)
        for item, names in _sign_in(account, address)
        if not _windows.test(item, *names)
    ]
    return math.ceil(max(waits, default=0) / 60)


def sign_in_failed(account: str, address: str) -> None:
    for item, names in _sign_in(account, address):
        _windows.hit(item, *names)


def signed_in(account: str, address: str) -> None:
    """Whoever knew the password in the end was no guesser."""
    _windows.clear(ACCOUNT_HERE, account, address)


def first_use(form: str) -> bool:
    """Whether this form is sent for the first time."""
    return _windows.hit(FORM, form)


def may_signal(tab: str, seat: str) -> bool:
    """Whether this tab may offer a connection, or say more about it, once more."""
    return _windows.hit(SIGNALS, tab) and _windows.hit(SEAT_SIGNALS, seat)


def _sign_in(account: str, address: str) -> list[tuple[RateLimitItem, tuple[str, ...]]]:
    return [
        (ACCOUNT_HERE, (account, address)),
        (ACCOUNT, (account,)),
        (ADDRESS, (address,)),
    ]


def _seconds(item: RateLimitItem, *names: str) -> int:
    """Until the window is over; at least one."""
    return max(1, math.ceil(_windows.get_window_stats(item, *names).reset_time - time.time()))
