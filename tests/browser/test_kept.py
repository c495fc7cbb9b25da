"""A browser that remembers nothing, or something else: the call goes on as if nothing were kept."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import alone
from tests.browser.people import START

THROWS = """
Object.defineProperty(window, "sessionStorage", {
  get() { throw new DOMException("The operation is insecure.", "SecurityError"); },
});
"""
IS_NULL = 'Object.defineProperty(window, "sessionStorage", { value: null });'
FULL = """
Storage.prototype.setItem = () => { throw new DOMException("", "QuotaExceededError"); };
"""
CANNOT_READ = 'Storage.prototype.getItem = () => { throw new DOMException("", "UnknownError"); };'
KEPT = """
for (const name of ["", "-wenig", "-screen"]) sessionStorage["beratungsraum" + name] = '{value}';
"""
BROKEN, OTHERS = KEPT.replace("{value}", "{"), KEPT.replace("{value}", '"said"')
STORAGES = [THROWS, IS_NULL, FULL, CANNOT_READ, BROKEN, OTHERS]
NAMES = ["throws", "null", "full", "unreadable", "broken", "of others"]


@pytest.fixture(params=STORAGES, ids=NAMES)
def page(request: pytest.FixtureRequest, clients: Browser) -> Iterator[Page]:
    """A stage in a browser that has this for a memory."""
    context = clients.new_context(locale="de-DE")
    try:
        yield alone.opened(context, request.param)
    finally:
        context.close()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_who_mutes_themself_is_not_heard_and_who_hides_is_not_seen(page: Page) -> None:
    press(page, START)
    alone.sends(page, "audio video")
    press(page, "Mikrofon ausschalten")
    alone.sends(page, "video")
    press(page, "Kamera ausschalten")
    alone.sends(page, "")
    press(page, "Mikrofon einschalten")
    alone.sends(page, "audio")


def test_little_data_can_be_chosen(page: Page) -> None:
    press(page, START)
    press(page, "Einstellungen")
    button = page.get_by_role("button", name="Wenig Daten")
    pressed = button.get_attribute("aria-pressed")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false" if pressed == "true" else "true")
