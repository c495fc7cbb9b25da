"""What the doors answer with: plain HTML without a script, and cookies. Knows no deed."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from core.languages import LANGUAGES
from core.settings import settings
from pages.doors import languages
from pages.ui.modules import HERE
from pages.words.foot import links
from pages.words.phone import tel
from pages.words.words import _, language

NO_STORE = languages.NO_STORE
_templates = Environment(
    loader=FileSystemLoader([Path(__file__).parent, HERE]), autoescape=select_autoescape()
)
_templates.filters["tel"] = tel
_templates.globals |= {"_": _, "foot": links}


def page(
    request: Request,
    name: str,
    status: int = 200,
    headers: dict[str, str] = NO_STORE,
    **values: object,
) -> HTMLResponse:
    """One of the templates beside this file; links in it begin with `root`."""
    body = _templates.get_template(name).render(
        root=root(request),
        read=LANGUAGES[language()],
        ways=languages.ways(request),
        **values,
    )
    return HTMLResponse(body, status, headers)


def go(request: Request, where: str) -> RedirectResponse:
    """On to another of our own addresses, asked for with GET."""
    return RedirectResponse(root(request) + where, 303, NO_STORE)


def root(request: Request) -> str:
    """The way from this address up to the first, for a browser: an encoded slash is no step."""
    path: bytes = request.scope["raw_path"].partition(b"?")[0]
    outside: int = request.scope.get("root_path", "").count("/")
    return "../" * (path.count(b"/") - 1 - outside)


def set_cookie(answer: Response, name: str, value: str, seconds: int) -> None:
    """A cookie for all of the app, and for no script; 0 seconds delete it."""
    answer.set_cookie(
        name, value, max_age=seconds, httponly=True, samesite="lax", secure=settings().https
    )
