"""The field for the password, as a browser and a password manager meet it."""

import re

from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages.doors import routes


def test_the_password_field_is_masked_and_open_to_password_managers(house):
    page = TestClient(Starlette(routes=list(routes))).get("/anmelden").text
    fields = [
        dict(re.findall(r'(\w+)="([^"]*)"', field)) for field in re.findall(r"<input[^>]*>", page)
    ]
    (password,) = [field for field in fields if field["name"] == "password"]
    (login,) = [field for field in fields if field["name"] == "login"]
    assert (password["type"], password["autocomplete"]) == ("password", "current-password")
    assert login["autocomplete"] == "username"
    assert "onpaste" not in page
    assert "<script" not in page
