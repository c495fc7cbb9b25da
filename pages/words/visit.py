"""
With whom a visit is, when and where: the Startseite says so, and its page before it is drawn. Knows
neither Streamlit nor HTML.
"""

from core.office import guest_view
from pages.words.words import _, clock_time, moment


def facts(visit: guest_view.Visit) -> dict[str, str]:
    """Names and values, in the order in which they are read."""
    return {
        _("Ihr Termin"): moment(visit.starts_at),
        _("Ende"): _("etwa um {time} Uhr").format(time=clock_time(visit.ends_at)),
        _("Mit"): visit.advisor_name,
        _("Jobcenter"): visit.jobcenter_name,
    }


def phone_name() -> str:
    return _("Telefon, wenn etwas nicht klappt")
