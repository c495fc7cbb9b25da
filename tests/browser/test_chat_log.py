"""
The chat's log alone in a page, without a server: every text is text, nothing is drawn twice, and
what is new is in sight.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page

from core.pieces import pieces
from core.text import message_text
from pages.ui import modules
from tests.browser import alone
from tests.browser.beacon import Beacon, Seen
from tests.hostile import HOSTILE

ADDRESS = "https://chat.test/"
SCRIPT = """
import mount from "./ui/{version}/chat/chat.js";
import { live } from "./ui/{version}/live/socket.js";
Object.assign(window, { mount, live });
"""
WORDS = {"log": "Nachrichten", "you": "Sie", "earlier": "Frühere", "writes": "{name} schreibt:"}
DATA = {"lines": [], "more": False, "most": 9, "at_once": False, "longest": 500, "unsent": None}
DATA["words"] = WORDS
DRAW = """(data) => {
  window.leave = mount({ data, parentElement: document.getElementById("here") });
}"""
TELL = """([kind, detail]) => live.dispatchEvent(new CustomEvent(kind, { detail }))"""
# As live_socket.py would be asked.
SENT = """() => {
  window.sent = [];
  live.send = (what) => { sent.push(what); return true; };
}"""
FIELD = """() => {
  window.typed = [];
  const box = document.createElement("div");
  box.dataset.testid = "stChatInput";
  const field = document.createElement("textarea");
  field.addEventListener("input", () => typed.push(field.value));
  box.append(field);
  document.body.append(box);
}"""
TEXTS = "() => [...document.querySelectorAll('li > div')].map((each) => each.textContent)"
WITHOUT_HOSTS = """(all) => all.map((each) => {
  const copy = each.cloneNode(true);
  copy.querySelectorAll(".host").forEach((note) => note.remove());
  return copy.textContent;
})"""
SHOWN = """() => ({
  tags: [...new Set([...document.querySelectorAll("#here *")].map((each) => each.tagName))],
  names: [...new Set([...document.querySelectorAll("#here *")]
    .flatMap((each) => each.getAttributeNames()))].sort(),
  links: [...document.querySelectorAll("#here a")].map((a) => [a.href, a.target, a.rel, a.dir]),
})"""


@pytest.fixture
def asked() -> list[str]:
    """Every address the page asks for."""
    return []


@pytest.fixture
def page(context: BrowserContext, asked: list[str]) -> Iterator[Page]:
    """A page of our scripts and our style sheet, and nothing else."""
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    begun = "<script>window.beratungsraum = {}</script>"
    script = f'<script type="module">{SCRIPT.replace("{version}", modules.VERSION)}</script>'
    style = (modules.HERE / "look.css").read_text(encoding="utf-8")
    body = f'<div id="here" class="st-key-chatlog" style="width: 300px"></div>{begun}{script}'
    html = f"<!doctype html><html lang=de><style>{style}</style><body>{body}</body></html>"
    alone.show(page, ADDRESS, html)
    page.evaluate(SENT)
    yield page
    page.close()


def line(number: int, text: str = "", mine: bool = False, author: str = "Emil") -> dict[str, Any]:
    return {
        "number": number,
        "seat": "guest:1" if mine else "staff:1",
        "author": author,
        "at": "09:00",
        "mine": mine,
        "pieces": pieces(text or f"Satz {number}"),
    }


def draw(page: Page, *lines: dict[str, Any], more: bool = False, most: int = 100) -> None:
    """As a script run does."""
    page.evaluate(DRAW, {**DATA, "lines": lines, "more": more, "most": most})


def comes(page: Page, *lines: dict[str, Any], more: bool = False) -> None:
    """Through the live socket."""
    page.evaluate(TELL, ["messages", {"lines": lines, "more": more}])


def test_every_text_and_every_name_is_text_and_nothing_is_run_or_fetched(
    page: Page, asked: list[str], beacon: Beacon
) -> None:
    seen, before = Seen(), beacon.asked
    seen.watch(page)
    sendable = [text.encode(errors="replace").decode() for text in HOSTILE]
    texts = [message_text(beacon.pointed_at(text)) or "x" for text in sendable]
    loaded = len(asked)
    draw(page, *[line(n, text, author=text) for n, text in enumerate(texts, 1)], most=10_000)
    assert page.locator("li > div").evaluate_all(WITHOUT_HOSTS) == texts
    assert page.locator("bdi").evaluate_all(WITHOUT_HOSTS) == texts
    shown = page.evaluate(SHOWN)
    assert set(shown["tags"]) <= {"DIV", "P", "OL", "LI", "SPAN", "BDI", "TIME", "A"}
    ours = ["aria-label", "aria-live", "class", "data-number", "dir", "hidden", "href", "rel"]
    assert shown["names"] == [*ours, "role", "tabindex", "target"]
    assert len(shown["links"]) > 40
    for href, *rest in shown["links"]:
        assert href.startswith(("http://", "https://")), href
        assert rest == ["_blank", "noopener noreferrer nofollow", "ltr"]
    assert (asked[loaded:], beacon.asked - before, seen) == ([], 0, Seen())


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", "//evil", "HTTP:x"])
def test_an_address_that_is_none_of_the_web_stays_text(page: Page, href: str) -> None:
    draw(page, {**line(1), "pieces": [["hier", href, ""]]})
    assert page.evaluate(TEXTS) == ["hier"]
    assert page.locator("a").count() == 0


def test_a_message_is_drawn_once_and_in_order_whichever_way_it_comes_first(page: Page) -> None:
    draw(page, line(1), line(3))
    comes(page, line(3), line(5))
    draw(page, line(1), line(3), line(4))
    comes(page, line(5), line(6))
    draw(page, line(1))  # a run that knew less
    assert page.evaluate(TEXTS) == ["Satz 1", "Satz 3", "Satz 4", "Satz 5", "Satz 6"]


def test_the_socket_is_told_up_to_where_this_tab_has_read_when_it_begins_and_comes_back(
    page: Page,
) -> None:
    def reads() -> list[object]:
        return [said["read"] for said in page.evaluate("sent") if "read" in said]

    draw(page, line(7))
    comes(page, line(9))
    page.evaluate(TELL, ["line", {"connected": True}])
    assert reads() == [7, 9]
    draw(page, line(7), line(9), line(11))
    assert reads() == [7, 9]
    page.evaluate("leave()")
    assert page.locator("#here > *").count() == 0
    comes(page, line(12))
    draw(page)
    assert (reads(), page.evaluate(TEXTS)) == ([7, 9, 0], [])


def test_of_too_many_the_oldest_go_and_a_gap_is_said(page: Page) -> None:
    draw(page, line(1), line(2), most=3)
    earlier = page.get_by_text("Frühere")
    assert earlier.is_hidden()
    comes(page, line(3), line(4))
    assert page.evaluate(TEXTS) == ["Satz 2", "Satz 3", "Satz 4"]
    assert earlier.is_visible()
    comes(page, line(8), line(9), more=True)  # others between them are not shown
    assert page.evaluate(TEXTS) == ["Satz 8", "Satz 9"]


def test_only_what_comes_later_is_announced_and_never_what_is_being_written(page: Page) -> None:
    draw(page, line(1))
    log = page.get_by_role("log", name="Nachrichten")
    assert log.get_attribute("aria-live") == "polite"
    page.evaluate(TELL, ["typing", {"seat": "staff:1", "name": "Anna", "text": "Gut"}])
    written = page.locator(".written")
    assert written.inner_text().split("\n") == ["Anna schreibt:", "Gut"]
    assert log.locator(".written").count() == 0
    comes(page, line(2))
    assert written.count() == 0


def test_the_newest_is_in_sight_unless_somebody_is_reading_what_was_before(page: Page) -> None:
    draw(page, *[line(number) for number in range(1, 60)])
    last = page.locator("li").last
    in_sight = "(li) => li.getBoundingClientRect().bottom <= log.getBoundingClientRect().bottom + 1"
    page.evaluate("() => void (window.log = document.querySelector('.log'))")
    assert last.evaluate(in_sight)
    comes(page, line(60))
    assert last.evaluate(in_sight)
    page.evaluate("() => new Promise((done) => { log.onscroll = done; log.scrollTop = 0; })")
    comes(page, line(61))
    assert page.evaluate("log.scrollTop") == 0
    comes(page, line(62, mine=True))
    assert last.evaluate(in_sight)


def test_lines_and_blanks_stay_as_they_were_written(page: Page) -> None:
    draw(page, line(1, "a\n\n  b  c"))
    assert page.locator("li > div").evaluate("(each) => each.innerText") == "a\n\n  b  c"


def refused(page: Page, text: str, of: str = "1") -> None:
    page.evaluate(DRAW, {**DATA, "unsent": {"text": text, "token": of, "room": 40}})


@pytest.fixture
def field(page: Page) -> Locator:
    """Streamlit's, as far as our scripts know it; emptied by it after each press."""
    page.evaluate(FIELD)
    return page.get_by_role("textbox")


