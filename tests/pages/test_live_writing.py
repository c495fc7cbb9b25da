"""Text that is read while it is written: by whom, how much of it, and that nothing of it stays."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from websockets.sync.client import ClientConnection

from core import clock
from core.office import hosting, writing
from tests.browser import office
from tests.browser.raw import raw_page
from tests.browser.server import Invited, serve
from tests.pages.test_gate_sockets import Site
from tests.pages.test_live_socket import heard, hello, jar_of, listen, visit


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serve(tmp_path_factory.mktemp("site")) as served:
        yield Site(served)


@dataclass(frozen=True)
class Talk:
    """A guest and the advisor in one talk, each with a live socket."""

    site: Site
    invited: Invited
    guest: ClientConnection
    advisor: ClientConnection

    def guest_writes(self, text: object) -> None:
        self.guest.send(json.dumps({"typing": text}))

    def advisor_reads(self) -> str:
        """What the advisor reads next of the guest."""
        while "typing" not in (event := heard(self.advisor)):
            pass
        said = event["typing"]
        assert (said["seat"], said["name"]) == (f"guest:{self.invited.guest_id}", "Emil Özdemir")
        return said["text"]

    def nobody_has_read(self) -> None:
        """Everything that was said before has been dealt with, and reached nobody."""
        for socket in (self.guest, self.advisor):
            socket.send("{}")
            while event := heard(socket):
                assert list(event) != ["typing"]


@pytest.fixture
def talk(site: Site) -> Iterator[Talk]:
    invited = site.served.plan()
    office.talking(site.served, invited)
    guest, staff = jar_of(invited), site.staff()
    with ExitStack() as open_:
        page = open_.enter_context(visit(site, guest))
        desk = open_.enter_context(raw_page(site.served.base_url, staff))
        desk.run("beratung", f"termin={invited.appointment_id}")
        sockets = [open_.enter_context(listen(site, jar)) for jar in (guest, staff)]
        for socket, tab in zip(sockets, (page.tab, desk.tab), strict=True):
            hello(socket, tab)
        yield Talk(site, invited, *sockets)


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


@pytest.mark.parametrize("text", [None, 1, ["x"], {"x": "y"}])
def test_what_is_no_text_is_not_shown(talk: Talk, text: object) -> None:
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
        socket.send("{}")
        assert heard(socket) == {}


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
