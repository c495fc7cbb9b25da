"""What one browser keeps at the doors: so many links, and one staff session."""

import re
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from core import access
from core.appointment import Status
from core.engine import engine
from core.office import guest_view, inviting, staff_sessions
from core.records import Appointment, Guest, StaffSession
from pages.tabs import credentials
from tests.conftest import HOUR, NOW, PASSWORD
from tests.jars import link_jar
from tests.pages import knocking

GOODBYE = "Das Gespräch ist beendet. Vielen Dank und auf Wiedersehen."


def opened(house, client, count):
    """Opens this many links; the names of their cookies."""
    secrets = [house.plan().secret for _ in range(count)]
    for secret in secrets:
        client.get(f"/termin/{secret}")
    return [f"termin_{access.link_key(secret)}" for secret in secrets]


def sign_in(client, login="anna"):
    """Signs in and returns the token of the session."""
    knocking.sign_in(client, login)
    return client.cookies["beratung"]


def ended():
    """Of every session, the oldest first: when it ended."""
    with Session(engine()) as session:
        rows = session.exec(select(StaffSession).order_by(StaffSession.id)).all()
    return [row.ended_at for row in rows]


def keys(planned):
    return sorted(f"termin_{access.link_key(each.secret)}" for each in planned)


def plan(house, days):
    """An appointment in so many days."""
    return house.plan(starts_at=NOW + days * 24 * HOUR)


def test_twenty_links_are_kept_beside_each_other(house, client):
    assert sorted(opened(house, client, 20)) == sorted(client.cookies)


def test_of_one_more_whoever_comes_last_goes_and_nothing_else(house, client):
    token = sign_in(client)
    planned = [plan(house, days) for days in (30, 3, 1, 29, 2, *range(4, 19), 28)]
    for each in planned:
        client.get(f"/termin/{each.secret}")
    left = [each for each in planned if each is not planned[0]]
    assert sorted(client.cookies) == sorted([*keys(left), "beratung"])
    assert client.cookies["beratung"] == token


@pytest.mark.parametrize("end", ["cancelled", "expired", "replaced", "ended", "unknown"])
def test_what_is_over_goes_before_what_is_to_come(house, client, end):
    planned = [plan(house, days) for days in range(20)]
    for each in planned:
        client.get(f"/termin/{each.secret}")
    dead = planned[:5]
    for each in dead:
        over(house, each, end)
    new = plan(house, 40)
    client.get(f"/termin/{new.secret}")
    assert sorted(client.cookies) == keys([*planned[5:], new])


def over(house, planned, end):
    if end == "replaced":
        inviting.new_link(house.advisor, NOW, planned.guest_id)
    elif end == "unknown":
        house.set(Guest, planned.guest_id, secret_hash=access.digest(access.new_secret()))
    else:
        house.set(Appointment, planned.appointment_id, status=Status(end))


def test_what_many_forged_cookies_cost_is_bounded(house, client, monkeypatch):
    asked = []
    visit = guest_view.visit
    monkeypatch.setattr(guest_view, "visit", lambda *given: asked.append(given) or visit(*given))
    client.cookies.update(
        {n: v for _ in range(300) for n, v in link_jar(access.new_secret()).items()}
    )
    planned = house.plan()
    answer = client.get(f"/termin/{planned.secret}")
    deleted = [each for each in answer.headers.get_list("set-cookie") if "Max-Age=0" in each]
    assert (len(deleted), len(asked)) == (300, 1 + 2 * credentials.LINKS_KEPT)


def test_a_cookie_is_deleted_with_the_attributes_it_was_set_with(house, client):
    for days in range(20):
        client.get(f"/termin/{plan(house, 9 + days).secret}")
    answer = client.get(f"/termin/{house.plan().secret}")
    deleted, new = [each.split("; ", 1)[1] for each in answer.headers.get_list("set-cookie")]
    assert deleted == "HttpOnly; Max-Age=0; Path=/; SameSite=lax"
    assert new == f"HttpOnly; Max-Age={13 * 3600}; Path=/; SameSite=lax"


def test_a_link_that_leads_nowhere_leaves_the_others_alone(house, client):
    names = opened(house, client, 20)
    client.get(f"/termin/{access.new_secret()}")
    assert sorted(client.cookies) == sorted(names)


def test_opening_one_of_twenty_links_again_changes_nothing(house, client):
    secret = house.plan().secret
    client.get(f"/termin/{secret}")
    opened(house, client, 19)
    before = dict(client.cookies)
    for _ in range(2):
        client.get(f"/termin/{secret}")
    assert dict(client.cookies) == before


@pytest.mark.parametrize("days", [0, 1, 2, 7, 8, 30, 200])
def test_who_tests_the_device_days_before_is_the_same_browser_until_the_end(
    house, client, it_is, days
):
    planned = plan(house, days)
    answer = client.get(f"/termin/{planned.secret}")
    [cookie] = answer.headers.get_list("set-cookie")
    lives = timedelta(seconds=int(re.search("Max-Age=([0-9]+)", cookie)[1]))
    assert lives == days * 24 * HOUR + HOUR + 12 * HOUR  # it lasts an hour
    before = dict(client.cookies)
    it_is(NOW + days * 24 * HOUR)
    client.get(f"/termin/{planned.secret}")
    assert dict(client.cookies) == before


@pytest.mark.parametrize("hours", [13, 14, 24, 24 * 5])
def test_what_stands_behind_a_link_that_was_over_long_ago_can_be_read(house, client, it_is, hours):
    planned = house.plan()
    house.set(Appointment, planned.appointment_id, status=Status.ENDED)
    it_is(NOW + hours * HOUR)
    address = client.get(f"/termin/{planned.secret}").headers["location"].removeprefix("..")
    assert knocking.said(client.get(address))[0] == GOODBYE


def test_signing_in_again_ends_the_session_this_browser_had_before(house, client):
    first = sign_in(client)
    second = sign_in(client)
    assert ended() == [NOW, None]
    assert staff_sessions.signed_in(NOW, first) is None
    assert staff_sessions.signed_in(NOW, second).actor == house.advisor


def test_signing_in_as_somebody_else_ends_the_former_ones_session(house, client):
    first = sign_in(client)
    second = sign_in(client, "bodo")
    assert staff_sessions.signed_in(NOW, first) is None
    assert staff_sessions.signed_in(NOW, second).actor == house.colleague
    former = house.trail()[-1]
    assert (ended(), former) == ([NOW, None], ("sign_out", "advisor", house.advisor.id))


def test_signing_in_here_ends_no_session_of_another_browser(house, client):
    elsewhere = staff_sessions.sign_in(NOW, "anna", PASSWORD)
    sign_in(client)
    assert ended() == [None, None]
    assert staff_sessions.signed_in(NOW, elsewhere).actor == house.advisor


def test_a_wrong_password_ends_no_session(house, client):
    token = sign_in(client)
    knocking.sign_in(client, password="wrong")
    assert (ended(), client.cookies["beratung"]) == ([None], token)
