"""The chat: nothing that somebody writes is lost, and it is read at once, on a phone, too."""

import re
from statistics import median

from playwright.sync_api import Browser, Locator, expect

from core import clock
from core.office import chat
from tests.browser import office
from tests.browser.people import Advisor, Person, Visitor, wait_until
from tests.browser.server import Invited, Served

GUESTS, TIMES = 4, 5  # each with a share of the gate of their own


def kept(served: Served, invited: Invited) -> list[str]:
    return [line.text for line in chat.read(served.advisor, invited.appointment_id)]


def test_what_is_written_as_soon_as_the_page_is_there_is_kept(
    served: Served, clients: Browser, people: list[Person]
) -> None:
    """Just then the call is built up, and has the page redrawn several times a second."""
    for _ in range(GUESTS):
        invited = served.plan()
        office.talking(served, invited)
        visitor = Visitor(clients, served.base_url, viewport={"width": 1280, "height": 800})
        people.append(visitor)
        written = [f"Satz {number}" for number in range(TIMES)]
        for text in written:
            visitor.opens(invited.link)
            visitor.page.get_by_test_id("stChatInput").wait_for()
            visitor.writes(text)
            wait_until(lambda t=text: t in kept(served, invited), text, 10)  # type: ignore[misc]  # noqa: B023
        assert kept(served, invited) == written
        visitor.page.close()


TYPED = """() => {
  window.typed = {};
  const note = ({ target }) => { window.typed[target.value] ??= Date.now(); };
  document.addEventListener("input", note, true);
}"""
READ = """() => {
  window.read = {};
  const look = () => {
    for (const line of document.querySelectorAll(".written > div")) {
      window.read[line.textContent] ??= Date.now();
    }
  };
  const all = { subtree: true, childList: true, characterData: true };
  new MutationObserver(look).observe(document.body, all);
}"""


def talk(served: Served, visitor: Visitor, advisor: Advisor) -> Invited:
    """The visitor on a phone and the advisor at the desk, both in the room."""
    invited = served.plan()
    office.talking(served, invited)
    visitor.opens(invited.link)
    visitor.sees("Beratungsraum")
    advisor.page.goto(f"/beratung?termin={invited.appointment_id}")
    advisor.page.get_by_test_id("stChatInput").wait_for()
    return invited


def switch(person: Person) -> Locator:
    return person.page.get_by_role("checkbox", name="Text sofort zeigen, während ich schreibe")


def test_what_is_written_is_read_at_once_if_its_writer_wants_that(
    served: Served, visitor: Visitor, advisor: Advisor
) -> None:
    talk(served, visitor, advisor)
    visitor.opens_chat()
    expect(switch(visitor)).not_to_be_checked()
    visitor.page.get_by_text("Text sofort zeigen").click()
    expect(visitor.page).to_have_url(re.compile("sofort=[0-9a-f]{16}$"))
    visitor.page.reload()
    visitor.opens_chat()
    expect(switch(visitor)).to_be_checked()
    visitor.page.wait_for_function("() => window.beratungsraum?.live?.connected")
    visitor.page.evaluate(TYPED)
    advisor.page.evaluate(READ)
    field = visitor.page.get_by_test_id("stChatInput").get_by_role("textbox")
    seen = []
    for end in range(1, len("Guten Tag") + 1):
        text = "Guten Tag"[:end].rstrip()
        field.press_sequentially("Guten Tag"[end - 1])
        advisor.page.wait_for_function("(text) => text in window.read", arg=text)
        read = advisor.page.evaluate("(text) => window.read[text]", text)
        seen.append(read - visitor.page.evaluate("(text) => window.typed[text]", text))
    assert median(seen) < 500
    written = advisor.page.locator(".written")
    assert written.locator(".who").inner_text() == "Emil Özdemir schreibt gerade:"
    said = written.locator("xpath=ancestor-or-self::*[@aria-live][1]")
    assert said.get_attribute("aria-live") == "off"
    field.press("Enter")
    expect(advisor.page.locator(".st-key-chatlog li")).to_have_count(1)
    expect(written).to_have_count(0)


def test_what_is_said_is_read_without_a_run_of_the_readers_page(
    served: Served, visitor: Visitor, advisor: Advisor
) -> None:
    talk(served, visitor, advisor)
    visitor.opens_chat()
    visitor.writes("Hallo")
    lines = advisor.page.locator(".st-key-chatlog li")
    expect(lines).to_have_count(1)
    advisor.page.evaluate("() => void (beratungsraum.socket.send = () => {})")
    visitor.writes("Siehe <b>https://example.org</b>")
    expect(lines).to_have_count(2)
    assert lines.nth(1).locator("div").inner_text() == "Siehe <b>https://example.org</b>"
    assert lines.nth(1).locator("a").get_attribute("href") == "https://example.org"


def test_what_was_said_while_the_line_was_down_is_read_when_it_is_back(
    served: Served, visitor: Visitor, advisor: Advisor
) -> None:
    invited = talk(served, visitor, advisor)
    visitor.opens_chat()
    visitor.writes("vorher")
    lines = advisor.page.locator(".st-key-chatlog li > div")
    expect(lines).to_have_text(["vorher"])
    advisor.page.context.set_offline(True)
    guest = office.guest_of(served, invited)
    for text in ("eins", "zwei"):
        chat.write(guest, clock.now(), invited.appointment_id, text)
    advisor.page.context.set_offline(False)
    expect(lines).to_have_text(["vorher", "eins", "zwei"], timeout=15_000)


def test_on_a_phone_a_message_is_marked_and_read_without_hiding_the_picture(
    served: Served, visitor: Visitor, advisor: Advisor
) -> None:
    talk(served, visitor, advisor)
    advisor.writes("Bitte lesen Sie das.")
    visitor.page.get_by_role("button", name="Chat öffnen (1 neu)").click()
    expect(visitor.page.get_by_text("Bitte lesen Sie das.")).to_be_in_viewport(ratio=1)
    expect(visitor.page.get_by_test_id("stChatInput")).to_be_in_viewport(ratio=1)
    panel = visitor.page.get_by_test_id("stSidebar").bounding_box()
    stage = visitor.page.locator(".stage").bounding_box()
    assert panel is not None
    assert stage is not None
    assert (stage["y"], stage["height"] > 250) == (0, True)
    assert stage["y"] + stage["height"] <= panel["y"] + 1
    visitor.closes_chat()
    expect(visitor.page.get_by_role("button", name="Chat öffnen", exact=True)).to_be_visible()
