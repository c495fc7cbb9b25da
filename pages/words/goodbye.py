"""
The sentences of every end: over, cancelled, closed by time. Knows neither Streamlit nor HTML.

The plain page behind a link that is over says them, and so does the page of a talk that
ends while it is open.
"""

from datetime import datetime

from core.appointment import Status
from core.office import guest_view
from pages.words.words import _, moment


def over(visit: guest_view.Visit, now: datetime) -> bool:
    """Whether nothing is to come any more."""
    return visit.closed(now)


def sentences(visit: guest_view.Visit | None, now: datetime) -> list[str]:
    """What has happened, and what to do now."""
    if visit is None:
        return [nowhere(), *help_with_link()]
    gone = _("Der Termin am {when} ist vorbei.").format(when=moment(visit.starts_at))
    if visit.expired(now) or visit.appointment_status == Status.MISSED:
        return [gone, call_us(), not_your_fault()]
    if visit.appointment_status == Status.CANCELLED:
        return [
            _("Der Termin am {when} wurde abgesagt.").format(when=moment(visit.starts_at)),
            _("Sie müssen nichts tun. Wir melden uns bei Ihnen."),
        ]
    return [
        _("Das Gespräch ist beendet. Vielen Dank und auf Wiedersehen."),
        _("Kamera und Mikrofon sind aus. Sie können dieses Fenster schließen."),
    ]


def nowhere() -> str:
    """Of a link that is unknown, replaced or closed by time: nobody learns which."""
    return _("Dieser Link führt zu keinem Termin.")


def help_with_link() -> list[str]:
    """What to do then, whichever it is."""
    return [
        _(
            "Haben Sie mehrere E-Mails von uns? Dann nehmen Sie bitte den Link aus der neuesten, "
            "genau so, wie er dort steht."
        ),
        _("Vielleicht ist der Termin auch schon vorbei. {call_us}").format(call_us=call_us()),
        not_your_fault(),
    ]


def call_us() -> str:
    return _("Wenn Sie nicht teilnehmen konnten, rufen Sie uns bitte an.")


def not_your_fault() -> str:
    return _("Hat die Technik nicht funktioniert, entsteht Ihnen daraus kein Nachteil.")
