"""The personal link: what opening it does (nothing), where it leads, and what it never opens."""

import json
from datetime import timedelta

import httpx
import pytest
from playwright.sync_api import Browser, expect
from streamlit.proto.WidgetStates_pb2 import WidgetState

from core import clock, words
from core.access import link_key, new_secret
from core.appointment import GuestStatus
from core.hours import waiting_room_opens
from core.office import closing, hosting, inviting
from tests.browser import office
from tests.browser.people import SECONDS, Person, Visitor, wait_until
from tests.browser.raw import raw_page
from tests.browser.server import PHONE, Invited, Served
from tests.jars import link_jar

UNKNOWN = "Dieser Link führt zu keinem Termin."
NOT_HERE = "In diesem Browser ist Ihr Termin nicht offen."
NOT_SIGNED_IN = "Nicht angemeldet"
SIGN_IN = "Anmeldung für Mitarbeitende"
STAYS_SECONDS = 2  # longer than the page takes to notice a new status
ENTER = "Schritt 2: Beratungsraum betreten"
FORGED = [
    {"playing": True},
    {"playing": True, "sdpOffer": {"type": "offer", "sdp": "v=0"}, "iceCandidates": {}},
    {"playing": True, "admitted": True, "status": "admitted", "role": "advisor"},
    {"playing": "ja", "sdpOffer": 5, "iceCandidates": []},
    [1, 2, 3],
    "admitted",
    None,
]


def secret_of(link: str) -> str:
    return link.rsplit("/", 1)[1]


def key_of(link: str) -> str:
    return link_key(secret_of(link))


def content(person: Person) -> str:
    """The text of the page, once it is drawn; a clock on it would change."""
    main = person.page.locator("main, [data-testid=stMain]")
    expect(main.get_by_role("heading", level=1)).to_be_visible(timeout=30 * SECONDS)
    return str(main.inner_text())


def says(person: Person, sentence: str, seconds: float = 30) -> None:
    expect(person.page.get_by_text(sentence).first).to_be_visible(timeout=seconds * SECONDS)


def is_calm(person: Person) -> None:
    """Neither an exception nor one of Streamlit's own dialogs."""
    expect(person.page.get_by_text("Fehlercode")).to_have_count(0)
    expect(person.page.get_by_test_id("stException")).to_have_count(0)
    expect(person.page.get_by_role("dialog")).to_have_count(0)


def says_goodbye(person: Person, sentence: str) -> None:
    says(person, sentence)
    says(person, PHONE)
    is_calm(person)
    assert not person.has_call()
    assert person.live_tracks() == 0


# Opening a link


def test_opening_a_link_changes_no_row(served: Served, visitor: Visitor) -> None:
    invited = served.plan()
    before = office.dump(served)

    for _ in range(20):
        assert httpx.get(invited.link, follow_redirects=True).status_code == 200
        assert httpx.head(invited.link).status_code == 303
    visitor.opens(invited.link)
    visitor.sees("Startseite")
    visitor.page.close()

    assert office.dump(served) == before


def test_the_dump_of_the_rows_would_show_a_change(served: Served) -> None:
    invited = served.plan()
    before = office.dump(served)
    office.consented(served, invited)
    assert office.dump(served) != before


def test_unknown_expired_and_replaced_links_get_the_same_answer(served: Served) -> None:
    replaced = served.plan()
    inviting.new_link(served.advisor, clock.now(), replaced.guest_id)
    secrets = [new_secret(), secret_of(office.expired(served).link), secret_of(replaced.link)]
    answers = [shape_of_answer(served, secret) for secret in secrets]
    assert answers == [answers[0]] * 3
    assert answers[0][0] == 404


