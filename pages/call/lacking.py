"""
What people read when their microphone or camera cannot be used, and what helps.

By device and by the word the browser's end has for its state (`state` in devices.js). Knows
neither devices nor pages.
"""

from pages.words.words import _

Sentences = dict[str, str]  # by state


def sentences() -> dict[str, Sentences]:
    """For each device alone, and for both when they are in the same state."""
    return {"audio": _microphone(), "video": _camera(), "both": _both()}


def _microphone() -> Sentences:
    return {
        "missing": _(
            "Wir haben kein Mikrofon gefunden. Man hört Sie nicht. "
            "Sobald Sie eines anschließen, geht es von selbst weiter."
        ),
        "refused": _(
            "Das Mikrofon ist nicht erlaubt. Man hört Sie nicht. Tippen Sie auf das kleine Zeichen "
            "neben der Adresse, erlauben Sie es und drücken Sie dann „Mikrofon einschalten“."
        ),
        "forbidden": _(
            "Ihr Gerät erlaubt dem Browser das Mikrofon nicht. Man hört Sie nicht. "
            "Bitte erlauben Sie es in den Einstellungen des Geräts."
        ),
        "busy": _(
            "Ein anderes Programm benutzt Ihr Mikrofon. Man hört Sie nicht. "
            "Bitte schließen Sie es. Wir versuchen es weiter."
        ),
        "lost": _(
            "Ihr Mikrofon ist nicht mehr da. Man hört Sie nicht. "
            "Ist es noch angeschlossen? Wir versuchen es weiter."
        ),
        "muted": _(
            "Ihr Gerät hat das Mikrofon stumm geschaltet. Man hört Sie nicht. "
            "Bitte schalten Sie es am Gerät wieder ein."
        ),
        "unable": _("Dieser Browser kann Ihr Mikrofon nicht benutzen. Man hört Sie nicht."),
        "failed": _(
            "Das Mikrofon geht gerade nicht. Man hört Sie nicht. Bitte laden Sie die Seite neu."
        ),
    }


def _camera() -> Sentences:
    return {
        "missing": _(
            "Wir haben keine Kamera gefunden. Man sieht Sie nicht. Das Gespräch geht auch so."
        ),
        "refused": _(
            "Die Kamera ist nicht erlaubt. Man sieht Sie nicht. Tippen Sie auf das kleine Zeichen "
            "neben der Adresse, erlauben Sie sie und drücken Sie dann „Kamera einschalten“."
        ),
        "forbidden": _(
            "Ihr Gerät erlaubt dem Browser die Kamera nicht. Man sieht Sie nicht. "
            "Bitte erlauben Sie sie in den Einstellungen des Geräts."
        ),
        "busy": _(
            "Ein anderes Programm benutzt Ihre Kamera. Man sieht Sie nicht. "
            "Bitte schließen Sie es. Wir versuchen es weiter."
        ),
        "lost": _(
            "Ihre Kamera ist nicht mehr da. Man sieht Sie nicht. "
            "Ist sie noch angeschlossen? Wir versuchen es weiter."
        ),
        "muted": _(
            "Ihr Gerät hat die Kamera angehalten. Man sieht Sie nicht. "
            "Bitte schalten Sie sie am Gerät wieder ein."
        ),
        "unable": _("Dieser Browser kann Ihre Kamera nicht benutzen. Man sieht Sie nicht."),
        "failed": _(
            "Die Kamera geht gerade nicht. Man sieht Sie nicht. Bitte laden Sie die Seite neu."
        ),
    }


def _both() -> Sentences:
    """Who has neither may still watch and listen."""
    return {
        "missing": _(
            "Wir haben keine Kamera und kein Mikrofon gefunden. Sie können zusehen und zuhören. "
            "Ist alles angeschlossen? Sonst rufen Sie uns bitte an."
        ),
        "refused": _(
            "Kamera und Mikrofon sind nicht erlaubt. Sie können zusehen und zuhören. "
            "Tippen Sie auf das kleine Zeichen neben der Adresse, erlauben Sie beides und drücken "
            "Sie dann „Mikrofon einschalten“ und „Kamera einschalten“."
        ),
        "forbidden": _(
            "Ihr Gerät erlaubt dem Browser Kamera und Mikrofon nicht. Sie können zusehen und "
            "zuhören. Bitte erlauben Sie beides in den Einstellungen des Geräts."
        ),
        "busy": _(
            "Ein anderes Programm benutzt Kamera und Mikrofon. Sie können zusehen und zuhören. "
            "Bitte schließen Sie es. Wir versuchen es weiter."
        ),
        "lost": _(
            "Kamera und Mikrofon sind nicht mehr da. Sie können zusehen und zuhören. "
            "Ist alles noch angeschlossen? Wir versuchen es weiter."
        ),
        "muted": _(
            "Ihr Gerät hat Kamera und Mikrofon angehalten. Man sieht und hört Sie nicht. "
            "Bitte schalten Sie beides am Gerät wieder ein."
        ),
        "unable": _(
            "Dieser Browser kann keine Videogespräche, in denen man Sie sieht und hört. Sie können "
            "zusehen und zuhören. Zum Sprechen nehmen Sie bitte einen anderen Browser oder ein "
            "anderes Gerät."
        ),
        "failed": _(
            "Kamera und Mikrofon gehen gerade nicht. Sie können zusehen und zuhören. "
            "Bitte laden Sie die Seite neu."
        ),
    }
