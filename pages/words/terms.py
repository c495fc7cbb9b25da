"""What the terms of use say that is said elsewhere, too."""

from pages.words.words import _


def voluntary() -> str:
    return _(
        "Die Videokommunikation ist freiwillig. Sie können jederzeit aufhören und "
        "stattdessen telefonieren oder in das Jobcenter kommen. Sie haben dadurch "
        "keine Nachteile. Wenn die Technik nicht funktioniert, gilt der Termin nicht "
        "als versäumt."
    )
