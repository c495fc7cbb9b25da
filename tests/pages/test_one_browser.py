"""What one browser keeps at the doors: so many links, and one staff session."""

from sqlmodel import Session, select

from core import access
from core.office import accounts
from core.records import StaffSession, engine
from tests.conftest import NOW, PASSWORD


def opened(client, count):
    """Opens this many links; the names of their cookies."""
    secrets = [access.new_secret() for _ in range(count)]
    for secret in secrets:
        client.get(f"/termin/{secret}")
    return [f"termin_{access.link_key(secret)}" for secret in secrets]


def sign_in(client, login="anna"):
    """Signs in and returns the token of the session."""
    client.post("/anmelden", data={"login": login, "password": PASSWORD})
    return client.cookies["beratung"]


def ended():
    """Of every session, the oldest first: when it ended."""
    with Session(engine()) as session:
        rows = session.exec(select(StaffSession).order_by(StaffSession.id)).all()
    return [row.ended_at for row in rows]


def test_eight_links_are_kept_beside_each_other(client):
    assert sorted(opened(client, 8)) == sorted(client.cookies)


def test_a_ninth_link_deletes_the_cookies_of_the_others_and_nothing_else(client):
    token = sign_in(client)
    ninth = opened(client, 9)[-1]
    assert sorted(client.cookies) == sorted([ninth, "beratung"])
    assert client.cookies["beratung"] == token


def test_opening_one_of_eight_links_again_keeps_that_one(house, client):
    secret = house.plan().secret
    opened(client, 7)
    for _ in range(2):
        client.get(f"/termin/{secret}")
    [value] = dict(client.cookies).values()
    assert value.partition(".")[0] == secret


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
    client.post("/anmelden", data={"login": "anna", "password": "wrong"})
    assert (ended(), client.cookies["beratung"]) == ([None], token)
