"""Inside one call: messages, text that is seen while it is written, and a screen."""

import re

from playwright.sync_api import expect

from bench import eyes
from bench.room.scene import Scene
from tests.browser.people import Person, Visitor

AT_ONCE = "Text sofort zeigen, während ich schreibe"
MESSAGES = "ol.chat li"
WRITTEN = ".written"
PAUSE = 500  # milliseconds


def chat(scene: Scene, visitor: Visitor, messages: int) -> None:
    """From Enter to the other side's page, both ways."""
    visitor.page.get_by_role("button", name="Chat öffnen").click()
    scene.advisor.opens_chat()
    for number in range(messages):
        pair: tuple[Person, Person] = (scene.advisor, visitor)
        writer, reader = pair if number % 2 else pair[::-1]
        text = f"Nachricht {number:03}"
        writer.page.wait_for_timeout(PAUSE)  # nobody answers within the same moment
        eyes.watch(reader, eyes.SAYS, [MESSAGES, text])
        eyes.watch(writer, eyes.PRESSED)
        writer.writes(text)
        scene.times.note("chat", eyes.noted(writer, "pressed"), eyes.noted(reader, "said"))


def real_time_text(scene: Scene, visitor: Visitor, characters: int) -> None:
    """From a key to the character at the other side."""
    visitor.page.get_by_text(AT_ONCE).click()
    expect(visitor.page).to_have_url(re.compile("sofort=[0-9a-f]{16}"))
    field = visitor.page.get_by_test_id("stChatInput").get_by_role("textbox")
    field.click()
    said = ""
    for number in range(characters):
        said += "abcdefghij"[number % 10]
        eyes.watch(scene.advisor, eyes.SAYS, [WRITTEN, said])
        eyes.watch(visitor, eyes.TYPED)
        field.press(said[-1])
        typed, shown = eyes.noted(visitor, "typed"), eyes.noted(scene.advisor, "said")
        scene.times.note("real-time text", typed, shown)
    field.press("Enter")


def screen(scene: Scene, visitor: Visitor, times: int) -> None:
    """From the press of the button to the first picture of the screen at the client."""
    advisor = scene.advisor
    advisor.checks_identity()
    for _time in range(times):
        start = advisor.page.get_by_role("button", name="Bildschirm zeigen")
        expect(start).to_be_enabled()
        eyes.watch(visitor, eyes.SCREEN)
        eyes.watch(advisor, eyes.PRESSED)
        start.click()
        pressed, shown = eyes.noted(advisor, "pressed"), eyes.noted(visitor, "shown")
        scene.times.note("screen", pressed, shown)
        advisor.page.get_by_role("button", name="Bildschirm nicht mehr zeigen").click()
        expect(visitor.page.locator(".stage .tile.screen:not([hidden])")).to_have_count(0)
