"""Before anybody agrees to anything: what is to come, and what is needed for it. Knows no visit."""

from pages.parts import show
from pages.words import guide
from pages.words.words import _


def draw(advisor: str) -> None:
    show.text(_("So läuft es ab"), "h2", "part")
    show.how_it_works(
        {
            "read": _("Sie lesen die Nutzungsbedingungen und stimmen zu."),
            "test": _(
                "Sie prüfen Kamera, Mikrofon und Lautsprecher. Das dauert etwa zwei Minuten."
            ),
            "wait": _("Sie warten im Warteraum. Dort müssen Sie nichts tun."),
            "talk": _("{advisor} lässt Sie ein. Dann sehen und hören Sie sich.").format(
                advisor=advisor
            ),
        }
    )
    show.text(_("Das brauchen Sie"), "h2", "part")
    show.points(guide.needed())
    show.text(
        _(
            "Die Teilnahme ist freiwillig. Wenn die Technik nicht funktioniert, haben Sie keine "
            "Nachteile."
        ),
        "p",
        "lead",
    )
