"""The visitor's whole way with Tab, Enter and Space only, from the personal link to goodbye."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.people import START, Advisor, Visitor, wait_until
from tests.browser.server import Served

MOST_TABS = 40
# What is drawn around something; where the focus is has to be seen.
LOOKS = """
(element) => {
  const looks = [];
  for (let each = element, up = 0; each && up < 6; each = each.parentElement, up += 1) {
    const { outlineStyle, outlineColor, boxShadow, borderColor } = getComputedStyle(each);
    looks.push([outlineStyle, outlineColor, boxShadow, borderColor]);
  }
  return JSON.stringify(looks);
}
"""
FOCUSED = "(element) => element === document.activeElement"
WHERE = "() => document.activeElement?.outerHTML.slice(0, 120)"


class Keyboard:
    """Somebody's keys; nothing else of the page is touched."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def begins(self, heading: str) -> None:
        """A new step: the page itself has put the focus on its heading."""
        expect(self.page.get_by_role("heading", name=heading, exact=True)).to_be_focused()

    def goes_to(self, target: Locator) -> None:
        """Tab until it has the focus, visibly."""
        expect(target).to_be_visible()
        before, passed = target.evaluate(LOOKS), []
        for _tab in range(MOST_TABS):
            if target.evaluate(FOCUSED):
                break
            self.page.keyboard.press("Tab")
            passed.append(self.page.evaluate(WHERE))
        else:
            raise AssertionError(f"not reached by Tab: {target}, but {passed}")
        if passed:
            wait_until(lambda: target.evaluate(LOOKS) != before, f"the focus is seen: {target}", 2)

    def presses(self, name: str, key: str = "Enter") -> None:
        self.goes_to(self.page.get_by_role("button", name=name, exact=True))
        self.page.keyboard.press(key)

    def writes(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")


def test_with_the_keyboard_alone_a_visitor_comes_to_the_talk_takes_part_and_leaves(
    served: Served, visitor: Visitor, advisor: Advisor
) -> None:
    invited, keys = served.plan(), Keyboard(visitor.page)
    visitor.opens(invited.link)

    visitor.sees("Startseite")
    agree = visitor.page.get_by_role("checkbox", name="Ich stimme den Nutzungsbedingungen zu")
    keys.goes_to(agree)
    visitor.page.keyboard.press("Space")
    expect(agree).to_be_checked()
    keys.presses("Weiter")

    keys.begins("Gerät prüfen")
    keys.presses(START)
    expect(visitor.page.get_by_text("Die Kamera funktioniert.")).to_be_visible()
    expect(visitor.page.get_by_text("Das Mikrofon funktioniert.")).to_be_visible()
    keys.presses("Testton abspielen", "Space")
    keys.presses("Ja")
    keys.presses("Schritt 2: Beratungsraum betreten")
    visitor.sees("Warteraum")

    advisor.goes_to_desk(invited.appointment_id)
    advisor.turn_on()
    advisor.sees_own_picture()
    advisor.press("Beratungsraum öffnen")
    keys.begins("Beratungsraum")
    visitor.sees_and_hears()

    keys.presses("Mikrofon ausschalten", "Space")
    wait_until(lambda: advisor.hears_nothing_for(1), "the advisor hears nothing")
    keys.presses("Mikrofon einschalten", "Space")
    advisor.sees_and_hears()

    keys.presses("Chat öffnen")
    keys.goes_to(visitor.page.get_by_test_id("stChatInput").get_by_role("textbox"))
    keys.writes("Guten Tag, ich schreibe mit der Tastatur.")
    expect(advisor.page.locator("ol.chat li")).to_have_count(1)
    keys.presses("Chat schließen")

    keys.presses("Gespräch beenden")
    visitor.sees("Beratungsraum verlassen")
    wait_until(lambda: visitor.live_tracks() == 0, "camera and microphone are released")
