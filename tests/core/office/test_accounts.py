"""Staff sign in, stay signed in for a while, and are gone when they sign out."""

import hashlib
import unicodedata
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from core import access
from core.appointment import OPERATOR, Actor, StaffRole
from core.engine import engine
from core.office import accounts, staff_sessions
from core.records import Jobcenter, Staff, StaffSession
from core.refused import Reason, Refused
from core.trail import Happening
from tests.conftest import HOUR, MINUTE, NOW, PASSWORD
from tests.core.office.refusals import reason_of
from tests.hostile import HOSTILE


def sessions() -> list[StaffSession]:
    with Session(engine()) as session:
        return list(session.exec(select(StaffSession)))


def test_an_advisor_signs_in_and_is_known_with_their_jobcenter(house):
    token = staff_sessions.sign_in(NOW, " Anna ", PASSWORD)
    assert staff_sessions.signed_in(NOW, token) == staff_sessions.SignedIn(
        house.advisor, "Anna Beraterin", "Jobcenter Musterstadt", "030 23125-001"
    )
    assert house.trail() == [("sign_in", "advisor", house.advisor.id)]


def test_a_wrong_login_and_a_wrong_password_look_the_same(house):
    wrong = [("anna", "wrong password"), ("nobody", PASSWORD), ("", ""), ("anna", "")]
    assert [reason_of(staff_sessions.sign_in, NOW, *pair) for pair in wrong] == [
        Reason.WRONG_LOGIN
    ] * len(wrong)
    assert (sessions(), house.trail()) == ([], [])


def test_only_the_hash_of_a_token_is_stored(house):
    token = staff_sessions.sign_in(NOW, "anna", PASSWORD)
    [row] = sessions()
    assert row.token_hash == hashlib.sha256(token.encode()).hexdigest()


def test_a_session_ends_after_half_an_hour_without_a_page(house):
    token = staff_sessions.sign_in(NOW, "anna", PASSWORD)
    assert staff_sessions.signed_in(NOW + 30 * MINUTE, token) is None
    assert staff_sessions.signed_in(NOW + 29 * MINUTE, token).actor == house.advisor
    assert staff_sessions.signed_in(NOW + 58 * MINUTE, token).actor == house.advisor
    assert staff_sessions.signed_in(NOW + 88 * MINUTE, token) is None


def test_a_page_that_only_asks_again_does_not_keep_a_session_alive(house):
    token = staff_sessions.sign_in(NOW, "anna", PASSWORD)
    for minutes in range(30):
        asked = staff_sessions.signed_in(NOW + minutes * MINUTE, token, active=False)
        assert asked.actor == house.advisor
    assert [row.seen_at for row in sessions()] == [NOW]
    assert staff_sessions.signed_in(NOW + 30 * MINUTE, token, active=False) is None
    assert staff_sessions.signed_in(NOW + 30 * MINUTE, token) is None


def test_a_session_ends_after_ten_hours_whatever_happens(house):
    token = staff_sessions.sign_in(NOW, "anna", PASSWORD)
    moment = NOW
    while moment < NOW + 10 * HOUR - 20 * MINUTE:
        moment += 20 * MINUTE
        assert (moment, staff_sessions.signed_in(moment, token) is None) == (
            moment,
            moment >= NOW + 10 * HOUR,
        )
    assert staff_sessions.signed_in(NOW + 10 * HOUR - MINUTE, token).actor == house.advisor
    assert staff_sessions.signed_in(NOW + 10 * HOUR, token) is None


def test_a_page_that_asks_each_second_does_not_write_each_second(house):
    token = staff_sessions.sign_in(NOW, "anna", PASSWORD)
    for seconds in range(60):
        staff_sessions.signed_in(NOW + timedelta(seconds=seconds), token)
    assert [row.seen_at for row in sessions()] == [NOW]
    staff_sessions.signed_in(NOW + 2 * MINUTE, token)
    assert [row.seen_at for row in sessions()] == [NOW + 2 * MINUTE]


def test_a_disabled_account_is_out_at_once_and_cannot_sign_in(house):
    token = staff_sessions.sign_in(NOW, "anna", PASSWORD)
    house.set(Staff, house.advisor.id, disabled_at=NOW)
    assert staff_sessions.signed_in(NOW, token) is None
    assert reason_of(staff_sessions.sign_in, NOW, "anna", PASSWORD) == Reason.WRONG_LOGIN


def test_signing_out_ends_this_session_and_no_other(house):
    one, other = (staff_sessions.sign_in(NOW, "anna", PASSWORD) for _ in range(2))
    staff_sessions.sign_out(house.advisor, NOW + MINUTE, one)
    assert staff_sessions.signed_in(NOW + MINUTE, one) is None
    assert staff_sessions.signed_in(NOW + MINUTE, other).actor == house.advisor
    assert house.trail()[-1] == ("sign_out", "advisor", house.advisor.id)


