"""The staff sign-in: a fresh session or nothing, and each form good for one try."""

import hmac
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from core.engine import engine
from core.office import staff_sessions
from core.records import Staff, StaffSession
from pages.doors import limits, twins
from pages.doors.form import TYPE
from tests.conftest import MINUTE, NOW, PASSWORD
from tests.hostile import HOSTILE
from tests.pages import reading
from tests.pages.knocking import form, said, send, shape, sign_in

WRONG = "Anmeldename oder Passwort stimmen nicht."
ONCE_MORE = "Bitte senden Sie das Formular noch einmal ab."
RIGHT = {"login": "anna", "password": PASSWORD}


def sessions():
    with Session(engine()) as session:
        return list(session.exec(select(StaffSession)))


def cookies_of(answer):
    return {each.partition("=")[0] for each in answer.headers.get_list("set-cookie")}


def field(answer, name):
    [found] = [
        each for each in reading.tree(answer.text).all("input") if each.attributes["name"] == name
    ]
    return found.attributes["value"]


def test_a_right_sign_in_gives_a_session_and_leads_to_the_agenda(house, client):
    answer = sign_in(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "tagesplan")
    token = client.cookies["beratung"]
    assert answer.headers.get_list("set-cookie") == [
        f"beratung={token}; HttpOnly; Max-Age=36000; Path=/; SameSite=lax",
        'formular=""; HttpOnly; Max-Age=0; Path=/; SameSite=lax',
    ]
    assert staff_sessions.signed_in(NOW, token).actor == house.advisor


def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(client):
    cases = [("anna", "wrong"), ("nora", PASSWORD), ("anna", ""), ("nora", "")]
    answers = [sign_in(client, *case) for case in cases]
    pages = {
        (
            *map(str, shape(answer)),
            answer.text.replace(f'value="{login}"', "").replace(field(answer, "form"), ""),
        )
        for answer, (login, _) in zip(answers, cases, strict=True)
    }
    assert len(pages) == 1
    assert answers[0].status_code == 401
    assert said(answers[0])[1:] == [WRONG]
    assert (cookies_of(answers[0]), sessions()) == ({"formular"}, [])


def test_a_disabled_account_gets_that_answer_too(house, client):
    house.set(Staff, house.advisor.id, disabled_at=NOW)
    answer = sign_in(client)
    assert (answer.status_code, said(answer)[1:]) == (401, [WRONG])


STRANGE = {
    "empty": (415, {"content": b""}),
    "json": (415, {"json": RIGHT}),
    "files": (415, {"files": {"login": ("x", b"anna"), "password": ("x", PASSWORD.encode())}}),
    "multipart": (415, {"files": {"login": (None, "anna"), "password": (None, PASSWORD)}}),
    "no token": (403, {"data": RIGHT}),
    "many fields": (403, {"content": b"a=b&" * 999, "headers": {"content-type": TYPE}}),
    "bytes": (
        403,
        {"content": b"login=%ff%fe&password=%00\xff", "headers": {"content-type": TYPE}},
    ),
}


@pytest.mark.parametrize("case", STRANGE)
def test_a_strange_form_signs_nobody_in(client, case):
    status, sent = STRANGE[case]
    answer = client.post("/anmelden", **sent)
    assert (answer.status_code, sessions()) == (status, [])
    assert (said(answer)[1:], cookies_of(answer)) == ([ONCE_MORE], {"formular"})


@pytest.mark.parametrize(
    "fields",
    [
        {"login": "anna"},
        {"password": PASSWORD},
        {"login": ["anna", "x"], "password": ["x", "y"]},
        {"login": "\0", "password": "\ufffd"},
        {"login": "anna" * 999, "password": "x" * 9999},
    ],
)
def test_a_form_that_lacks_something_is_a_wrong_one(client, fields):
    answer = send(client, {**fields, "form": form(client)})
    assert (answer.status_code, sessions()) == (401, [])


def test_whatever_stands_in_the_login_field_comes_back_as_text(client):
    plain = send(client, {"login": "anna", "form": "x"})
    tags = re.findall(r"<[a-z/!]+", plain.text)
    for text in [each for each in HOSTILE if each.isprintable()][::20]:
        page = send(client, {"login": text, "form": "x"})
        assert field(page, "login") == text
        assert re.findall(r"<[a-z/!]+", page.text) == tags


def test_the_form_never_gives_a_password_back(client):
    assert "correct horse" not in sign_in(client, password="correct horse").text


