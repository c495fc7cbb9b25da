"""What Streamlit has to show at the bare address; people get the plain page of `doors` there."""

from pages.parts import browser, show
from pages.parts.words import _

show.heading(_("Videokommunikation"))
show.link(_("Zur Startseite"), "./")
browser.help_along()