def test_nobody_signs_somebody_else_out(house):
    token = staff_sessions.sign_in(NOW, "anna", PASSWORD)
    staff_sessions.sign_out(house.colleague, NOW, token)
    assert staff_sessions.signed_in(NOW, token).actor == house.advisor


def test_no_hostile_text_is_a_token(house):
    staff_sessions.sign_in(NOW, "anna", PASSWORD)
    assert [text for text in HOSTILE if staff_sessions.signed_in(NOW, text) is not None] == []


@pytest.mark.parametrize("text", ["' OR '1'='1", "anna'--", "\x00", "anna\x00", "%", "anna%"])
def test_hostile_logins_open_nothing(house, text):
    assert reason_of(staff_sessions.sign_in, NOW, text, PASSWORD) == Reason.WRONG_LOGIN
    assert reason_of(staff_sessions.sign_in, NOW, "anna", text) == Reason.WRONG_LOGIN


def test_an_account_needs_a_name_a_good_password_and_a_login_of_its_own(house):
    add = (accounts.add_staff, OPERATOR, NOW, house.advisor.jobcenter_id)
    assert reason_of(*add, "Dora", "dora", "vielleicht1") == Reason.BAD_PASSWORD
    assert reason_of(*add, "Dora", "dora", "x" * 12) == Reason.EASY_PASSWORD
    assert reason_of(*add, "123", "dora", PASSWORD) == Reason.BAD_NAME
    for login in (" ", "d" * 101, "do\x00ra"):
        assert reason_of(*add, "Dora", login, PASSWORD) == Reason.BAD_LOGIN
    assert reason_of(*add, "Dora", "dora", "vielleicht12") is None
    assert house.trail() == [("add_staff", "operator", None)]
    with pytest.raises(IntegrityError):
        accounts.add_staff(OPERATOR, NOW, house.stranger.jobcenter_id, "Dora", " DORA", PASSWORD)


@pytest.mark.parametrize("set_as", ["NFC", "NFD"])
@pytest.mark.parametrize(
    ("login", "typed"),
    [
        ("jörg", "JÖRG"),
        ("Zoë.Müller", " zoë.müller "),
        ("Ångström", "\u212bngström"),
        ("Phạm", "phạm"),
        ("İbrahim", "İbrahim"),
        ("Šárka", "\u200bšárka\ufeff"),
    ],
)
def test_login_and_password_open_in_every_form_of_unicode(house, set_as, login, typed):
    def form(text):
        return unicodedata.normalize(set_as, text)

    password = "grüne Äpfel und Öl"
    place = house.advisor.jobcenter_id
    made = accounts.add_staff(OPERATOR, NOW, place, "Dora", form(login), form(password))
    for other in ("NFC", "NFD"):
        tried = [unicodedata.normalize(other, text) for text in (typed, password)]
        assert reason_of(staff_sessions.sign_in, NOW, *tried) is None
        assert accounts.id_of(OPERATOR, tried[0]) == made


@pytest.mark.parametrize("stored", ["jo\u0308rg", "jörg", "groß", "a  b"])
def test_an_account_from_before_there_was_one_form_still_opens(house, stored):
    house.set(Staff, house.advisor.id, login=stored)
    assert (
        reason_of(staff_sessions.sign_in, NOW, stored.upper().replace("SS", "ß"), PASSWORD) is None
    )
    assert (
        reason_of(staff_sessions.sign_in, NOW, unicodedata.normalize("NFC", stored), PASSWORD)
        is None
    )


def test_of_two_logins_that_look_alike_each_opens_its_own_account(house):
    house.set(Staff, house.advisor.id, login="jörg")
    house.set(Staff, house.colleague.id, login="jo\u0308rg  b")
    house.set(Staff, house.stranger.id, login="jörg b")
    logins = ("jörg", "jo\u0308rg", "jörg b")
    assert [accounts.id_of(OPERATOR, login) for login in logins] == [
        house.advisor.id,
        house.advisor.id,
        house.stranger.id,
    ]


def test_an_account_that_was_closed_opens_in_no_form(house):
    house.set(Staff, house.advisor.id, login="jörg")
    accounts.disable(OPERATOR, NOW, house.advisor.id)
    for typed in ("jörg", "jo\u0308rg"):
        assert reason_of(staff_sessions.sign_in, NOW, typed, PASSWORD) == Reason.WRONG_LOGIN


def test_a_jobcenter_has_a_name_and_a_number_to_call(house):
    add = (accounts.add_jobcenter, OPERATOR, NOW)
    assert reason_of(*add, "   ", "030 23125-001") == Reason.BAD_NAME
    for phone in ("", "keine", "0" * 41, "030\n1", "23125-001", "030 23125 / 030 23126"):
        assert reason_of(*add, "Jobcenter Süd", phone) == Reason.BAD_PHONE
    number = accounts.add_jobcenter(*add[1:], " Jobcenter  Süd ", " (030) 23125-001 ")
    row = house.row(Jobcenter, number)
    assert (row.name, row.phone) == ("Jobcenter Süd", "(030) 23125-001")


