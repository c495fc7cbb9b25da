"""
What a browser makes of the HTML that `pages.parts.show` and the plain doors make of each text.

Every body is put into one page twice, without the sanitiser of Streamlit and without any
policy: read by the parser, so that a script would run, and as innerHTML.
"""

import re
from collections.abc import Callable, Iterator

import pytest
import streamlit as st
from playwright.sync_api import Browser, Page
from starlette.requests import Request

from pages.doors import plain
from pages.parts import show
from tests.browser.beacon import Beacon, Seen
from tests.browser.people import wait_until
from tests.hostile import HOSTILE
from tests.hostile.markup import HTML

AT = "http://stage.test/"
SCOPE = {
    "query_string": b"",
    "type": "http",
    "method": "GET",
    "path": "/",
    "raw_path": b"/",
    "headers": [],
}
SHOWN: dict[str, Callable[[str], None]] = {
    "text": lambda text: show.text(text, "p", "lead"),
    "heading": show.heading,
    "facts": lambda text: show.facts({text: text}, {text: text}),
    "call us": lambda text: show.call_us("Rufen Sie uns an: {phone}.", text),
    "steps": lambda text: show.steps([text, text], 1),
    "link": lambda text: show.link(text, "anmelden"),
    "state": lambda text: show.state(True, text),
    "result": lambda text: show.result(text, None, text),
    "terms": lambda text: show.terms(text, [(text, text)]),
}
TAGS = {
    *("A", "BUTTON", "DD", "DIV", "DL", "DT", "FORM", "H1", "H2", "INPUT", "LABEL", "LI", "OL"),
    *("P", "SPAN"),
}
LOOK = """
() => ({
  bodies: document.querySelectorAll("body > .body").length,
  strangers: document.querySelectorAll("body > :not(.body)").length,
  tags: [...new Set([...document.querySelectorAll(".body *")].map((each) => each.tagName))],
  attributes: [...new Set([...document.querySelectorAll(".body *")]
    .flatMap((each) => each.getAttributeNames()))].sort(),
  links: [...new Set([...document.querySelectorAll(".body a")].map((each) => each.href))],
  texts: [...document.querySelectorAll(".body > p.lead")].map((each) => each.textContent),
})
"""
INNER = """
(bodies) => document.body.replaceChildren(...bodies.map((body) => {
  const around = document.createElement("div");
  around.className = "body";
  around.innerHTML = body;
  return around;
}))
"""


def texts(beacon: Beacon) -> list[str]:
    """Those that can be sent at all, pointing at the beacon."""
    sendable = [text.encode(errors="replace").decode() for text in HOSTILE]
    return [beacon.pointed_at(text) for text in sendable]


@pytest.fixture(scope="module")
def bodies(beacon: Beacon) -> list[str]:
    """Each text in each place of `show`, and on the plain pages."""
    made: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(st, "html", made.append)
        for text in texts(beacon):
            for shown in SHOWN.values():
                shown(text)
    assert len(made) == len(SHOWN) * len(HOSTILE)
    return made + [body for text in texts(beacon) for body in plain_bodies(text)]


def plain_bodies(text: str) -> Iterator[str]:
    request = Request(SCOPE)
    for page in (
        plain.page(request, "sign_in.html", problem="", login=text, form="x"),
        plain.page(request, "message.html", sentences=["Guten Tag"], phone=text),
    ):
        [body] = re.findall("<main>(.*)</main>", bytes(page.body).decode(), re.DOTALL)
        yield body


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    yield page
    page.close()


def open_with(page: Page, bodies: list[str]) -> list[str]:
    """One page of all these bodies; what it asks for from then on."""
    inside = "".join(f'<div class="body">{body}</div>' for body in bodies)
    html = f"<!doctype html><html lang=de><title>x</title><body>{inside}</body></html>"
    page.route(AT, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(AT)
    page.wait_for_load_state()
    return asked


def as_read(text: str) -> str:
    """What the parser leaves of it: one kind of line break, no NUL."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def test_every_text_is_text_and_nothing_is_run_or_fetched(
    page: Page, beacon: Beacon, bodies: list[str]
) -> None:
    seen, before = Seen(), beacon.asked
    seen.watch(page)
    asked = open_with(page, bodies)
    parsed = page.evaluate(LOOK)
    page.evaluate(INNER, bodies)
    page.wait_for_function("() => [...document.images].every((each) => each.complete)")
    for look in (parsed, page.evaluate(LOOK)):
        assert (look["bodies"], look["strangers"]) == (len(bodies), 0)
        assert set(look["tags"]) <= TAGS
        assert [name for name in look["attributes"] if name.startswith("on")] == []
        assert set(look["attributes"]) & {"src", "srcset", "style", "background"} == set()
        assert look["links"] == [f"{AT}anmelden"]
    assert parsed["texts"] == [as_read(text) for text in texts(beacon)]
    assert (asked, beacon.asked - before, seen) == ([AT], 0, Seen())


def test_the_same_texts_unescaped_are_noticed(page: Page, beacon: Beacon) -> None:
    seen, before = Seen(), beacon.asked
    seen.watch(page)
    asked = open_with(page, [beacon.pointed_at(text) for text in HTML[:12]])
    assert "SCRIPT" in page.evaluate(LOOK)["tags"]
    wait_until(lambda: beacon.asked > before, "something is fetched")
    assert len(asked) > 1
    assert len(seen.dialogs) > 1
