"""What stands below every page: ways to plain pages and out of the house."""

from core.settings import settings
from pages.words.words import _


def links(root: str = "") -> dict[str, str]:
    """Words and addresses; those of our own pages begin with `root`."""
    found = {
        _("Hilfe"): f"{root}hilfe",
        _("Was wir speichern und wie lange"): f"{root}datenschutz",
        _("Barrierefreiheit"): f"{root}barrierefreiheit",
    }
    if imprint := settings().imprint_url:
        found[_("Impressum")] = str(imprint)
    return found
