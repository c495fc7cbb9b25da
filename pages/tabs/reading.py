"""
The language somebody reads in: what decides it, and how a browser remembers what was chosen.

Known alike to script runs and doors. Knows no sentence.
"""

from collections.abc import Mapping

from core import languages, wishes
from core.settings import settings
from pages.tabs.credentials import language_cookie

COOKIE_SECONDS = 12 * 60 * 60
CHOICE = "sprache"  # in an address: what was chosen on a page without scripts


def offered(staff: bool = False) -> list[str]:
    """What may be chosen here, in the order of the list; staff's pages know fewer."""
    return [each for each in settings().languages if not staff or each in languages.STAFF]


def of(
    jar: Mapping[str, str],
    accept_language: str,
    *,
    chosen: str | None = None,
    kept: str | None = None,
    staff: bool = False,
) -> str:
    """
    What was chosen in this tab, then in this browser; what is kept of this guest; what the browser
    asks for; German.
    """
    here = offered(staff)
    for each in (chosen, jar.get(language_cookie()), kept):
        if each is not None and each in here:
            return each
    return wishes.wished(accept_language, here) or languages.SOURCE
