"""What a form may cost somebody who is nobody yet: bytes, fields, and how many of them."""

import asyncio
import time
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette
from starlette.requests import Request

from core import access
from core.columns import NAME_LENGTH
from core.office import staff_sessions
from pages import doors
from pages.doors import form, limits, windows
from pages.gate import body
from pages.gate.middleware import Gate
from tests.conftest import NOW
from tests.pages.knocking import coming_from

HERE, THERE = "203.0.113.7", "203.0.113.8"
LARGEST = "\N{GRINNING FACE}"  # 12 bytes in a form


class Sender:
    """Somebody who posts, and what of it the gate has taken."""

    def __init__(self, address=HERE, path="/anmelden", kind=form.TYPE):
        self.taken, self.status, self.headers = 0, 0, {}
        headers = {
            "host": "testserver",
            "origin": "http://testserver",
            "content-type": kind,
            **coming_from(address),
        }
        self._scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"",
            "scheme": "http",
            "server": ("testserver", 80),
            "client": ("127.0.0.1", 1),
        }
        self._headers = headers

    def sends(self, content, *, said=None, piece=1000):
        """In pieces; `said` is how long it says it is."""
        length = {} if said is None else {"content-length": str(said)}
        pairs = {**self._headers, **length}.items()
        headers = [(name.encode(), value.encode()) for name, value in pairs]
        self._left = [content[at : at + piece] for at in range(0, len(content), piece)] or [b""]
        app = Gate(Starlette(routes=doors.routes))
        asyncio.run(app({**self._scope, "headers": headers}, self._receive, self._send))
        return self.status

    async def _receive(self):
        if not self._left:
            return {"type": "http.disconnect"}
        content = self._left.pop(0)
        self.taken += len(content)
        return {"type": "http.request", "body": content, "more_body": bool(self._left)}

    async def _send(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}


@pytest.fixture(autouse=True)
def nobody_has_sent_anything(house, it_is):
    limits.forget()
    yield
    limits.forget()


TOO_LONG = {
    "32,000 fields": b"a&" * 32_000,
    "empty fields": b"&" * 65_000,
    "one long field": b"login=" + b"x" * 60_000,
    "much that is no text": b"login=" + b"%ff" * 20_000,
    "one byte too many": b"login=" + b"x" * (form.MAX_BYTES - 5),
}
MANY_FIELDS = {
    "2,000 without a value": b"a&" * 2000,
    "1,000 with one": b"a=b&" * 1000,
    "all empty": b"&" * form.MAX_BYTES,
    "different ones": b"&".join(b"f%d=%d" % (n, n) for n in range(400)),
    "ours among them": b"login=anna&password=x&form=y&" + b"a=b&" * 500,
    "one too many": b"&".join(b"f%d=" % n for n in range(form.MOST_FIELDS + 1)),
}


@pytest.mark.parametrize("case", TOO_LONG)
def test_a_form_that_says_it_is_too_long_is_not_read(case):
    sender = Sender()
    assert sender.sends(TOO_LONG[case], said=len(TOO_LONG[case])) == 413
    assert sender.taken == 0


@pytest.mark.parametrize("case", TOO_LONG)
def test_a_form_that_does_not_say_so_is_read_no_further_than_it_may_be_long(case):
    sender = Sender()
    assert sender.sends(TOO_LONG[case]) == 413
    assert sender.taken <= form.MAX_BYTES + 1000


@pytest.mark.parametrize("case", MANY_FIELDS)
def test_a_form_of_more_fields_than_ours_has_is_not_taken_apart(monkeypatch, case):
    monkeypatch.setattr(staff_sessions, "sign_in", lambda *_: pytest.fail("a password is checked"))
    content = MANY_FIELDS[case][: form.MAX_BYTES]
    assert asyncio.run(form.fields(request(content))) == {}
    assert Sender().sends(content) == 403


def request(content):
    async def receive():
        return {"type": "http.request", "body": content, "more_body": False}

    return Request({"type": "http", "method": "POST", "headers": []}, receive)


@pytest.mark.parametrize("case", [*TOO_LONG, *MANY_FIELDS])
def test_whatever_is_sent_is_read_in_less_than_two_thousandths_of_a_second(case):
    """The best of several: nobody else may be to blame."""
    content = (TOO_LONG | MANY_FIELDS)[case][: form.MAX_BYTES]

    def took():
        asked = request(content)
        with asyncio.Runner() as runner:
            runner.run(asked.body())
            began = time.perf_counter()
            runner.run(form.fields(asked))
            return time.perf_counter() - began

    assert min(took() for _ in range(9)) < 0.002


def test_the_longest_login_and_password_fit():
    longest = {
        "login": LARGEST * NAME_LENGTH,
        "password": LARGEST * access.MAX_PASSWORD,
        "form": form.token(access.new_secret(), NOW),
    }
    content = urlencode(longest).encode()
    assert len(content) <= form.MAX_BYTES
    assert asyncio.run(form.fields(request(content))) == longest


def test_an_offer_of_a_connection_may_be_as_long_as_before():
    sender = Sender(path="/signal", kind="application/json")
    content = b" " * (body.MAX_BYTES - 2) + b"{}"
    assert sender.sends(content, said=len(content)) == 413  # by the door itself, which has read it
    assert sender.taken == len(content)


def flood(count=limits.FORMS.amount, address=HERE):
    return [Sender(address).sends(b"login=anna") for _ in range(count)]


def test_so_many_forms_come_from_an_address_at_once_and_the_next_is_not_read():
    assert set(flood()) == {403}
    sender = Sender()
    assert (sender.sends(b"login=anna"), sender.taken) == (429, 0)
    assert 1 <= int(sender.headers["retry-after"]) <= 10


def test_a_flood_from_one_address_stops_nobody_at_another_and_ends_with_itself(monkeypatch):
    flood(limits.FORMS.amount + 5)
    assert Sender(THERE).sends(b"login=anna") == 403
    assert Sender("2001:db8::1").sends(b"login=anna") == 403
    monkeypatch.setattr(windows, "monotonic", lambda: time.monotonic() + 11)
    assert Sender().sends(b"login=anna") == 403


def test_it_is_the_address_that_our_proxy_has_written():
    flood(limits.FORMS.amount)
    assert Sender(f"1.2.3.4, {HERE}").sends(b"login=anna") == 429


def test_it_does_not_count_what_is_no_form(client):
    """Offers have limits of their own, and anyone who only looks at the form sends nothing."""
    for _ in range(limits.FORMS.amount + 1):
        Sender(path="/signal", kind="application/json").sends(b"{}")
    assert Sender().sends(b"login=anna") == 403
    assert client.get("/anmelden").status_code == 200
