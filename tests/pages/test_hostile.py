"""Whatever somebody types is refused with a sentence, or kept and shown as plain text."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlmodel import Session, select

from core import clock
from core.columns import MESSAGE_LENGTH
from core.engine import engine
from core.office import chat, planning
from core.records import Guest, Staff
from core.text import BadText, message_text, person_name
from tests.conftest import MINUTE, NOW
from tests.hostile import HOSTILE
from tests.pages import reading
from tests.pages.staff.test_new_appointment import BAD_MAILS, BAD_NAME, NO_SERVER, fill, send

AT_ONCE = 50
SECOND = timedelta(seconds=1)
TOO_FAST = (
    "Das war sehr viel auf einmal. Bitte warten Sie ein paar Sekunden und machen Sie dann weiter."
)
TOO_LONG = "Die Nachricht ist zu lang. Höchstens 2000 Zeichen sind möglich."
EMPTY = "Bitte schreiben Sie zuerst eine Nachricht."
OUR_PHONE = {"href": "tel:+493023125001"}


def can_be_sent(text: str) -> bool:
    """Half a surrogate pair cannot: browser and server speak UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


SENDABLE = [text for text in HOSTILE if can_be_sent(text)]
# tests/core tries every text on the rules themselves, and test_hostile_views.py shows every one;
# here some go the way through the field.
SOME = SENDABLE[::6]


def foreign(tab):
    """Whatever on this page is not made of our own tags."""
    bodies = [piece.value for piece in tab.at.get("html")]
    return [
        found
        for body in bodies
        if not body.startswith("<style>")
        for found in reading.foreign(body)
    ] + [element for kind in ("markdown", "caption") for element in tab.at.get(kind)]


def a_name(text):
    try:
        return person_name(text)
    except BadText:
        return None


@pytest.fixture
def guests(house):
    def all_of_them():
        with Session(engine()) as session:
            return list(session.exec(select(Guest).order_by(Guest.id)))

    return all_of_them


def test_any_text_as_a_name_is_refused_or_shown_as_it_is(advisor, guests):
    tab, faults, kept = advisor("termin-anlegen"), [], []
    for text in SOME:
        fill(tab, name=text)
        send(tab)
        name = a_name(text)
        link = f"Persönlicher Link für {name}, nur jetzt zu sehen:"
        shown = [NO_SERVER, link] if name else []
        if (tab.errors, tab.paragraphs[2:]) != ([] if name else [BAD_NAME], shown):
            faults.append((text, tab.errors, tab.paragraphs))
        faults += foreign(tab)
        kept += [name] if name else []
    assert faults == []
    assert [guest.name for guest in guests()] == kept
    assert len(kept) > 40


def test_hostile_names_stand_in_agenda_and_desk_as_they_are(house, advisor, guests):
    kept = [name for text in SENDABLE if (name := a_name(text))][::4]
    for name in kept:
        planning.plan(house.advisor, NOW, name, "a@example.com", NOW, NOW.replace(hour=9))
    tab = advisor("tagesplan")
    assert tab.paragraphs[2::2] == [f"… {name} war noch nicht da." for name in kept]
    assert foreign(tab) == []
    faults = []
    for guest in guests()[::10]:
        tab = advisor("beratung", termin=str(guest.appointment_id))
        if [tag.text for tag in tab.all("h2")] != [guest.name]:
            faults.append(guest.name)
        faults += foreign(tab)
    assert faults == []


def test_any_text_as_a_mail_address_is_refused_or_one_harmless_address(house, advisor, guests):
    tab, faults = advisor("termin-anlegen"), []
    for text in SOME:
        before = len(guests())
        fill(tab, email=text)
        send(tab)
        made = len(guests()) - before
        if (tab.errors, made) not in [*(([why], 0) for why in BAD_MAILS), ([], 1)]:
            faults.append((text, tab.errors, made))
        faults += foreign(tab)
    assert faults == []
    kept = [guest.email for guest in guests()]
    assert [mail for mail in kept if not mail.isascii() or mail.count("@") != 1] == []
    assert [mail for mail in kept if any(char in mail for char in '\r\n\0,;<>()" ')] == []
    assert len(list(house.outbox.glob("*.eml"))) == len(kept)


