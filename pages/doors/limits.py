"""
How often somebody may miss: unknown links and wrong passwords; and how many forms may come from
an address. Counted in memory.

Knows no link, no password and no sentence. Of links and passwords only misses count, and anyone who
has a good link is let in from any address: a client behind the same router as a guesser must
not lose an appointment. Windows begin with the first miss (docs/decisions/0010).
Source: OWASP ASVS 5.0, 6.3.1.
"""

import math

import structlog

from pages.doors.windows import Limit

LINKS = Limit(10)  # of an address
ALL_LINKS = Limit(100)  # of all addresses
ALARM = Limit(1)
ACCOUNT_HERE = Limit(5, minutes=15)  # an account from an address
ACCOUNT = Limit(30, minutes=15)  # an account from anywhere
ADDRESS = Limit(50, minutes=15)  # accounts of an address
FORM_MINUTES = 15
FORM = Limit(1, minutes=FORM_MINUTES)
# Of an address, behind which all of an office may sign in when it opens. In short windows: who is
# there with somebody who floods waits for seconds only.
FORMS = Limit(60, minutes=1 / 6)
EVERY = LINKS, ALL_LINKS, ALARM, ACCOUNT_HERE, ACCOUNT, ADDRESS, FORM, FORMS

log = structlog.get_logger()


def link_missed(address: str, misses: int = 1) -> int:
    """Count unknown links of an address; the seconds to wait if they are too many, else 0."""
    if not ALL_LINKS.hit(cost=misses) and ALARM.hit():
        log.warning("many unknown links", more_than=ALL_LINKS.amount, within="a minute")
    return 0 if LINKS.hit(address, cost=misses) else LINKS.wait(address)


def sign_in_wait(account: str, address: str) -> int:
    """Minutes until this account may be tried again from this address; 0 means now."""
    waits = [limit.wait(*names) for limit, names in _sign_in(account, address)]
    return math.ceil(max(waits) / 60)


def sign_in_failed(account: str, address: str) -> None:
    for limit, names in _sign_in(account, address):
        limit.hit(*names)


def signed_in(account: str, address: str) -> None:
    """Anyone who knew the password in the end was no guesser."""
    ACCOUNT_HERE.clear(account, address)


def first_use(form: str) -> bool:
    """Whether this form is sent for the first time."""
    return FORM.hit(form)


def form_sent(address: str) -> int:
    """Count a form before it is read; the seconds to wait if they are too many, else 0."""
    return 0 if FORMS.hit(address) else FORMS.wait(address)


def _sign_in(account: str, address: str) -> list[tuple[Limit, tuple[str, ...]]]:
    return [
        (ACCOUNT_HERE, (account, address)),
        (ACCOUNT, (account,)),
        (ADDRESS, (address,)),
    ]


def forget() -> None:
    """Everybody starts over."""
    for limit in EVERY:
        limit.forget()