# A form is good for one try


@pytest.fixture
def later(monkeypatch):
    """Moves the time a second press is known by."""
    ahead = [0.0]
    monkeypatch.setattr(twins, "monotonic", lambda: time.monotonic() + ahead[0])
    return lambda seconds: ahead.__setitem__(0, ahead[0] + seconds)


def test_the_same_form_sent_again_is_refused_and_a_new_one_offered(house, client, later):
    fields = {**RIGHT, "form": form(client)}
    nonce = client.cookies["formular"]
    assert send(client, fields).status_code == 303
    client.cookies.clear()
    later(twins.SECONDS)
    again = send(client, fields, cookie=f"formular={nonce}")
    assert (again.status_code, said(again)[1:]) == (403, [ONCE_MORE])
    assert (field(again, "login"), cookies_of(again)) == ("anna", {"formular"})
    assert field(again, "form") != fields["form"]
    assert len(sessions()) == 1
    new = {**RIGHT, "form": field(again, "form")}
    assert send(client, new, cookie=f"formular={nonce}").status_code == 303


def test_a_wrong_form_cannot_be_sent_again_either(client):
    fields = {"login": "anna", "password": "wrong", "form": form(client)}
    assert [send(client, each).status_code for each in (fields, {**fields, **RIGHT})] == [401, 403]


# The second of two presses


def twice(client, **changes):
    """Two presses before there is any answer: both with the form's cookie alone."""
    fields = {**RIGHT, "form": form(client), **changes}
    jar = f"formular={client.cookies['formular']}"
    answers = []
    for _ in range(2):
        client.cookies.clear()
        answers.append(send(client, fields, cookie=jar))
    return answers


def test_two_presses_end_signed_in_once_and_without_an_error(house, client):
    first, second = twice(client)
    assert [first.status_code, second.status_code] == [303, 303]
    assert second.headers["location"] == "tagesplan"
    assert first.cookies["beratung"] == second.cookies["beratung"]
    assert staff_sessions.signed_in(NOW, second.cookies["beratung"]).actor == house.advisor
    assert (len(sessions()), house.trail()) == (1, [("sign_in", "advisor", house.advisor.id)])


def test_the_second_press_gets_in_when_the_first_answer_has_set_its_cookies(house, client):
    fields = {**RIGHT, "form": form(client)}
    first, second = send(client, fields), send(client, fields)
    assert "formular" not in client.cookies
    assert (first.status_code, second.status_code) == (303, 303)
    assert len(sessions()) == 1
    assert staff_sessions.signed_in(NOW, client.cookies["beratung"]).actor == house.advisor


@pytest.mark.parametrize(
    "changes",
    [
        {"password": "wrong"},
        {"password": ""},
        {"login": "nora"},
        {"login": "anna\ufffd"},
        {"login": "", "password": ""},
        {"login": "anna" * 99},
    ],
)
def test_a_wrong_password_sent_twice_is_one_mistake_and_said_so(client, changes, monkeypatch):
    counted = []
    monkeypatch.setattr(limits, "sign_in_failed", lambda *names: counted.append(names))
    answers = twice(client, **changes)
    assert [(answer.status_code, said(answer)[1:]) for answer in answers] == [(401, [WRONG])] * 2
    assert (len(counted), sessions()) == (1, [])


def test_two_presses_while_the_password_is_still_looked_at_are_one(house, client):
    """As they come while many sign in: the second waits for the first."""
    fields, both = {**RIGHT, "form": form(client)}, threading.Barrier(2)
    jar = f"formular={client.cookies['formular']}"
    client.cookies.clear()

    def press():
        both.wait()
        return send(TestClient(client.app, follow_redirects=False), fields, cookie=jar)

    with ThreadPoolExecutor(2) as hands:
        answers = [press.result() for press in [hands.submit(press) for _ in range(2)]]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len({answer.cookies["beratung"] for answer in answers}) == len(sessions()) == 1


OTHER = {
    "another password": {"password": "another long password"},
    "another login": {"login": "bodo"},
    "a login and password shifted": {"login": "anna" + PASSWORD[:1], "password": PASSWORD[1:]},
    "no password": {"password": ""},
    "upper case": {"login": "ANNA"},
}


