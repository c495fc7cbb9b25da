"""What the doors answer with: plain HTML without a script, and cookies. Knows no deed."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.responses import HTMLResponse, Response

from core.settings import settings
from pages.parts.words import _

NO_STORE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=select_autoescape()
)


def page(
    name: str, status: int = 200, headers: dict[str, str] = NO_STORE, **values: object
) -> HTMLResponse:
    """One of the templates beside this file."""
    return HTMLResponse(_templates.get_template(name).render(_=_, **values), status, headers)


def set_cookie(answer: Response, name: str, value: str, seconds: int) -> None:
    answer.set_cookie(
        name, value, max_age=seconds, httponly=True, samesite="lax", secure=settings().https
    )
