"""Text that is read while it is written: by whom, how much of it, and that nothing of it stays."""

import json

from core import clock
from core.office import hosting, private, writing
from tests.browser import office
from tests.pages.live import Site, Talk, comes_along, hello, jar_of, listen, read_on, visit


def test_what_a_guest_writes_is_read_at_the_desk_while_it_is_written(talk: Talk) -> None:
    read = []
    for text in ("G", "Gu", "Guten Tag", ""):
        talk.guest_writes(text)
        read.append(talk.advisor_reads())
    assert read == ["G", "Gu", "Guten Tag", ""]


def test_it_is_shown_as_a_message_would_be_and_only_the_end_of_it(talk: Talk) -> None:
    talk.guest_writes("a\u202eb\x07\nc")
    assert talk.advisor_reads() == "ab\nc"
    talk.guest_writes("x" * 700 + "y")
    assert talk.advisor_reads() == "x" * (writing.LONGEST - 1) + "y"


def test_what_is_no_text_is_not_shown(talk: Talk) -> None:
    for text in (None, 1, ["x"], {"x": "y"}):
        talk.guest_writes(text)
        talk.nobody_has_read()


def test_whoever_is_not_inside_any_more_is_not_read_whatever_their_page_says(talk: Talk) -> None:
    talk.guest_writes("noch da")
    assert talk.advisor_reads() == "noch da"
    hosting.send_back(talk.site.served.advisor, clock.now(), talk.invited.guest_id)
    talk.guest_writes("hallo?")
    assert talk.advisor_reads() == ""  # and what was there is taken away
    talk.guest_writes("hallo??")
    talk.nobody_has_read()


def test_what_was_begun_in_a_private_minute_is_not_for_the_advisor_afterwards(
    talk: Talk,
) -> None:
    served, number = talk.site.served, talk.invited.appointment_id
    guest = office.guest_of(served, talk.invited)
    comes_along(talk)
    private.begin(guest, clock.now(), number)
    talk.guest_writes("geheim")
    talk.nobody_has_read()
    private.end(guest, clock.now(), number)
    for text in ("geheim", "geheim!"):
        talk.guest_writes(text)
    talk.nobody_has_read()
    for text in (None, "geheim!", ""):  # the switch is off, then on again
        talk.guest_writes(text)
    talk.nobody_has_read()
    talk.guest_writes("neu")
    assert talk.advisor_reads() == "neu"


def test_what_a_page_does_not_say_it_began_with_is_not_for_the_advisor(talk: Talk) -> None:
    """Streamlit has lost the session, and the field still has what was written in it."""
    jar = jar_of(talk.invited)
    with visit(talk.site, jar) as page, listen(talk.site, jar) as socket:
        hello(socket, page.tab)
        socket.send(json.dumps({"typing": "von vorhin"}))
        assert read_on(socket) == []
        talk.nobody_has_read()


def test_whoever_is_not_inside_any_more_reads_nothing(talk: Talk) -> None:
    hosting.send_back(talk.site.served.advisor, clock.now(), talk.invited.guest_id)
    talk.advisor.send(json.dumps({"typing": "geheim"}))
    talk.nobody_has_read()


def test_nobody_of_another_talk_reads_it(site: Site, talk: Talk) -> None:
    other = site.served.plan()
    office.talking(site.served, other)
    jar = jar_of(other)
    with visit(site, jar) as page, listen(site, jar) as socket:
        hello(socket, page.tab)
        talk.guest_writes("geheim")
        assert talk.advisor_reads() == "geheim"
        assert read_on(socket) == []


def test_what_was_not_sent_goes_with_its_writer(talk: Talk) -> None:
    talk.guest_writes("ich wollte noch")
    assert talk.advisor_reads() == "ich wollte noch"
    talk.guest.close()
    assert talk.advisor_reads() == ""


def test_nothing_of_it_is_stored_or_logged(talk: Talk) -> None:
    served = talk.site.served
    talk.guest_writes("Kanarienvogel")
    assert talk.advisor_reads() == "Kanarienvogel"
    talk.nobody_has_read()
    kept = [served.log(), *office.dump(served)]
    files = [path.read_bytes() for path in served.folder.rglob("*") if path.is_file()]
    assert [text for text in kept if "Kanarienvogel" in text] == []
    assert [1 for content in files if b"Kanarienvogel" in content] == []
    assert len(files) > 1
