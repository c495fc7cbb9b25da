"""What people do at the doors: open links, fill in the sign-in."""

import re
import runpy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.runtime import Runtime

import app
from pages import doors
from pages.doors import limits
from tests.conftest import PASSWORD
from tests.pages import reading

SECRET = re.compile(r"[A-Za-z0-9_-]{43}|(?<=t=)[0-9a-f]{10}|(?<=termin_)[0-9a-f]{10}")


def doorway() -> Starlette:
    """The doors alone, no miss counted; what they leave to Streamlit is answered with one word."""
    limits.forget()

    async def page(request: Request) -> Response:
        return await doors.instead(request) or PlainTextResponse("Streamlit")

    names = ("", "termin", "tagesplan", "termin-anlegen", "beratung")
    pages = [Route(f"/{name}", page) for name in names]
    return Starlette(routes=[*doors.routes, *pages])


@contextmanager
def served() -> Iterator[TestClient]:
    """The whole app, started and stopped as a server does it; Streamlit starts an App only once."""
    fresh = runpy.run_path(app.__file__)["app"]
    with TestClient(fresh, follow_redirects=False) as client:
        yield client
    Runtime._instance = None  # there may be one in a process; AppTest makes its own


def coming_from(address: str) -> dict[str, str]:
    """The header of a request that a proxy brings from there."""
    return {"x-forwarded-for": address}


def form(client: TestClient) -> str:
    """The token of a fresh form, as in a tab that was open before anybody signed in here."""
    cookies = "; ".join(
        f"{name}={value}" for name, value in client.cookies.items() if "form" in name
    )
    page = client.get("/anmelden", headers={"cookie": cookies}).text
    [token] = [
        each.attributes["value"]
        for each in reading.tree(page).all("input")
        if each.attributes["name"] == "form"
    ]
    return str(token)


def sign_in(
    client: TestClient, login: str = "anna", password: str = PASSWORD, **headers: str
) -> httpx.Response:
    return send(client, {"login": login, "password": password, "form": form(client)}, **headers)


def send(client: TestClient, fields: dict[str, Any], **headers: str) -> httpx.Response:
    return client.post("/anmelden", data=fields, headers=headers)


def shape(answer: httpx.Response) -> tuple[int, list[tuple[str, str]]]:
    """Status, and the headers with whatever is random in them taken out."""
    return answer.status_code, [
        (key, SECRET.sub("*", text)) for key, text in answer.headers.items()
    ]


def said(answer: httpx.Response) -> list[str]:
    """The heading and the paragraphs."""
    page = reading.tree(answer.text)
    return [tag.text for tag in [*page.all("h1"), *page.all("p")]]
