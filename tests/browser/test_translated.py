"""A browser that translates the page, and names in every script: words stay where they are put."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from pages.ui import modules
from tests.browser import alone, office
from tests.browser.people import SECONDS, START, Visitor, wait_until
from tests.browser.server import Served

# Puts its own words in an element of its own in place of each text, like the browsers' own
# translators, and counts how often.
TRANSLATES = """
(() => {
  window.translated = 0;
  const put = (text) => {
    if (!text.data.trim() || text.parentElement?.closest("font, script, style, textarea")) return;
    const font = document.createElement("font");
    font.textContent = text.data.toUpperCase();
    window.translated += 1;
    text.replaceWith(font);
  };
  const all = (node) => {
    const walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    const texts = node.nodeType === 3 ? [node] : [];
    while (walk.nextNode()) texts.push(walk.currentNode);
    texts.forEach(put);
  };
  const begin = () => {
    const names = ["aria-label", "title"];
    const name = (element) => {
      for (const each of names) {
        const word = element.getAttribute?.(each);
        if (!word || word === word.toUpperCase()) continue;
        window.translated += 1;
        element.setAttribute(each, word.toUpperCase());
      }
    };
    new MutationObserver((changes) => {
      for (const { type, target, addedNodes } of changes) {
        if (type === "attributes") name(target);
        else if (type === "characterData") all(target);
        else addedNodes.forEach(all);
      }
    }).observe(document, {
      subtree: true, childList: true, characterData: true, attributeFilter: names,
    });
    all(document.body);
    document.querySelectorAll("[aria-label], [title]").forEach(name);
  };
  if (document.body) begin();
  else addEventListener("DOMContentLoaded", begin);
})();
"""


@pytest.fixture
def context(clients: Browser) -> Iterator[BrowserContext]:
    context = clients.new_context(viewport={"width": 390, "height": 844}, locale="de-DE")
    yield context
    context.close()


def stands_still(page: Page, seconds: float = 2) -> bool:
    before = page.evaluate("translated")
    page.wait_for_timeout(seconds * SECONDS)
    return bool(page.evaluate("translated") == before)


STAGES: dict[str, dict[str, Any]] = {
    "before the start": {},
    "device test": {"autostart": True, "alone": "Gleich sehen Sie sich."},
    "talk": {"autostart": True, "talking": True, "freeze": True},
    "without devices": {"autostart": True, "talking": True},
}
LACKS = "devices = { audio: 'NotFoundError', video: 'NotReadableError' };"


@pytest.mark.parametrize("name", STAGES)
def test_no_word_of_the_stage_flickers(context: BrowserContext, name: str) -> None:
    before = LACKS if name == "without devices" else ""
    page = alone.opened(context, before + TRANSLATES, **STAGES[name])
    page.get_by_role("button", name=re.compile("EINSTELLUNGEN")).click()
    wait_until(lambda: page.evaluate("translated") > 0, "it is translated")
    page.wait_for_timeout(SECONDS)
    assert stands_still(page)


def test_a_new_word_of_the_stage_comes_and_is_translated(context: BrowserContext) -> None:
    page = alone.opened(context, TRANSLATES)
    page.get_by_role("button", name=START.upper()).click()
    page.get_by_role("button", name="MIKROFON AUSSCHALTEN").click()
    expect(page.get_by_role("button", name="MIKROFON EINSCHALTEN")).to_be_visible()
    page.get_by_role("button", name="MIKROFON EINSCHALTEN").click()
    expect(page.get_by_role("button", name="MIKROFON AUSSCHALTEN")).to_be_visible()


def test_no_word_of_the_page_flickers_and_nobody_is_sent_back_to_its_top(
    served: Served, visitor: Visitor
) -> None:
    planned = served.plan()
    office.consented(served, planned)
    visitor.context.add_init_script(TRANSLATES)
    visitor.opens(planned.link)
    visitor.sees("GERÄT PRÜFEN")
    expect(visitor.page.get_by_role("button", name="SCHRITT 2: ")).to_be_visible()
    expect(visitor.page.get_by_text("ZUM INHALT SPRINGEN")).to_be_attached()
    wait_until(lambda: stands_still(visitor.page, 1), "the page has come to rest")
    assert stands_still(visitor.page, 3)
    assert visitor.page.evaluate("document.activeElement.tagName") != "H1"


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("Emil Özdemir", "E"),
        ("Özlem", "Ö"),
        ("O\u0308zlem", "O\u0308"),  # the same, in two characters
        ("  Anna", "A"),
        ("𝒜nna", "𝒜"),
        ("𐐀lan", "𐐀"),
        ("𠮷田", "𠮷"),
        ("👩‍👩‍👧 Familie", "👩‍👩‍👧"),
        ("🇺🇦 Olena", "🇺🇦"),
        ("नीलम", "नी"),
        ("محمد", "م"),
        ("", ""),
    ],
)
def test_the_letter_of_a_name_is_a_whole_one(
    context: BrowserContext, name: str, letter: str
) -> None:
    page = alone.opened(context)
    assert page.evaluate("(name) => initial(name)", name) == letter
    page.evaluate("Intl.Segmenter = undefined")
    older = page.evaluate("(name) => initial(name)", name)
    assert older == "".join([*name.strip()][:1]), "an older browser cuts no character in halves"


@pytest.mark.parametrize(
    ("text", "longest", "said"),
    [
        ("abc", 2, "bc"),
        ("😀😀😀", 2, "😀😀"),
        ("a😀", 1, "😀"),
        ("😀a", 1, "a"),
        ("𝒜b𝒜", 2, "b𝒜"),
        ("ab", 5, "ab"),
        ("", 3, ""),
    ],
)
def test_what_is_said_while_it_is_written_begins_with_a_whole_character(
    context: BrowserContext, text: str, longest: int, said: str
) -> None:
    code = (modules.HERE / "chat" / "typing.js").read_text(encoding="utf-8")
    [function] = re.findall(r"^function last\(.*?^}", code, re.MULTILINE | re.DOTALL)
    page = context.new_page()
    page.add_script_tag(content=function)
    assert page.evaluate("([text, longest]) => last(text, longest)", [text, longest]) == said
