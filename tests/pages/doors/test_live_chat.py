"""What is said in a chat, through the live socket: to whom, in what order, and none is lost."""

import json

from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection

from core import clock
from core.office import chat, hosting, private
from core.words import clock_time
from pages.doors import live_socket
from tests.browser import office
from tests.pages.live import Site, Talk, comes_along, heard, hello, jar_of, listen, visit

FIELD = "Nachricht schreiben"


def has_read(socket: ClientConnection, number: object) -> None:
    """As the page says when its chat is drawn up to this message."""
    socket.send(json.dumps({"read": number}))


def says(talk: Talk, *texts: str) -> None:
    """The guest, in this order."""
    guest = office.guest_of(talk.site.served, talk.invited)
    for text in texts:
        chat.write(guest, clock.now(), talk.invited.appointment_id, text)


def kept(talk: Talk) -> list[chat.Entry]:
    return chat.read(talk.site.served.advisor, talk.invited.appointment_id)


def told(socket: ClientConnection) -> list[dict]:
    """The messages that come before the next sign of life."""
    socket.send("{}")
    lines: list[dict] = []
    while event := heard(socket):
        lines += event["messages"]["lines"] if "messages" in event else []
    return lines


def next_lines(socket: ClientConnection) -> list[dict]:
    """What is said next."""
    while "messages" not in (event := heard(socket)):
        pass
    return event["messages"]["lines"]


def texts(lines: list[dict]) -> list[str]:
    return ["".join(text for text, *_link in line["pieces"]) for line in lines]


def test_what_somebody_sends_is_told_to_both_without_a_run_of_the_readers_page(talk: Talk) -> None:
    for socket in (talk.guest, talk.advisor):
        has_read(socket, 0)
    field = WidgetState(id=talk.page.widgets[FIELD], chat_input_value={"data": " Guten\u202e Tag "})
    [name] = jar_of(talk.invited)
    talk.page.run("termin", f"t={name.removeprefix('termin_')}", [field])
    [entry] = kept(talk)
    line = {
        "number": entry.number,
        "seat": f"guest:{talk.invited.guest_id}",
        "author": "Emil Özdemir",
        "at": clock_time(entry.at),
        "mine": False,
        "pieces": [["Guten Tag", "", ""]],
    }
    assert next_lines(talk.advisor) == [line]
    assert next_lines(talk.guest) == [{**line, "mine": True}]


def test_a_page_that_shows_no_chat_is_told_nothing(talk: Talk) -> None:
    says(talk, "Guten Tag")
    assert told(talk.advisor) == []


def test_what_was_said_before_the_page_was_listening_comes_as_soon_as_it_asks(talk: Talk) -> None:
    says(talk, "eins", "zwei", "drei")
    has_read(talk.advisor, kept(talk)[0].number)
    assert texts(next_lines(talk.advisor)) == ["zwei", "drei"]
    says(talk, "vier")
    assert texts(next_lines(talk.advisor)) == ["vier"]
    has_read(talk.advisor, kept(talk)[1].number)  # another chat of the same tab, drawn a bit ago
    assert texts(next_lines(talk.advisor)) == ["drei", "vier"]


def test_many_at_once_come_once_and_in_order(talk: Talk) -> None:
    has_read(talk.advisor, 0)
    said = [f"Satz {number}" for number in range(9)]
    says(talk, *said)
    got: list[str] = []
    while len(got) < len(said):
        got += texts(next_lines(talk.advisor))
    assert (got, told(talk.advisor)) == (said, [])


def test_what_guests_say_in_a_private_minute_the_advisor_is_never_told(talk: Talk) -> None:
    guest = office.guest_of(talk.site.served, talk.invited)
    comes_along(talk)
    for socket in (talk.guest, talk.advisor):
        has_read(socket, 0)
    private.begin(guest, clock.now(), talk.invited.appointment_id)
    says(talk, "geheim")
    assert texts(next_lines(talk.guest)) == ["geheim"]
    assert told(talk.advisor) == []
    private.end(guest, clock.now(), talk.invited.appointment_id)
    says(talk, "nachher")
    assert texts(next_lines(talk.advisor)) == ["nachher"]


def test_who_has_been_sent_back_is_told_nothing_more(talk: Talk) -> None:
    has_read(talk.guest, 0)
    hosting.send_back(talk.site.served.advisor, clock.now(), talk.invited.guest_id)
    advisor = talk.site.served.advisor
    chat.write(advisor, clock.now(), talk.invited.appointment_id, "unter uns")
    assert told(talk.guest) == []
    has_read(talk.guest, 0)
    assert told(talk.guest) == []


def test_nobody_of_another_talk_is_told(site: Site, talk: Talk) -> None:
    other = site.served.plan()
    office.talking(site.served, other)
    jar = jar_of(other)
    with visit(site, jar) as page, listen(site, jar) as socket:
        hello(socket, page.tab)
        has_read(socket, 0)
        has_read(talk.advisor, 0)
        says(talk, "geheim")
        assert texts(next_lines(talk.advisor)) == ["geheim"]
        assert told(socket) == []


def test_what_is_no_number_of_a_message_asks_for_nothing(talk: Talk) -> None:
    says(talk, "Guten Tag")
    for number in (None, True, -1, 0.5, "0", [0], live_socket.LAST_NUMBER + 1, 10**30):
        has_read(talk.advisor, number)
        assert told(talk.advisor) == []
    has_read(talk.advisor, live_socket.LAST_NUMBER)
    assert told(talk.advisor) == []
    has_read(talk.advisor, 0)
    assert texts(next_lines(talk.advisor)) == ["Guten Tag"]
