"""One calm page for every end: over, cancelled, expired, unknown link."""

from core import clock
from core.appointment import Status
from core.office import views
from pages.parts import people, show
from pages.parts.words import _, moment


def sentences(visit: views.Visit | None) -> tuple[str, str]:
    """What has happened, and what to do now."""
    if visit is None:
        return (
            _("Dieser Link führt zu keinem Termin."),
            _(
                "Bitte öffnen Sie den Link genau so, wie er in Ihrer E-Mail steht. "
                "Haben Sie mehrere E-Mails von uns? Nehmen Sie die neueste."
            ),
        )
    when = moment(visit.starts_at)
    if visit.expired(clock.now()):
        return (
            _("Der Termin am {when} ist vorbei.").format(when=when),
            _("Wenn Sie nicht teilnehmen konnten, rufen Sie uns bitte an."),
        )
    return {
        Status.CANCELLED: (
            _("Der Termin am {when} wurde abgesagt.").format(when=when),
            _("Sie müssen nichts tun. Wir melden uns bei Ihnen."),
        ),
        Status.MISSED: (
            _("Der Termin am {when} ist vorbei.").format(when=when),
            _("Wenn Sie nicht teilnehmen konnten, rufen Sie uns bitte an."),
        ),
    }.get(
        visit.appointment_status,
        (
            _("Das Gespräch ist beendet. Vielen Dank und auf Wiedersehen."),
            _("Kamera und Mikrofon sind aus. Sie können dieses Fenster schließen."),
        ),
    )


visit = people.visit()
happened, next_step = sentences(visit)
show.text(happened, "p", "lead")
show.text(next_step)
phone = visit.jobcenter_phone if visit else views.help_phone()
if phone:
    show.facts({}, {_("Fragen? Rufen Sie uns an"): phone})
