"""
Streamlit's page as it is installed, made ours: its language, its title, its scripts.

The only module here that knows what Streamlit's frontend looks like inside; `prepare`
says at start whether that has changed. Knows no person and no address.
"""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from google.protobuf.message import DecodeError
from jinja2 import Template
from streamlit import file_util
from streamlit.proto.BackMsg_pb2 import BackMsg

from pages.parts.words import _

# With the same keys as Streamlit's own. Nobody may send its page orders from outside, and
# its English dialogs stay away; pages/parts/browser.js says in German what is wrong.
HOST_CONFIG = {
    "allowedOrigins": [],
    "useExternalAuthToken": False,
    "enableCustomParentMessages": False,
    "enforceDownloadInNewTab": False,
    "metricsUrl": "",
    "blockErrorDialogs": True,
    "resourceCrossOriginMode": None,
}
# What pages/parts/browser.js and redraw.js look at to know whether the page is connected, and busy.
STATES = "data-test-connection-state", "data-test-script-state"
_SCRIPT = re.compile(r"<script(?P<how>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)
_MAIN_SCRIPT = re.compile(r'src="\./(static/js/[^"]+)"')
_NOSCRIPT = re.compile(r"(?<=<noscript>).*?(?=</noscript>)", re.DOTALL)
_ROOT = re.compile('(?=<div id="root">)')
_SERVICE = re.compile(r'<link rel="service-desc"[^>]*>')


class FrontendChanged(RuntimeError):
    """Streamlit's page no longer looks the way this module needs it."""


def prepare() -> None:
    """Once at start: refuse when Streamlit's page has changed."""
    main = _MAIN_SCRIPT.search(page())
    code = (_static() / main[1]).read_text(encoding="utf-8") if main else ""
    missing = [name for name in (*STATES, *HOST_CONFIG) if name not in code]
    if missing:
        raise FrontendChanged(f"Streamlit's page has changed: {', '.join(missing)}")


@cache
def page() -> str:
    """Streamlit's page, in German and under our name; without its door for other programs."""
    text = (_static() / "index.html").read_text(encoding="utf-8")
    without = (
        f"<p>{_('Bitte erlauben Sie Ihrem Browser JavaScript und laden Sie die Seite neu.')}</p>"
    )
    text = _once(re.compile('<html lang="en">'), '<html lang="de">', text)
    text = _once(re.compile("(?<=<title>).*?(?=</title>)"), _("Videokommunikation"), text)
    text = _once(_NOSCRIPT, without, text)
    text = _once(_ROOT, _banner(), text)
    return _once(_SERVICE, "", text)


@cache
def files() -> frozenset[str]:
    """The paths of the page's own files. For any other, Streamlit would show its page again."""
    found = (_static() / "static").rglob("*")
    return frozenset(
        f"/{each.relative_to(_static()).as_posix()}" for each in found if each.is_file()
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


def whole_page(frame: bytes) -> bool:
    """Whether it asks for the page from beginning to end, not for a part of it (a fragment)."""
    return not BackMsg.FromString(frame).rerun_script.fragment_id


def _banner() -> str:
    """
    Where pages/parts/browser.js says that the connection is lost.

    Until that script runs it waits, hidden, for ten seconds: then no connection has come
    about at all, and without these words the page would stay white.
    """
    banner = Path(__file__).with_name("connection.html").read_text(encoding="utf-8")
    return Template(banner, autoescape=True).render(_=_)


def _once(pattern: re.Pattern[str], new: str, text: str) -> str:
    changed, count = pattern.subn(lambda _found: new, text)
    if count != 1:
        raise FrontendChanged(f"Streamlit's page has changed: {pattern.pattern}")
    return changed


def _static() -> Path:
    return Path(file_util.get_static_dir())
