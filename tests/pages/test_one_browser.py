"""What one browser keeps at the doors: so many links, and one staff session."""

from sqlmodel import Session, select

from core import access
from core.office import accounts
from core.records import StaffSession, engine
from tests.conftest import NOW, PASSWORD
from tests.pages import knocking


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


def test_eight_links_are_kept_beside_each_other(house, client):
    assert sorted(opened(house, client, 8)) == sorted(client.cookies)


def test_a_ninth_link_deletes_the_cookies_of_the_others_and_nothing_else(house, client):
    token = sign_in(client)
    ninth = opened(house, client, 9)[-1]
    assert sorted(client.cookies) == sorted([ninth, "beratung"])
    assert client.cookies["beratung"] == token


def test_a_cookie_is_deleted_with_the_attributes_it_was_set_with(house, client):
    opened(house, client, 8)
    answer = client.get(f"/termin/{house.plan().secret}")
    *deleted, new = [each.split("; ", 1)[1] for each in answer.headers.get_list("set-cookie")]
    assert deleted == ["HttpOnly; Max-Age=0; Path=/; SameSite=lax"] * 8
    assert new == "HttpOnly; Max-Age=86400; Path=/; SameSite=lax"


def test_a_link_that_leads_nowhere_leaves_the_others_alone(house, client):
    names = opened(house, client, 8)
    client.get(f"/termin/{access.new_secret()}")
    assert sorted(client.cookies) == sorted(names)


def test_opening_one_of_eight_links_again_keeps_that_one_as_the_same_device(house, client):
    secret = house.plan().secret
    client.get(f"/termin/{secret}")
    before = dict(client.cookies)
    opened(house, client, 7)
    for _ in range(2):
        client.get(f"/termin/{secret}")
    assert dict(client.cookies) == before


def test_signing_in_again_ends_the_session_this_browser_had_before(house, client):
    first = sign_in(client)
    second = sign_in(client)
    assert ended() == [NOW, None]
    assert accounts.signed_in(NOW, first) is None
    assert accounts.signed_in(NOW, second).actor == house.advisor


def test_signing_in_as_somebody_else_ends_the_former_ones_session(house, client):
    first = sign_in(client)
    second = sign_in(client, "bodo")
    assert accounts.signed_in(NOW, first) is None
    assert accounts.signed_in(NOW, second).actor == house.colleague
    former = house.trail()[-1]
    assert (ended(), former) == ([NOW, None], ("sign_out", "advisor", house.advisor.id))


def test_signing_in_here_ends_no_session_of_another_browser(house, client):
    elsewhere = accounts.sign_in(NOW, "anna", PASSWORD)
    sign_in(client)
    assert ended() == [None, None]
    assert accounts.signed_in(NOW, elsewhere).actor == house.advisor


def test_a_wrong_password_ends_no_session(house, client):
    token = sign_in(client)
    knocking.sign_in(client, password="wrong")
    assert (ended(), client.cookies["beratung"]) == ([None], token)
