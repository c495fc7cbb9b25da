"""What a mouse does twice counts once, and what is typed for a day is never replaced."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlmodel import Session, col, select

from core import clock
from core.appointment import GuestRole
from core.engine import engine
from core.office import hosting
from core.records import Appointment, Message, StaffSession
from tests.browser import office
from tests.browser.people import Advisor, Visitor
from tests.browser.server import LOGIN, PASSWORD, Served

APART = 130  # milliseconds between the two clicks of somebody who clicks twice
NAME, MAIL = "Name", "E-Mail-Adresse"
LANGUAGE = "Sprache der Einladung"
DAY, BEGINS = "Tag, zum Beispiel", "Beginn, zum Beispiel"
SIGNED_OUT = "Nicht angemeldet"
BAD_DAY = "Diesen Tag können wir nicht lesen"


def looks_again(advisor: Advisor) -> None:
    """At a Tagesplan that has what was planned meanwhile."""
    advisor.press("Termin anlegen")
    advisor.sees("Termin anlegen")
    advisor.press("Tagesplan")


def rows(table: type) -> int:
    with Session(engine()) as session:
        return len(session.exec(select(table)).all())


def mails(served: Served) -> int:
    return len(list((served.folder / "outbox").glob("*.eml")))


def place(button: Locator) -> dict[str, float]:
    button.hover()  # which scrolls to it, and waits until it stands still
    box = button.bounding_box()
    assert box is not None
    return {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}


def clicks(page: Page, where: dict[str, float], moment: float) -> None:
    """At a moment that is given: a busy machine would pass it on later than a hand clicks."""
    devtools = page.context.new_cdp_session(page)
    for turn in ("mousePressed", "mouseReleased"):
        how = {"type": turn, "button": "left", "clickCount": 1, "timestamp": moment}
        devtools.send("Input.dispatchMouseEvent", how | where)
    devtools.detach()


def one_after_the_other(button: Locator) -> None:
    """Two clicks at the same place, whatever is there by the time of the second."""
    where, first = place(button), time.time()
    clicks(button.page, where, first)
    button.page.wait_for_timeout(APART)
    clicks(button.page, where, first + APART / 1000)


def at_once(button: Locator) -> None:
    button.dblclick()


def by_keys(button: Locator) -> None:
    button.focus()
    for _ in range(2):
        button.page.keyboard.press("Enter")


TWICE = [one_after_the_other, at_once, by_keys]


@pytest.fixture
def form(advisor: Advisor) -> Advisor:
    """Somebody who plans an appointment, with nothing but the day still to be typed."""
    advisor.press("Termin anlegen")
    advisor.sees("Termin anlegen")
    advisor.page.get_by_label(NAME, exact=True).fill("Karla Beispiel")
    advisor.page.get_by_label(MAIL).fill("karla@example.org")
    # What comes last moves the button below it, from under a mouse that is on its way there.
    for last in (advisor.page.get_by_role("radio", name="90"), advisor.page.get_by_label(LANGUAGE)):
        expect(last).to_be_visible()
    return advisor


@pytest.mark.parametrize("twice", TWICE)
def test_pressed_twice_one_appointment_is_planned_and_its_link_is_there(
    form: Advisor, served: Served, twice: Callable[[Locator], None]
) -> None:
    before = rows(Appointment), mails(served)
    button = form.page.get_by_role("button", name="Weiter")
    twice(button)
    form.sees("Termin prüfen")
    assert (rows(Appointment), mails(served)) == before
    twice(form.page.get_by_role("button", name="Termin anlegen und einladen"))
    expect(form.page.get_by_text("Persönlicher Link für Karla Beispiel")).to_be_visible()
    form.press("Abmelden")  # whatever was pressed before is done by then
    form.sees(SIGNED_OUT)
    assert (rows(Appointment), mails(served)) == (before[0] + 1, before[1] + 1)


@pytest.mark.parametrize("twice", TWICE)
def test_pressed_twice_there_is_one_new_link_and_it_is_the_one_that_is_shown(
    advisor: Advisor, served: Served, twice: Callable[[Locator], None]
) -> None:
    invited = served.plan()
    before = mails(served)
    looks_again(advisor)
    advisor.goes_to_desk(invited.appointment_id)
    advisor.page.get_by_text("Weitere Schritte").click()
    twice(advisor.page.get_by_role("button", name="Neuen Link senden"))
    shown = advisor.page.get_by_test_id("stCode")
    expect(shown).to_contain_text("/termin/")
    shown.hover()
    expect(shown.get_by_role("button")).to_have_accessible_name("Link kopieren")
    link = shown.inner_text().strip()
    advisor.press("Abmelden")
    advisor.sees(SIGNED_OUT)
    advisor.page.goto(link)
    advisor.sees("Startseite")
    assert mails(served) == before + 1


def test_who_presses_for_one_page_and_then_for_another_gets_to_the_second(
    advisor: Advisor, served: Served
) -> None:
    invited = served.plan()
    for _ in range(3):
        advisor.page.goto(f"/beratung?termin={invited.appointment_id}")
        advisor.call_is_ready()
        # So soon that the page which is left has not been taken away: a press there hits nothing.
        advisor.page.evaluate(
            """async () => {
              const [first, second] = ["to_new", "to_agenda"].map(
                (key) => document.querySelector(`.st-key-${key} button`));
              first.click();
              await new Promise((done) => setTimeout(done, 20));
              second.click();
            }"""
        )
        advisor.sees("Tagesplan")
        expect(advisor.page.get_by_role("button", name="Tag vor")).to_be_visible()


@pytest.mark.parametrize("twice", TWICE)
def test_whoever_presses_twice_is_signed_in_once(
    clients: Browser, served: Served, twice: Callable[[Locator], None]
) -> None:
    person, before = Advisor(clients, served.base_url), rows(StaffSession)
    try:
        person.page.goto("/anmelden")
        person.page.get_by_label("Anmeldename").fill(LOGIN)
        person.page.get_by_label("Passwort").fill(PASSWORD)
        twice(person.page.get_by_role("button", name="Anmelden"))
        person.sees("Tagesplan")
        assert rows(StaffSession) == before + 1
    finally:
        person.leave()


def test_a_message_is_written_once_however_often_it_is_sent(
    visitor: Visitor, served: Served
) -> None:
    invited = served.plan()
    visitor.opens(invited.link)
    visitor.agrees()
    visitor.press("Schritt 2: Beratungsraum betreten")
    visitor.sees("Warteraum")
    hosting.open_room(served.advisor, clock.now(), invited.appointment_id, {invited.guest_id: None})
    visitor.sees("Beratungsraum")
    visitor.page.get_by_role("button", name="Chat öffnen").click()
    field = visitor.page.get_by_test_id("stChatInput").get_by_role("textbox")
    for number in range(3):
        field.fill(f"Nachricht {number}")
        field.press("Enter")
        field.press("Enter")
        expect(visitor.page.locator(".st-key-chatlog li")).to_have_count(number + 1)
    field.fill("Letzte")
    visitor.page.get_by_test_id("stChatInputSubmitButton").dblclick()
    expect(visitor.page.locator(".st-key-chatlog li")).to_have_count(4)
    assert rows(Message) == 4


BECOMES = """
([label, apart]) => {
  const box = document.createElement("div");
  box.className = "stButton";
  box.innerHTML = "<button style='position:fixed;z-index:9999999;top:0;left:0'>Eins</button>";
  window.pressed = [];
  box.firstChild.addEventListener("click", (event) => {
    window.pressed.push(event.target.textContent);
    event.target.textContent = label;
  });
  document.body.append(box);
  // The moment of each is given: on a busy machine what waits for it would be slower than a hand.
  for (const timeStamp of [performance.now(), performance.now() + apart]) {
    const how = { bubbles: true, cancelable: true, detail: 1, clientX: 9 };
    const click = new MouseEvent("click", how);
    Object.defineProperty(click, "timeStamp", { value: timeStamp });
    box.firstChild.dispatchEvent(click);
  }
  return window.pressed;
}
"""


@pytest.mark.parametrize(
    ("label", "apart", "pressed"),
    [
        ("Zwei", 0, ["Eins"]),
        ("Zwei", APART, ["Eins"]),
        ("Zwei", 700, ["Eins", "Zwei"]),
        ("Eins", 0, ["Eins", "Eins"]),  # as fast as one likes
        ("Eins", APART, ["Eins", "Eins"]),
    ],
)
def test_a_second_click_hits_no_button_that_was_another_one_at_the_first(
    advisor: Advisor, label: str, apart: int, pressed: list[str]
) -> None:
    expect(advisor.page.locator("#connection.late")).to_have_count(0)  # our scripts have begun
    assert advisor.page.evaluate(BECOMES, [label, apart]) == pressed


@pytest.mark.parametrize("twice", TWICE)
def test_the_second_press_never_hits_what_has_come_in_the_place_of_the_first(
    advisor: Advisor, served: Served, twice: Callable[[Locator], None]
) -> None:
    """Such as the way back into the talk, where the way out of it was."""
    invited = served.plan()
    other = office.joined_by(served, invited, "Ida Gleich", GuestRole.INTERPRETER)
    office.waiting(served, invited)
    office.waiting(served, other)
    hosting.open_room(served.advisor, clock.now(), invited.appointment_id, {})
    looks_again(advisor)
    advisor.goes_to_desk(invited.appointment_id)
    twice(advisor.page.get_by_role("button", name="Die anderen kurz allein lassen"))
    expect(advisor.page.get_by_role("button", name="Zurück ins Gespräch")).to_be_visible()
    advisor.press("Abmelden")
    advisor.sees(SIGNED_OUT)
    now = office.appointment(invited)
    assert (now.private_since is not None, now.knocked_at) == (True, None)


@pytest.mark.parametrize("typed", ["07.12.99", "7.12.2099", "2099-12-07", "7. Dezember 2099"])
def test_the_day_that_is_typed_is_the_day_that_is_said_and_planned(
    form: Advisor, typed: str
) -> None:
    form.page.get_by_label(DAY).fill(typed)
    form.page.get_by_label(BEGINS).fill("9 Uhr")
    form.press("Weiter")
    form.sees("Termin prüfen")
    expect(form.page.get_by_text("Montag, 7. Dezember 2099, 09:00 Uhr")).to_be_visible()
    form.press("Termin anlegen und einladen")
    expect(form.page.get_by_text("Persönlicher Link für Karla Beispiel")).to_be_visible()
    with Session(engine()) as session:
        starts = session.exec(select(Appointment.starts_at).order_by(col(Appointment.id))).all()[-1]
    assert f"{starts:%Y-%m-%d %H:%M}" == "2099-12-07 08:00"


@pytest.mark.parametrize("typed", ["31.11.26", "12/07/2026", "nächsten Montag", "7.12.226", " "])
def test_a_day_that_cannot_be_read_stays_as_it_was_typed_and_is_refused_in_german(
    form: Advisor, served: Served, typed: str
) -> None:
    before = rows(Appointment)
    form.page.get_by_label(DAY).fill(typed)
    form.press("Weiter")
    expect(form.page.get_by_role("alert")).to_contain_text(BAD_DAY)
    expect(form.page.get_by_label(DAY)).to_have_value(typed)
    assert rows(Appointment) == before


def test_no_field_says_anything_in_english(advisor: Advisor) -> None:
    day = advisor.page.get_by_label(DAY)
    day.press_sequentially("7")
    english = r"/\b(press|enter|choose|select|invalid|apply|submit|clear|copy)\b/i"
    look = f"() => document.body.innerText.match({english})?.[0] ?? ''"
    assert advisor.page.evaluate(look) == ""
    advisor.press("Termin anlegen")
    advisor.page.get_by_label(NAME, exact=True).press_sequentially("K")
    assert advisor.page.evaluate(look) == ""