def test_a_jobcenter_has_a_name_of_its_own(house):
    with pytest.raises(IntegrityError):
        accounts.add_jobcenter(OPERATOR, NOW, "Jobcenter Nebenan", "030 23125-001")
    assert house.trail() == []


@pytest.fixture
def admin(house) -> Actor:
    """The colleague, who now manages the accounts of this Jobcenter."""
    house.set(Staff, house.colleague.id, role=StaffRole.ADMIN)
    return house.colleague


def last_of_the_trail() -> tuple[str, str, int | None, int | None]:
    with Session(engine()) as session:
        row = session.exec(select(Happening).order_by(col(Happening.id).desc())).first()
        return row.what, row.by, row.actor_id, row.staff_id


@pytest.mark.parametrize("who", ["admin", "operator"])
def test_a_disabled_account_loses_every_session_and_may_come_back_without_them(house, admin, who):
    actor = {"admin": admin, "operator": OPERATOR}[who]
    tokens = [staff_sessions.sign_in(NOW, "anna", PASSWORD) for _ in range(2)]
    mine = staff_sessions.sign_in(NOW, "bodo", PASSWORD)
    accounts.disable(actor, NOW, house.advisor.id)
    assert last_of_the_trail() == (
        "disable",
        who if who == "operator" else "advisor",
        actor.id,
        house.advisor.id,
    )
    assert reason_of(staff_sessions.sign_in, NOW, "anna", PASSWORD) == Reason.WRONG_LOGIN
    assert reason_of(accounts.disable, actor, NOW, house.advisor.id) == Reason.CHANGED_MEANWHILE
    accounts.enable(actor, NOW, house.advisor.id)
    assert reason_of(accounts.enable, actor, NOW, house.advisor.id) == Reason.CHANGED_MEANWHILE
    assert [staff_sessions.signed_in(NOW, token) for token in tokens] == [None, None]
    assert staff_sessions.signed_in(NOW, mine).actor == house.colleague
    assert reason_of(staff_sessions.sign_in, NOW, "anna", PASSWORD) is None


def test_a_new_password_ends_every_session_and_the_old_password(house, admin):
    token = staff_sessions.sign_in(NOW, "anna", PASSWORD)
    new = "ganz etwas anderes"
    accounts.set_password(admin, NOW, house.advisor.id, new)
    assert last_of_the_trail() == ("set_password", "advisor", admin.id, house.advisor.id)
    assert staff_sessions.signed_in(NOW, token) is None
    assert reason_of(staff_sessions.sign_in, NOW, "anna", PASSWORD) == Reason.WRONG_LOGIN
    assert reason_of(staff_sessions.sign_in, NOW, "anna", new) is None


@pytest.mark.parametrize("bad", ["kurz", "anna" * 4, "x" * 201])
def test_a_bad_new_password_changes_nothing(house, admin, bad):
    token = staff_sessions.sign_in(NOW, "anna", PASSWORD)
    reason = reason_of(accounts.set_password, admin, NOW, house.advisor.id, bad)
    assert reason in (Reason.BAD_PASSWORD, Reason.EASY_PASSWORD)
    assert staff_sessions.signed_in(NOW, token).actor == house.advisor
    assert reason_of(staff_sessions.sign_in, NOW, "anna", PASSWORD) is None


@pytest.mark.parametrize("deed", ["disable", "set_password"])
def test_a_sign_in_that_was_overtaken_opens_nothing(house, monkeypatch, deed):
    """The account is closed while its password is being checked, and the check succeeds."""
    done = {
        "disable": lambda: accounts.disable(OPERATOR, NOW, house.advisor.id),
        "set_password": lambda: accounts.set_password(
            OPERATOR, NOW, house.advisor.id, "ganz etwas anderes"
        ),
    }[deed]
    monkeypatch.setattr(access, "password_matches", lambda *_: done() is None)
    assert reason_of(staff_sessions.sign_in, NOW, "anna", PASSWORD) == Reason.WRONG_LOGIN
    assert sessions() == []


def test_who_is_no_admin_any_more_manages_nothing(house, admin):
    house.set(Staff, admin.id, role=StaffRole.LEAD)
    assert reason_of(accounts.disable, admin, NOW, house.advisor.id) == Reason.NOT_ALLOWED


def test_a_login_leads_to_its_account_for_whoever_manages_it(house, admin):
    assert accounts.id_of(OPERATOR, " Anna ") == house.advisor.id
    assert accounts.id_of(admin, "anna") == house.advisor.id
    assert reason_of(accounts.id_of, admin, "clara") == Reason.NOT_FOUND
    assert reason_of(accounts.id_of, admin, "nobody") == Reason.NOT_FOUND


def test_a_refusal_says_its_reason():
    assert str(Refused(Reason.WRONG_LOGIN)) == "wrong_login"
