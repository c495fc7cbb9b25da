"""
What somebody reads when our page can never work in their browser or network, and what to do then.

Knows neither Streamlit nor HTML: pages/upstream/frontend.py writes it into the page.
"""

from pages.words.words import _


def another_way(by_link: bool) -> str:
    if by_link:
        return _(
            "Öffnen Sie bitte den Link aus Ihrer E-Mail in einem anderen Browser, zum Beispiel "
            "Chrome, Edge, Firefox oder Safari, oder auf einem anderen Gerät."
        )
    return _(
        "Melden Sie sich bitte in einem anderen Browser an, zum Beispiel Chrome, Edge, Firefox "
        "oder Safari, oder auf einem anderen Gerät."
    )


def call_us(by_link: bool) -> str:
    if by_link:
        return _("Oder rufen Sie uns an. Sie haben dadurch keine Nachteile:")
    return _("Hilfe am Telefon:")


def reasons(by_link: bool) -> dict[str, tuple[str, ...]]:
    """What can never work, and what to do, by the names in first.js and sockets.js."""
    other = another_way(by_link)
    return {
        "old": (_("Ihr Browser ist zu alt für unsere Videogespräche."), other),
        "broken": (
            _("Unsere Seite läuft in Ihrem Browser nicht. Vielleicht ist er zu alt."),
            other,
        ),
        "lost": (
            _("Ein Teil dieser Seite ließ sich nicht laden, auch beim zweiten Versuch nicht."),
            _("Bitte laden Sie die Seite in einer Minute neu."),
            other,
        ),
        "blocked": (
            _(
                "Ihr Browser oder Ihr Netz lässt die ständige Verbindung nicht zu, die ein "
                "Videogespräch braucht (WebSocket)."
            ),
            _("Oft hilft ein anderes Netz, zum Beispiel das Mobilfunknetz statt des WLANs."),
            other,
        ),
        "full": (
            _("Diese Seite ist schon in zu vielen Fenstern offen."),
            _("Bitte schließen Sie die anderen. Hier geht es dann von selbst weiter."),
        ),
    }
