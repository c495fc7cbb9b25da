"""What Streamlit has to show at the bare address; people get the plain page of `doors` there."""

from pages.parts import page, show
from pages.words.words import _

show.heading(_("Videokommunikation"))
show.text(_("Haben Sie einen Termin? Öffnen Sie bitte den Link aus Ihrer E-Mail."), "p", "lead")
page.help_along()