def written(tab, text):
    """What is wrong after `text` has been written into the chat."""
    kept = message_text(text)
    # The field itself lets nothing through that is empty.
    wrong = TOO_LONG if len(kept) > MESSAGE_LENGTH else "" if kept else EMPTY
    tab.says(text)
    if tab.errors != ([wrong] if text and wrong else []):
        return [(text, tab.errors)]
    if text and not wrong and tab.chat[-1][1] != kept:
        return [(text, tab.chat[-1])]
    return foreign(tab)


def test_any_text_in_the_chat_is_refused_or_read_by_both_as_it_is(house, advisor, visitor, it_is):
    planned = house.plan()
    guest = house.talking(planned)
    tabs = visitor(planned), advisor("beratung", termin=str(planned.appointment_id))
    faults = []
    for number, text in enumerate(SOME):
        it_is(NOW + SECOND * number)
        faults += written(tabs[number % 2], text)
    assert faults == []
    for start in range(0, len(SENDABLE), AT_ONCE):
        it_is(NOW + 5 * MINUTE + SECOND * 2 * start)
        before = [text for _, text in tabs[0].chat]
        texts = write_all(guest, planned.appointment_id, SENDABLE[start : start + AT_ONCE])
        for tab in tabs:
            assert [text for _, text in tab.run().chat][-len(texts) :] == texts != before
            assert [*foreign(tab), *unsafe(tab)] == []


def write_all(guest, appointment_id, texts):
    """Write them with a second between; what is kept of those that are."""
    kept = [text for text in map(message_text, texts) if 0 < len(text) <= MESSAGE_LENGTH]
    for number, text in enumerate(kept):
        chat.write(guest, clock.now() + SECOND * 2 * number, appointment_id, text)
    return kept


def test_who_writes_too_fast_is_told_and_gets_the_text_back(house, visitor):
    planned = house.plan()
    house.talking(planned)
    tab = visitor(planned)
    for number in range(10):
        tab.says(f"Satz {number}")
    assert tab.errors == []
    tab.says("Satz 10")
    assert (tab.errors, len(tab.chat)) == ([TOO_FAST], 10)
    given_back = tab.unsent, tab.chat_data["unsent"]["token"]
    assert given_back[0] == "Satz 10"
    # As before in the run that follows: the browser may have seen nothing of this one.
    tab.run()
    assert (tab.errors, (tab.unsent, tab.chat_data["unsent"]["token"])) == ([TOO_FAST], given_back)


def unsafe(tab):
    """Links that tell the other side more, or show another host, than a link of ours may."""
    theirs = [tag for tag in tab.all("a") if tag.attributes.get("href") not in reading.OURS]
    links = [tag.attributes for tag in theirs if tag.attributes != OUR_PHONE]
    wanted = ("_blank", "noopener noreferrer nofollow", "ltr")
    return [
        link
        for link in links
        if tuple(map(link.get, ("target", "rel", "dir"))) != wanted
        or "@" in urlsplit(link["href"]).netloc
    ]


@pytest.mark.parametrize(
    "name", ["<b>Anna</b>", "<script>alert(1)</script>", "![x](https://e.vil)"]
)
def test_hostile_names_of_both_stand_beside_their_messages_as_they_are(
    house, advisor, visitor, name
):
    planned = house.plan()
    house.set(Guest, planned.guest_id, name=name)
    house.set(Staff, house.advisor.id, name=name)
    start = visitor(planned)
    house.talking(planned)
    tabs = visitor(planned), advisor("beratung", termin=str(planned.appointment_id))
    tabs[0].says("Guten Tag")
    tabs[1].says("Hallo")
    assert tabs[0].run().chat == [("Sie", "Guten Tag"), (name, "Hallo")]
    assert tabs[1].chat == [(name, "Guten Tag"), ("Sie", "Hallo")]
    assert start.facts["Mit"] == name
    assert [found for tab in (start, *tabs) for found in foreign(tab)] == []
