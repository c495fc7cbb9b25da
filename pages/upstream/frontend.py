"""
Streamlit's page as it is installed, made ours: its language, its title, its scripts.

The only module here that knows what Streamlit's frontend looks like inside; `prepare`
says at start whether that has changed. Knows no person and no address.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

from google.protobuf.message import DecodeError
from jinja2 import Environment, FileSystemLoader
from streamlit import file_util
from streamlit.proto.BackMsg_pb2 import BackMsg

from core.languages import LANGUAGES, Language
from pages.ui import modules
from pages.upstream.changed import UpstreamChanged, refuse_missing
from pages.words import never
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
# What sockets.js tells the page: where its server is, and its letters.
SERVER = "window.__streamlit", "BACKEND_BASE_URL", "LIGHT_THEME", "DARK_THEME"
_SCRIPT = re.compile(r"<script(?P<how>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)
_MAIN_SCRIPT = re.compile(r'src="\./(static/js/[^"]+)"')
_NOSCRIPT = re.compile(r"(?<=<noscript>).*?(?=</noscript>)", re.DOTALL)
_ROOT = re.compile('(?=<div id="root">)')
_templates = Environment(loader=FileSystemLoader(modules.BEFORE), autoescape=True)
_templates.filters["tel"] = tel
_templates.globals["_"] = _
STAFF_ONLY = "call/share.js", "call/screen_line.js"
# Streamlit fetches these only when it draws one: a client's first page has them.
LAZY = "BidiComponent", "Button", "Checkbox", "Html"
# What Streamlit loads before anything else, and first.js only when an icon is shown.
ICONS = "fonts.load(`1em"
_IMPORTED = re.compile(r"""(?:from|import)\s*[`"']\./([\w.-]+\.js)[`"']""")
PAGES_KEPT = 256  # for pairs of a phone number and a language
# Only who has no letters of their own needs it, and then it is asked for by what is shown.
_FONT = re.compile(r'<link\s+rel="preload"\s+href="(\./static/media/SourceSans[^"]+)"[^>]*>')
# Streamlit's page asks this when it has begun, and its WebSocket waits for the answers.
ASKED_FIRST = "".join(
    f'<link rel="preload" as="fetch" crossorigin href="./_stcore/{name}">'
    for name in ("health", "host-config")
)
FONT = "House Sans"
LETTERS = "U+0000-052F, U+1E00-1FFF, U+2000-22FF"
# What a step before the call does not run.
LATER = "call/", "chat/"
_NO_FACTS: Mapping[str, str] = MappingProxyType({})
_GREETING = "<!-- greeting -->"
_HEAD_ENDS = re.compile("(?=</head>)")
_SERVICE = re.compile(r'<link rel="service-desc"[^>]*>')


def prepare() -> None:
    """Once at start: refuse when Streamlit's page has changed."""
    page()  # what is replaced in it is there
    code = "".join(each.read_text(encoding="utf-8") for each in main_scripts())
    names = (*STATES, *SERVER, *HOST_CONFIG, ICONS)
    found = {name: name in code for name in names}
    # Without one of these the page would only come later.
    found |= {name: bool(_chunks(name)) for name in LAZY}
    refuse_missing("Streamlit's page", found)


def page(phone: str = "", by_link: bool = True, facts: Mapping[str, str] = _NO_FACTS) -> str:
    """
    Streamlit's page, in the reader's language and under our name; without its door for other
    programs.

    It says what can never work by itself: `phone` is the number to call then, `by_link` whether
    somebody is here by a personal link; and `facts`, by name, until a page is drawn. The scripts in
    it are always the same.
    """
    template = _templates.get_template("greeting.html")
    greeting = template.render(facts=facts, phone=phone) if facts else ""
    return _page(LANGUAGES[language()], phone, by_link).replace(_GREETING, greeting)