def shape_of_answer(served: Served, secret: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and body."""
    answer = httpx.get(f"{served.base_url}/termin/{secret}")
    headers = {name: value for name, value in answer.headers.items() if name != "date"}
    return answer.status_code, headers, answer.text


# Too early


def test_who_comes_a_day_early_may_test_the_device_but_not_go_on(
    served: Served, visitor: Visitor
) -> None:
    invited = served.plan(begins_in=timedelta(days=1))
    begins = office.appointment(invited).starts_at
    day, time = words.day(begins), words.clock_time(begins)

    visitor.opens(invited.link)
    says(visitor, f"{day}, {time} Uhr")
    says(visitor, "Sie sind früh dran.")
    visitor.agrees()
    visitor.tests_devices()

    opens = words.clock_time(waiting_room_opens(begins))
    says(visitor, f"Ihr Termin ist am {day}, {time} Uhr. Der Warteraum öffnet um {opens} Uhr.")
    visitor.page.wait_for_timeout(STAYS_SECONDS * SECONDS)
    visitor.sees("Gerät prüfen")
    expect(visitor.page.get_by_role("button", name=ENTER)).to_have_count(0)
    assert office.status(invited) == GuestStatus.CONSENTED
    assert office.guest(invited).camera_worked


# Links that lead to no talk any more


@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        (office.expired, UNKNOWN),
        (office.missed, "Der Termin am {when} ist vorbei."),
        (office.cancelled, "Der Termin am {when} wurde abgesagt."),
        (office.ended, "Das Gespräch ist beendet. Vielen Dank und auf Wiedersehen."),
    ],
)
def test_a_link_that_is_over_says_so_and_whom_to_call(
    served: Served, visitor: Visitor, end: object, sentence: str
) -> None:
    invited = end(served)  # type: ignore[operator]  # one of the functions above
    begins = office.appointment(invited).starts_at
    when = f"{words.day(begins)}, {words.clock_time(begins)} Uhr"
    before = office.dump(served)

    visitor.opens(invited.link)

    says_goodbye(visitor, sentence.format(when=when))
    assert office.dump(served) == before


def test_unknown_secrets_get_one_and_the_same_page(served: Served, browser: Browser) -> None:
    secrets = [new_secret(), "x" * 43, "kurz", new_secret()[:42]]
    pages = [page_of(served, browser, secret) for secret in secrets]
    assert all(page == pages[0] for page in pages), pages
    assert UNKNOWN in pages[0][0]
    assert PHONE in pages[0][0]


def page_of(served: Served, browser: Browser, secret: str) -> tuple[str, str, int]:
    """Text, title and HTTP status of what somebody with this link gets."""
    visitor = Visitor(browser, served.base_url)
    try:
        answer = visitor.page.goto(f"/termin/{secret}")
        says_goodbye(visitor, UNKNOWN)
        expect(visitor.page).to_have_title("Videokommunikation")
        return content(visitor), visitor.page.title(), answer.status if answer else 0
    finally:
        visitor.leave()


@pytest.mark.parametrize(
    "tail",
    [
        ".",
        ")",
        "%0A",
        "%E2%80%8B",
        "?utm=1%00",
        "/x",
    ],
)
def test_a_link_that_a_mail_program_has_damaged_leads_to_the_calm_page(
    served: Served, visitor: Visitor, tail: str
) -> None:
    visitor.opens(served.plan().link[:-1] + tail)
    says_goodbye(visitor, UNKNOWN)


@pytest.mark.parametrize("path", ["", "?t=%00", "?t=x&t=y"])
def test_the_address_without_a_known_link_leads_to_the_calm_page(
    served: Served, visitor: Visitor, path: str
) -> None:
    visitor.opens(f"/termin{path}")
    says_goodbye(visitor, UNKNOWN)


def test_the_address_of_a_page_of_another_browser_says_so(served: Served, visitor: Visitor) -> None:
    visitor.opens("/termin?t=0123456789")
    says_goodbye(visitor, NOT_HERE)


def test_a_replaced_link_opens_nothing_any_more(served: Served, visitor: Visitor) -> None:
    invited = served.plan()
    inviting.new_link(served.advisor, clock.now(), invited.guest_id)
    visitor.opens(invited.link)
    says_goodbye(visitor, UNKNOWN)


# Nobody lets themselves in


@pytest.fixture
def waiting(served: Served, visitor: Visitor) -> Invited:
    """An appointment whose guest sits in the Warteraum, at a browser."""
    invited = served.plan()
    office.waiting(served, invited)
    visitor.opens(invited.link)
    visitor.sees("Warteraum")
    return invited


@pytest.mark.parametrize(
    "address",
    ["/beratung?termin={id}", "/beratung?termin={id}&t={key}", "/tagesplan", "/termin-anlegen"],
)
def test_typing_the_address_of_a_staff_page_shows_only_the_sign_in(
    served: Served, visitor: Visitor, waiting: Invited, address: str
) -> None:
    visitor.opens(address.format(id=waiting.appointment_id, key=key_of(waiting.link)))
    visitor.sees(SIGN_IN)
    assert "Emil" not in content(visitor)
    assert not visitor.has_call()
    assert office.status(waiting) == GuestStatus.WAITING


@pytest.mark.parametrize(
    "more", ["&termin={id}", "&step=room", "&status=admitted", "&t=", "#room", "&embed=true"]
)
def test_more_in_the_address_does_not_open_the_door(
    served: Served, visitor: Visitor, waiting: Invited, more: str
) -> None:
    own = f"/termin?t={key_of(waiting.link)}"
    visitor.opens(own + more.format(id=waiting.appointment_id))
    says(visitor, UNKNOWN if more.startswith("&t=") else "Sie sind angemeldet.")
    is_calm(visitor)
    assert office.status(waiting) == GuestStatus.WAITING


def test_no_page_can_read_the_links_secret(visitor: Visitor, waiting: Invited) -> None:
    assert secret_of(waiting.link) not in visitor.page.evaluate("document.cookie")
    assert secret_of(waiting.link) not in visitor.page.url
    assert secret_of(waiting.link) not in visitor.page.content()


def test_forged_cookies_open_neither_another_visit_nor_a_staff_page(
    served: Served, visitor: Visitor, waiting: Invited
) -> None:
    other = served.plan("Karla Beispiel")
    own_key, other_key = key_of(waiting.link), key_of(other.link)
    forge(visitor, f"termin_{other_key}", secret_of(waiting.link))
    forge(visitor, "termin_0123456789", secret_of(other.link))
    forge(visitor, "beratung", secret_of(waiting.link))
    visitor.page.evaluate("name => { document.cookie = name }", f"termin_{own_key}=x; path=/")

    for key in (other_key, "0123456789"):
        visitor.opens(f"/termin?t={key}")
        says_goodbye(visitor, NOT_HERE)
    visitor.opens("/tagesplan")
    visitor.sees(SIGN_IN)
    visitor.opens(f"/termin?t={own_key}")  # a page cannot overwrite the HttpOnly cookie
    visitor.sees("Warteraum")


def forge(person: Person, name: str, value: str) -> None:
    person.page.evaluate("cookie => { document.cookie = cookie }", f"{name}={value}; path=/")
    assert name in person.page.evaluate("document.cookie")


@pytest.mark.parametrize("value", FORGED, ids=lambda value: json.dumps(value)[:40])
def test_forged_values_of_the_call_open_no_door(served: Served, value: object) -> None:
    invited = served.plan()
    office.waiting(served, invited)
    query = f"t={key_of(invited.link)}"
    cookies = link_jar(secret_of(invited.link))

    with raw_page(served.base_url, cookies) as page:
        assert "Sie sind angemeldet." in page.run("termin", query)
        drawn = page.run("termin", query, forged(page.widgets["call"], value))

    assert "Gespräch beenden" not in drawn
    assert "Sie sprechen mit" not in drawn
    assert "Warteraum" in drawn or "Fehlercode" in drawn
    assert office.status(invited) == GuestStatus.WAITING
    with raw_page(served.base_url, cookies) as page:
        assert "Sie sind angemeldet." in page.run("termin", query)


def forged(call: str, value: object) -> list[WidgetState]:
    """The call's value, and presses of buttons that are not on this visitor's page."""
    buttons = ("open", "admit_1", "identity_1", "leave", "end", "enter")
    return [
        WidgetState(id=call, json_value=json.dumps(value)),
        *(WidgetState(id=f"$$ID-{'0' * 32}-{name}", trigger_value=True) for name in buttons),
        WidgetState(id="stage", json_value=json.dumps({"played": True})),
    ]


def test_a_raw_client_does_press_a_button_that_is_on_its_page(served: Served) -> None:
    invited = served.plan()
    office.waiting(served, invited)
    query = f"t={key_of(invited.link)}"
    cookies = link_jar(secret_of(invited.link))
    with raw_page(served.base_url, cookies) as page:
        page.run("termin", query)
        again = WidgetState(id=page.widgets["Zurück zum Gerätetest"], trigger_value=True)
        assert "Gerät prüfen" in page.run("termin", query, [again])
    assert office.status(invited) == GuestStatus.CONSENTED


def test_a_waiting_visitors_cookies_open_no_staff_page_to_a_raw_client(served: Served) -> None:
    invited = served.plan()
    office.waiting(served, invited)
    cookies = link_jar(secret_of(invited.link))
    cookies["beratung"] = new_secret()
    for name in ("beratung", "tagesplan", "termin-anlegen"):
        with raw_page(served.base_url, cookies) as page:
            drawn = page.run(name, f"termin={invited.appointment_id}")
        assert NOT_SIGNED_IN in drawn
        assert "Emil" not in drawn


# Tabs, reloads, other devices


def test_two_links_in_one_browser_each_show_their_own_appointment(
    served: Served, visitor: Visitor
) -> None:
    first, second = served.plan(), served.plan(begins_in=timedelta(hours=25))
    visitor.opens(first.link)
    says(visitor, when(first))

    tab = visitor.context.new_page()
    tab.goto(second.link)
    expect(tab.get_by_text(when(second))).to_be_visible(timeout=30 * SECONDS)
    visitor.page.reload()
    says(visitor, when(first))
    tab.reload()
    expect(tab.get_by_text(when(second))).to_be_visible(timeout=30 * SECONDS)


def when(invited: Invited) -> str:
    begins = office.appointment(invited).starts_at
    return f"{words.day(begins)}, {words.clock_time(begins)} Uhr"


@pytest.mark.parametrize(
    ("bring", "heading"),
    [
        (lambda served, invited: None, "Startseite"),
        (office.consented, "Gerät prüfen"),
        (office.waiting, "Warteraum"),
        (office.talking, "Beratungsraum"),
    ],
)
def test_a_reload_a_second_tab_and_another_device_resume_at_the_right_step(
    served: Served, browser: Browser, visitor: Visitor, bring: object, heading: str
) -> None:
    invited = served.plan()
    bring(served, invited)  # type: ignore[operator]  # one of the functions above
    visitor.opens(invited.link)
    visitor.sees(heading)
    visitor.page.reload()
    visitor.sees(heading)

    tab = visitor.context.new_page()
    tab.goto(invited.link)
    expect(tab.get_by_role("heading", name=heading, exact=True)).to_be_visible(timeout=30 * SECONDS)

    device = Visitor(browser, served.base_url)
    try:
        device.opens(invited.link)
        device.sees(heading)
    finally:
        device.leave()


def test_after_the_end_the_camera_is_released_and_stays_so(
    served: Served, visitor: Visitor
) -> None:
    invited = served.plan()
    office.consented(served, invited)
    visitor.opens(invited.link)
    visitor.tests_devices()
    visitor.goes_to_waiting_room()
    hosting.open_room(served.advisor, clock.now(), invited.appointment_id, {})
    visitor.sees("Beratungsraum")
    assert visitor.live_tracks() > 0

    hosting.end(served.advisor, clock.now(), invited.appointment_id)

    says(visitor, "Das Gespräch ist beendet.")
    wait_until(lambda: visitor.live_tracks() == 0, "camera and microphone are released")
    visitor.page.reload()
    says_goodbye(visitor, "Das Gespräch ist beendet.")


def test_a_cancelled_appointment_releases_the_camera_of_who_waits(
    served: Served, visitor: Visitor
) -> None:
    invited = served.plan()
    office.consented(served, invited)
    visitor.opens(invited.link)
    visitor.tests_devices()
    visitor.goes_to_waiting_room()

    closing.cancel(served.advisor, clock.now(), invited.appointment_id)

    says(visitor, "wurde abgesagt.")
    wait_until(lambda: visitor.live_tracks() == 0, "camera and microphone are released")