def test_what_was_refused_is_given_back_once_however_often_it_is_drawn(
    page: Page, field: Locator
) -> None:
    refused(page, "Ich komme später")
    assert field.input_value() == "Ich komme später"
    assert page.evaluate("typed") == ["Ich komme später"]
    field.fill("Ich komme nicht")
    refused(page, "Ich komme später")
    assert field.input_value() == "Ich komme nicht"
    refused(page, "Ich komme später", "2")
    assert field.input_value() == "Ich komme später\nIch komme nicht"


def test_what_was_refused_waits_until_the_field_has_room_for_it_beside_what_was_typed(
    page: Page, field: Locator
) -> None:
    field.fill("Ich schreibe schon das nächste")
    refused(page, "Ich komme später")
    assert field.input_value() == "Ich schreibe schon das nächste"
    field.fill("")
    refused(page, "Ich komme später")
    assert field.input_value() == "Ich komme später"


def test_what_was_refused_waits_until_there_is_a_field(page: Page) -> None:
    refused(page, "Ich komme später")
    page.evaluate(FIELD)
    refused(page, "Ich komme später")
    assert page.get_by_role("textbox").input_value() == "Ich komme später"


def test_what_was_given_back_is_read_by_nobody_before_it_is_sent_or_the_field_was_empty(
    page: Page, field: Locator
) -> None:
    """It may be from a private minute that is over."""

    def typed() -> list[object]:
        page.wait_for_timeout(500)
        return [said["typing"] for said in page.evaluate("sent.splice(0)") if "typing" in said]

    page.evaluate("() => { live.connected = true; }")
    unsent = {"text": "Ohne das Jobcenter", "token": "1", "room": 40}
    page.evaluate(DRAW, {**DATA, "at_once": True, "unsent": unsent})
    typed()
    field.press("End")
    field.press_sequentially("!")
    assert [text for text in typed() if text is not None] == []
    field.fill("")
    typed()
    field.press_sequentially("Neu")
    assert typed()[-1] == "Neu"