@lru_cache(PAGES_KEPT)
def _page(read: Language, phone: str, by_link: bool) -> str:
    text = _index()
    begins = f'<html lang="{read.code}" dir="{read.direction}">'
    text = _once(re.compile('<html lang="en">'), begins, text)
    text = _once(re.compile("(?<=<title>).*?(?=</title>)"), _("Videokommunikation"), text)
    text = _once(_NOSCRIPT, _filled("no_script.html", phone, by_link), text)
    text = _once(_ROOT, _filled("connection.html", phone, by_link), text)
    text = _once(_FONT, ASKED_FIRST, text)
    text = _once(_HEAD_ENDS, f"<style>{_font()}{modules.TOKENS}</style>{_preloads(by_link)}", text)
    return _once(_SERVICE, "", text)


@cache
def files() -> frozenset[str]:
    """The paths of the page's own files. For any other, Streamlit would show its page again."""
    found = (static() / "static").rglob("*")
    return frozenset(
        f"/{each.relative_to(static()).as_posix()}" for each in found if each.is_file()
    )


@cache
def script_hashes() -> tuple[str, ...]:
    """Of every script that is written into the page itself, as a CSP names it."""
    return tuple(
        f"'sha256-{base64.b64encode(hashlib.sha256(script['code'].encode()).digest()).decode()}'"
        for script in _SCRIPT.finditer(page())
        if script["code"]
    )


def asks_for(frame: bytes) -> str | None:
    """What a frame from the browser asks for; None if it is no frame of Streamlit's."""
    try:
        return BackMsg.FromString(frame).WhichOneof("type") or ""
    except DecodeError:
        return None


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


def _preloads(by_link: bool) -> str:
    """
    What the first page needs at once, while Streamlit's own scripts are on their way; the rest
    stands in a template that page.js takes it from when there is a page.
    """
    ours = [each for each in modules.MODULES if not (by_link and each in STAFF_ONLY)]
    later = [each for each in ours if each.startswith(LATER)]
    first = [each for each in ours if each not in later]
    now = _links([*_lazy(), *map(modules.address, first)])
    return f'{now}<template id="later">{_links(map(modules.address, later))}</template>'


def _links(scripts: Iterable[str]) -> str:
    return "".join(f'<link rel="modulepreload" href="{each}">' for each in scripts)


def _font() -> str:
    """For the letters it has only: an Arabic page would fetch it and find nothing."""
    file = found[1] if (found := _FONT.search(_index())) else ""
    return (
        f'@font-face {{ font-family: "{FONT}"; src: url("{file}") format("woff2"); '
        f"font-weight: 200 900; font-display: swap; unicode-range: {LETTERS}; }}"
    )


@cache
def _lazy() -> list[str]:
    """Streamlit's scripts for what a client's first page has, which its own page does not name."""
    named, found = set(re.findall(r"static/js/([\w.-]+\.js)", _index())), dict[str, None]()
    ahead = [each.name for name in LAZY for each in _chunks(name)]
    while ahead:
        script = ahead.pop(0)
        if script not in named and script not in found:
            found[script] = None
            text = (static() / "static" / "js" / script).read_text(encoding="utf-8")
            ahead += _IMPORTED.findall(text)
    return [f"./static/js/{each}" for each in found]


def _chunks(name: str) -> list[Path]:
    return list((static() / "static" / "js").glob(f"{name}.*.js"))


def _once(pattern: re.Pattern[str], new: str, text: str) -> str:
    changed, count = pattern.subn(lambda _found: new, text)
    if count != 1:
        raise UpstreamChanged(f"Streamlit's page has changed: {pattern.pattern}")
    return changed


def main_scripts() -> list[Path]:
    """What the page loads first: one, unless it has changed."""
    return [static() / each for each in _MAIN_SCRIPT.findall(_index())]


def _index() -> str:
    return (static() / "index.html").read_text(encoding="utf-8")


def static() -> Path:
    """Where Streamlit has its page."""
    return Path(file_util.get_static_dir())
