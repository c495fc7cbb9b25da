"""The bare address: says where visitors and staff go from here."""

from core.office import views
from pages.parts import browser, show
from pages.parts.words import _

show.heading(_("Videokommunikation"))
show.text(_("Haben Sie einen Termin? Öffnen Sie bitte den Link aus Ihrer E-Mail."), "p", "lead")
show.text(_("Sie brauchen kein Konto und kein Programm, nur diesen Link."))
if phone := views.help_phone():
    show.call_us(_("Klappt etwas nicht? Rufen Sie uns an: {phone}"), phone)
show.link(_("Anmeldung für Mitarbeitende"), "anmelden")
browser.help_along()
