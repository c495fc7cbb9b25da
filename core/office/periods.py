"""
How long things are kept and how they go, in words and as `core.office.kept` names them.

Knows no table: what is kept is in `core.office.kept`, what takes it away in
`core.office.forgetting`.
"""

from enum import Enum, auto

from core.settings import Settings
from core.words import Translation

SESSION_DAYS = 7  # much longer than any session lasts


class Period(Enum):  # in the order people read it; `until` says it in words
    CONNECTED = auto()
    POST = auto()
    CHOICE = auto()
    CHAT = auto()
    BROWSER = auto()
    NAMES = auto()
    OUTBOX = auto()
    REST = auto()
    TRAIL = auto()
    SESSION = auto()
    ACCOUNT = auto()
    OPERATOR = auto()
    OFFICE = auto()


class Goes(Enum):  # `way` says it in words
    DELETED = auto()  # the whole row, file or cookie
    EMPTIED = auto()
    REPLACED = auto()  # by the digest of a fresh secret: unknown from then on
    UNLINKED = auto()  # the reference is taken out of a row that stays
    STAYS = auto()


def until(period: Period, periods: Settings, _: Translation) -> str:
    """How long, in words, with the periods of this installation."""
    after_the_end = _("{days} nach dem Ende des Termins")
    days = (periods.chat_days, periods.names_days, periods.rest_days)
    chat, names, rest = (_days(each, _) for each in days)
    return {
        Period.CHAT: after_the_end.format(days=chat),
        Period.NAMES: after_the_end.format(days=names),
        Period.REST: after_the_end.format(days=rest),
        Period.TRAIL: _("{days} nach dem Ereignis").format(days=_days(periods.trail_days, _)),
        Period.SESSION: _("{days} nach der Anmeldung").format(days=_days(SESSION_DAYS, _)),
        Period.ACCOUNT: _("{days} nach dem Sperren des Kontos").format(days=rest),
        Period.OUTBOX: _("{days} nach dem Schreiben der E-Mail").format(days=names),
        Period.BROWSER: _(
            "Höchstens 12 Stunden nach dem Ende des Termins, nach der Anmeldung oder, wenn der "
            "Termin schon vorbei ist, nach dem Öffnen des Links"
        ),
        Period.CHOICE: _("12 Stunden nach der Wahl"),
        Period.CONNECTED: _("Solange Sie verbunden sind, Adressen bis zu 15 Minuten länger"),
        Period.POST: _("Bis der Mailserver sie hat, höchstens eine halbe Stunde"),
        Period.OFFICE: _("Auf Dauer, denn es ist keine Angabe über Sie"),
        Period.OPERATOR: _("So lange, wie das Jobcenter es festlegt"),
    }[period]


def way(goes: Goes, _: Translation) -> str:
    """How it goes, in words."""
    return {
        Goes.DELETED: _("wird gelöscht"),
        Goes.EMPTIED: _("wird gelöscht"),
        Goes.REPLACED: _("wird durch einen Zufallswert ersetzt; der Link öffnet nichts mehr"),
        Goes.UNLINKED: _("wird gelöscht"),
        Goes.STAYS: _("bleibt"),
    }[goes]


def _days(days: int, _: Translation) -> str:
    return _.plural("{days} Tag", "{days} Tage", days).format(days=days)
