"""
Streamlit's page as it is installed, made ours: its language, its title, its scripts, and what is
said before it is drawn.

Knows what Streamlit's frontend looks like inside; `prepare` says at start whether that has changed.
What it says of a visit, it is given.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache, lru_cache

from jinja2 import Environment, FileSystemLoader

from core.languages import LANGUAGES, Language
from pages.ui import modules
from pages.upstream import installed, page_head
from pages.upstream.changed import UpstreamChanged, refuse_missing
from pages.words import never, visit
from pages.words.phone import tel
from pages.words.words import _, language

# With the same keys as Streamlit's own. Nobody may send its page orders from outside, and
# its English dialogs stay away; pages/ui/page.js says what is wrong.
HOST_CONFIG = {
    "allowedOrigins": [],
    "useExternalAuthToken": False,
    "enableCustomParentMessages": False,
    "enforceDownloadInNewTab": False,
    "metricsUrl": "",
    "blockErrorDialogs": True,
    "resourceCrossOriginMode": None,
}
# What pages/ui/page.js and live/redraw.js look at to know whether the page is connected, and busy.
STATES = "data-test-connection-state", "data-test-script-state"
# What sockets.js tells the page: where its server is, and in which font it is shown at first.
TOLD = "window.__streamlit", "BACKEND_BASE_URL", "LIGHT_THEME", "DARK_THEME"
# What Streamlit loads before anything else, and first.js only when an icon is shown.
ICONS = "fonts.load(`1em"
PAGES_KEPT = 256  # for pairs of a phone number and a language
_SCRIPT = re.compile(r"<script(?P<how>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)
_NOSCRIPT = re.compile(r"(?<=<noscript>).*?(?=</noscript>)", re.DOTALL)
_ROOT = re.compile('(?=<div id="root">)')
_HEAD_ENDS = re.compile("(?=</head>)")
_SERVICE = re.compile(r'<link rel="service-desc"[^>]*>')
_GREETING = re.compile("<!-- greeting -->")
_templates = Environment(loader=FileSystemLoader(modules.BEFORE), autoescape=True)
_templates.filters["tel"] = tel
_templates.globals["_"] = _


def prepare() -> None:
    """Once at start: refuse when Streamlit's page has changed."""
    page()  # what is replaced in it is there
    code = "".join(each.read_text(encoding="utf-8") for each in installed.main_scripts())
    names = (*STATES, *TOLD, *HOST_CONFIG, *page_head.ASKED, ICONS)
    found = {name: name in code for name in names}
    # Without one of these the page would only come later.
    found |= {name: bool(installed.chunks(name)) for name in page_head.LAZY}
    refuse_missing("Streamlit's page", found)


def page(phone: str = "", by_link: bool = True, facts: Mapping[str, str] | None = None) -> str:
    """
    Streamlit's page, in the reader's language and under our name; without its door for other
    programs.

    It says what can never work by itself: `phone` is the number to call then, `by_link` whether
    somebody is here by a personal link; and `facts`, by name, until a page is drawn. The scripts in
    it are always the same.
    """
    text = _page(LANGUAGES[language()], phone, by_link)
    return _once(_GREETING, _greeting(facts, phone) if facts else "", text)


@lru_cache(PAGES_KEPT)
def _page(read: Language, phone: str, by_link: bool) -> str:
    text = installed.index()
    begins = f'<html lang="{read.code}" dir="{read.direction}">'
    text = _once(re.compile('<html lang="en">'), begins, text)
    text = _once(re.compile("(?<=<title>).*?(?=</title>)"), _("Videokommunikation"), text)
    text = _once(_NOSCRIPT, _filled("no_script.html", phone, by_link), text)
    text = _once(_ROOT, _filled("connection.html", phone, by_link), text)
    text = _once(page_head.FONT_LINK, page_head.first(), text)
    text = _once(_HEAD_ENDS, page_head.last(by_link), text)
    return _once(_SERVICE, "", text)


@cache
def script_hashes() -> tuple[str, ...]:
    """Of every script that is written into the page itself, as a CSP names it."""
    return tuple(
        f"'sha256-{base64.b64encode(hashlib.sha256(script['code'].encode()).digest()).decode()}'"
        for script in _SCRIPT.finditer(page())
        if script["code"]
    )


def _greeting(facts: Mapping[str, str], phone: str) -> str:
    template = _templates.get_template("greeting.html")
    return template.render(facts=facts, phone=phone, phone_name=visit.phone_name())


def _filled(name: str, phone: str, by_link: bool) -> str:
    """
    One of the templates in pages/ui/before.

    In connection.html pages/ui/page.js says that the connection is lost. Until that script
    runs it waits, hidden, for ten seconds: then no connection has come about at all, and without
    these words the page would stay white.
    """
    return _templates.get_template(name).render(
        phone=phone,
        call=never.call_us(by_link),
        other=never.another_way(by_link),
        reasons=never.reasons(by_link),
    )


def _once(pattern: re.Pattern[str], new: str, text: str) -> str:
    changed, count = pattern.subn(lambda _found: new, text)
    if count != 1:
        raise UpstreamChanged(f"Streamlit's page has changed: {pattern.pattern}")
    return changed