@pytest.mark.parametrize("case", OTHER)
def test_other_words_in_the_same_form_are_no_second_press(client, case):
    fields = {**RIGHT, "form": form(client)}
    jar = f"formular={client.cookies['formular']}"
    assert send(client, fields, cookie=jar).status_code == 303
    client.cookies.clear()
    again = send(client, {**fields, **OTHER[case]}, cookie=jar)
    assert (again.status_code, said(again)[1:], len(sessions())) == (403, [ONCE_MORE], 1)


@pytest.mark.parametrize("cookie", ["", "beratung=" + "A" * 43, "formular=" + "A" * 43])
def test_in_another_browser_it_is_no_second_press(client, cookie):
    fields = {**RIGHT, "form": form(client)}
    assert send(client, fields).status_code == 303
    client.cookies.clear()
    again = send(client, fields, cookie=cookie)
    assert (again.status_code, "beratung" in again.cookies) == (403, False)


def test_a_second_press_never_brings_back_a_session_that_was_ended(house, client):
    fields = {**RIGHT, "form": form(client)}
    nonce = client.cookies["formular"]
    token = send(client, fields).cookies["beratung"]
    staff_sessions.sign_out(house.advisor, NOW, token)
    client.cookies.clear()
    again = send(client, fields, cookie=f"formular={nonce}")
    assert again.cookies["beratung"] == token
    assert staff_sessions.signed_in(NOW, token) is None


def test_two_tabs_of_one_browser_each_have_a_good_form(client):
    first, second = form(client), form(client)
    assert first != second
    assert send(client, {**RIGHT, "password": "x", "form": first}).status_code == 401
    assert send(client, {**RIGHT, "form": second}).status_code == 303


def test_a_form_is_good_for_fifteen_minutes(client, it_is):
    early, late = form(client), form(client)
    it_is(NOW + 15 * MINUTE)
    assert send(client, {**RIGHT, "form": early}).status_code == 403
    it_is(NOW + 14 * MINUTE)
    assert send(client, {**RIGHT, "form": late}).status_code == 303


def test_the_form_of_another_browser_is_refused(client):
    theirs = form(client)
    client.cookies.clear()
    form(client)
    assert send(client, {**RIGHT, "form": theirs}).status_code == 403
    client.cookies.clear()
    assert send(client, {**RIGHT, "form": theirs}).status_code == 403
    assert sessions() == []


@pytest.mark.parametrize(
    "forge",
    [
        lambda token: "",
        lambda token: ".",
        lambda token: "..",
        lambda token: token[:-1],
        lambda token: "9" + token,
        lambda token: token.rpartition(".")[0] + ".ä",
        lambda token: token.rpartition(".")[0] + "." + "0" * 64,
        lambda token: "x." + hmac.new(b"", b"x", "sha256").hexdigest(),
    ],
)
def test_a_forged_form_is_refused(client, forge):
    answer = send(client, {**RIGHT, "form": forge(form(client))})
    assert (answer.status_code, sessions()) == (403, [])


# Sessions


def test_a_session_somebody_planted_beforehand_is_replaced(house, client):
    planted = staff_sessions.sign_in(NOW, "bodo", PASSWORD)
    for cookie in ("A" * 43, planted):
        client.cookies.clear()
        fields = {**RIGHT, "form": form(client)}
        nonce = client.cookies["formular"]
        answer = send(client, fields, cookie=f"beratung={cookie}; formular={nonce}")
        token = answer.cookies["beratung"]
        assert token != cookie
        assert staff_sessions.signed_in(NOW, token).actor == house.advisor
    assert staff_sessions.signed_in(NOW, "A" * 43) is None
    assert staff_sessions.signed_in(NOW, planted) is None


def test_every_sign_in_has_its_own_session(client):
    tokens = {sign_in(client).cookies["beratung"] for _ in range(3)}
    assert (len(tokens), len(sessions())) == (3, 3)


def test_who_is_signed_in_already_goes_straight_to_the_agenda(client):
    assert client.get("/anmelden").status_code == 200
    sign_in(client)
    answer = client.get("/anmelden")
    assert (answer.status_code, answer.headers["location"]) == (303, "tagesplan")


@pytest.mark.parametrize("cookie", ["A" * 43, "x", '"'])
def test_an_unknown_session_sees_the_form_again(client, cookie):
    answer = client.get("/anmelden", headers={"cookie": f"beratung={cookie}"})
    assert answer.status_code == 200


def test_the_form_sends_only_here_and_is_never_kept(client):
    page = client.get("/anmelden")
    assert re.findall(r"action=[^\s>]*", page.text) == ['action="anmelden"']
    assert page.headers["cache-control"] == "no-store"
