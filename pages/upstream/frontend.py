"""
Streamlit's page as it is installed, made ours: its language, its title, its scripts.

The only module here that knows what Streamlit's frontend looks like inside; `prepare`
says at start whether that has changed. Knows no person and no address.
"""

import base64
import hashlib
import re
from functools import cache, lru_cache
from pathlib import Path

from google.protobuf.message import DecodeError
from jinja2 import Environment, FileSystemLoader
from streamlit import file_util
from streamlit.proto.BackMsg_pb2 import BackMsg

from pages.ui import modules
from pages.upstream.changed import UpstreamChanged, refuse_missing
from pages.words.phone import tel
from pages.words.words import _

# With the same keys as Streamlit's own. Nobody may send its page orders from outside, and
# its English dialogs stay away; pages/ui/page.js says in German what is wrong.
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
# What sockets.js tells the page: where its server is.
SERVER = "window.__streamlit", "BACKEND_BASE_URL"
_SCRIPT = re.compile(r"<script(?P<how>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)
_MAIN_SCRIPT = re.compile(r'src="\./(static/js/[^"]+)"')
_NOSCRIPT = re.compile(r"(?<=<noscript>).*?(?=</noscript>)", re.DOTALL)
_ROOT = re.compile('(?=<div id="root">)')
_templates = Environment(loader=FileSystemLoader(modules.BEFORE), autoescape=True)
_templates.filters["tel"] = tel
_templates.globals["_"] = _
STAFF_ONLY = "call/share.js"
PAGES_KEPT = 64  # of as many phone numbers
_HEAD_ENDS = re.compile("(?=</head>)")
_SERVICE = re.compile(r'<link rel="service-desc"[^>]*>')


def prepare() -> None:
    """Once at start: refuse when Streamlit's page has changed."""
    page()  # what is replaced in it is there
    code = "".join(each.read_text(encoding="utf-8") for each in main_scripts())
    names = (*STATES, *SERVER, *HOST_CONFIG)
    refuse_missing("Streamlit's page", {name: name in code for name in names})


@lru_cache(PAGES_KEPT)
def page(phone: str = "", by_link: bool = True) -> str:
    """
    Streamlit's page, in German and under our name; without its door for other programs.

    It says what can never work by itself: `phone` is the number to call then, `by_link` whether
    somebody is here by a personal link. The scripts in it are always the same.
    """
    text = _index()
    text = _once(re.compile('<html lang="en">'), '<html lang="de">', text)
    text = _once(re.compile("(?<=<title>).*?(?=</title>)"), _("Videokommunikation"), text)
    text = _once(_NOSCRIPT, _filled("no_script.html", phone, by_link), text)
    text = _once(_ROOT, _filled("connection.html", phone, by_link), text)
    text = _once(_HEAD_ENDS, _preloads(by_link), text)
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
        call=_call(by_link),
        other=_another_way(by_link),
        reasons=_reasons(by_link),
    )


def _preloads(by_link: bool) -> str:
    """All modules at once, while Streamlit's own scripts are on their way."""
    needed = [each for each in modules.MODULES if not (by_link and each == STAFF_ONLY)]
    return "".join(f'<link rel="modulepreload" href="{modules.address(each)}">' for each in needed)


def _another_way(by_link: bool) -> str:
    if by_link:
        return _(
            "Öffnen Sie bitte den Link aus Ihrer E-Mail in einem anderen Browser, zum Beispiel "
            "Chrome, Edge, Firefox oder Safari, oder auf einem anderen Gerät."
        )
    return _(
        "Melden Sie sich bitte in einem anderen Browser an, zum Beispiel Chrome, Edge, Firefox "
        "oder Safari, oder auf einem anderen Gerät."
    )


def _call(by_link: bool) -> str:
    if by_link:
        return _("Oder rufen Sie uns an. Sie haben dadurch keine Nachteile:")
    return _("Hilfe am Telefon:")


def _reasons(by_link: bool) -> dict[str, tuple[str, ...]]:
    """What can never work, and what to do, by the names in first.js and sockets.js."""
    other = _another_way(by_link)
    return {
        "old": (_("Ihr Browser ist zu alt für unsere Videogespräche."), other),
        "broken": (
            _("Unsere Seite läuft in Ihrem Browser nicht. Vielleicht ist er zu alt."),
            other,
        ),
        "lost": (
            _("Ein Teil dieser Seite ließ sich nicht laden, auch beim zweiten Versuch nicht."),
            _("Bitte laden Sie die Seite in einer Minute neu."),
            other,
        ),
        "blocked": (
            _(
                "Ihr Browser oder Ihr Netz lässt die ständige Verbindung nicht zu, die ein "
                "Videogespräch braucht (WebSocket)."
            ),
            _("Oft hilft ein anderes Netz, zum Beispiel das Mobilfunknetz statt des WLANs."),
            other,
        ),
        "full": (
            _("Diese Seite ist schon in zu vielen Fenstern offen."),
            _("Bitte schließen Sie die anderen. Hier geht es dann von selbst weiter."),
        ),
    }


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
