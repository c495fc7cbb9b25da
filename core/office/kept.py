"""
The data map: what is stored, what for, how long, and how it goes.

The deeds of `core.office.forgetting` follow this one table; the page /datenschutz and
docs/datenschutz/loeschfristen.md show it.
"""

from dataclasses import dataclass

from core.appointment import MediaDevice
from core.office.periods import Goes, Period

SINCE = ("screen_since", "private_since", "knocked_at")


@dataclass(frozen=True)
class Kept:
    """Columns of a table; without columns, something that lies elsewhere."""

    place: str
    columns: tuple[str, ...]
    what: str
    why: str
    period: Period
    goes: Goes


def _(sentence: str) -> str:
    """Marks a sentence for the catalogue; anyone who shows it translates it."""
    return sentence


KEPT: tuple[Kept, ...] = (
    Kept(
        "message",
        ("id", "jobcenter_id", "appointment_id", "at", "guest_id", "staff_id", "text", "private"),
        _("Nachrichten im Chat, und ob sie das Jobcenter nicht lesen darf"),
        _("damit alle im Gespräch sie lesen können"),
        Period.CHAT,
        Goes.DELETED,
    ),
    Kept(
        "message_reader",
        ("id", "appointment_id", "message_id", "guest_id", "device_hash"),
        _("Wer da war, als ohne das Jobcenter geschrieben wurde, mit Prüfwert des Browsers"),
        _("damit niemand es liest, der erst später dazukommt"),
        Period.CHAT,
        Goes.DELETED,
    ),
    Kept(
        "guest",
        ("name",),
        _("Ihr Name"),
        _("damit das Jobcenter weiß, wer eingeladen ist und wartet"),
        Period.NAMES,
        Goes.EMPTIED,
    ),
    Kept(
        "guest",
        ("email",),
        _("Ihre E-Mail-Adresse"),
        _("um Ihnen den Link zu schicken"),
        Period.NAMES,
        Goes.EMPTIED,
    ),
    Kept(
        "guest",
        ("secret_hash",),
        _("Prüfwert Ihres Links (der Link selbst wird nicht gespeichert)"),
        _("um Ihren Link zu erkennen"),
        Period.NAMES,
        Goes.REPLACED,
    ),
    Kept(
        "guest",
        ("device_hash", "own_device_hash", "device_changed_at", "doubted_at"),
        _("Prüfwerte Ihrer Browser und wann Sie das Gerät gewechselt haben"),
        _("damit nur ein Gerät in Ihrem Namen am Gespräch teilnimmt"),
        Period.NAMES,
        Goes.UNLINKED,
    ),
    Kept(
        "guest",
        ("language",),
        _("Ihre Sprache"),
        _("damit Sie alles in Ihrer Sprache lesen"),
        Period.REST,
        Goes.DELETED,
    ),
    Kept(
        "guest",
        ("id", "jobcenter_id", "appointment_id", "role", "status", "mail_sent_at", "waiting_since"),
        _("Ihre Rolle im Termin, wann Sie eingeladen wurden, Ihr Schritt, seit wann Sie warten"),
        _("damit Sie nach einem Neuladen dort weitermachen, wo Sie waren"),
        Period.REST,
        Goes.DELETED,
    ),
    Kept(
        "guest",
        ("consented_at", "consented_version"),
        _("Wann Sie welchen Nutzungsbedingungen zugestimmt haben"),
        _("als Nachweis der Zustimmung"),
        Period.REST,
        Goes.DELETED,
    ),
    Kept(
        "guest",
        (
            *(f"{each.value}_worked" for each in MediaDevice),
            "camera_lacks",
            "microphone_lacks",
            "technique_failed_at",
        ),
        _("Ergebnis der Geräteprüfung, auch warum etwas nicht ging. Ihr Jobcenter sieht es."),
        _("damit ein Termin nicht als versäumt gilt, wenn die Technik nicht funktioniert hat"),
        Period.REST,
        Goes.DELETED,
    ),
    Kept(
        "guest",
        ("identity_at", "identity_by", "identity_how"),
        _("Wer wann und auf welche Weise Ihre Identität geprüft hat (nie ein Bild)"),
        _("als Nachweis, dass mit der richtigen Person gesprochen wurde"),
        Period.REST,
        Goes.DELETED,
    ),
    Kept(
        "appointment",
        ("id", "jobcenter_id", "advisor_id", "starts_at", "ends_at", "status", "taken", *SINCE),
        _("Der Termin: Zeit, Stand, wer ihn führt, gezeigter Bildschirm, Gespräch ohne Jobcenter"),
        _("um das Gespräch zu planen und zu führen"),
        Period.REST,
        Goes.DELETED,
    ),
    Kept(
        "happening",
        ("appointment_id", "guest_id", "staff_id", "actor_id"),
        _("Wer bei welchem Termin etwas getan hat (ohne Namen und ohne Inhalte)"),
        _("um nachzuvollziehen, was geschehen ist, zum Beispiel bei einem Streit"),
        Period.REST,
        Goes.UNLINKED,
    ),
    Kept(
        "happening",
        ("id", "at", "jobcenter_id", "by", "what"),
        _("Dass und wann etwas geschehen ist, ohne Bezug auf Personen und Termine"),
        _("um zu zählen, wie die Anwendung genutzt wird"),
        Period.TRAIL,
        Goes.DELETED,
    ),
    Kept(
        "staff",
        ("id", "jobcenter_id", "name", "login", "password_hash", "role", "disabled_at"),
        _("Konten der Mitarbeitenden: Name, Anmeldename, Prüfwert des Passworts, Rolle"),
        _("damit sich Mitarbeitende anmelden und Sie wissen, mit wem Sie sprechen"),
        Period.ACCOUNT,
        Goes.DELETED,
    ),
    Kept(
        "staff_session",
        ("id", "jobcenter_id", "staff_id", "token_hash", "created_at", "seen_at", "ended_at"),
        _("Anmeldungen der Mitarbeitenden: Beginn, letzte Aktivität, Ende"),
        _("damit eine Anmeldung sofort beendet werden kann"),
        Period.SESSION,
        Goes.DELETED,
    ),
    Kept(
        "jobcenter",
        ("id", "name", "phone"),
        _("Name und Telefonnummer des Jobcenters"),
        _("damit Sie wissen, mit wem Sie sprechen, und anrufen können"),
        Period.OFFICE,
        Goes.STAYS,
    ),
    Kept(
        "timekeeping",
        ("id", "moment", "boot", "seconds"),
        _("Bis wann die Zeit gezählt ist"),
        _("damit eine falsch gestellte Uhr nichts löscht"),
        Period.OFFICE,
        Goes.STAYS,
    ),
    Kept(
        _("Ordner für E-Mails (nur ohne Mailserver)"),
        (),
        _("Einladungen und Absagen mit Ihrem Namen, Ihrer Adresse und dem Link"),
        _("zum Weitergeben, solange kein Mailserver eingerichtet ist"),
        Period.OUTBOX,
        Goes.DELETED,
    ),
    Kept(
        _("Ihr Browser"),
        (),
        _("Cookies mit Ihrem Link oder der Anmeldung; keine Cookies zur Verfolgung"),
        _("damit die Seite Sie wiedererkennt"),
        Period.BROWSER,
        Goes.DELETED,
    ),
    Kept(
        _("Ihr Browser"),
        (),
        _("Cookie mit Ihrer Sprache"),
        _("damit Sie alles in Ihrer Sprache lesen"),
        Period.CHOICE,
        Goes.DELETED,
    ),
    Kept(
        _("Arbeitsspeicher des Servers"),
        (),
        _("Bild und Ton des Gesprächs, technische Nummer der Sitzung, Adresse des Geräts"),
        _("um das Gespräch zu übertragen und Angriffe abzuwehren"),
        Period.CONNECTED,
        Goes.DELETED,
    ),
    Kept(
        _("Arbeitsspeicher des Servers"),
        (),
        _("Einladungen und Absagen, die noch nicht gesendet sind, mit dem Link"),
        _("um sie zu senden, sobald der Mailserver antwortet"),
        Period.POST,
        Goes.DELETED,
    ),
    Kept(
        _("Protokoll des Servers"),
        (),
        _("Störungen mit Zeitpunkt, Fehlercode und Stelle im Programm; keine Angaben zu Ihnen"),
        _("um Fehler zu finden"),
        Period.OPERATOR,
        Goes.DELETED,
    ),
    Kept(
        _("Sicherungskopien"),
        (),
        _("Stand der Datenbank am Tag der Kopie"),
        _("um nach einem Ausfall weiterarbeiten zu können"),
        Period.OPERATOR,
        Goes.DELETED,
    ),
)
