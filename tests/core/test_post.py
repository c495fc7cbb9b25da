"""A mail goes on beside the pages: to its end, again and again, or until it can never be sent."""

import threading
import time
from collections.abc import Iterator

import pytest

from core import delivery, post
from core.delivery import NotSent
from core.post import Letter, Post, State
from core.settings import Settings
from tests.core.slow_mail import slow_server
from tests.core.test_invitations import LINK, Mailbox, free_port, listening, mail_for, settings_for

PATIENCE = 20  # seconds, for a machine that has much else to do


class Told:
    """What the one who handed a mail over is told, and waiting for it."""

    def __init__(self) -> None:
        self.sent: list[bool] = []
        self._more = threading.Condition()

    def __call__(self, sent: bool) -> None:
        with self._more:
            self.sent.append(sent)
            self._more.notify_all()

    def times(self, number: int) -> list[bool]:
        with self._more:
            assert self._more.wait_for(lambda: len(self.sent) >= number, PATIENCE)
            return self.sent


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def office() -> Iterator[Post]:
    here = Post()
    yield here
    here.forget()


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[Settings]:
    with listening(mailbox) as found:
        yield found


def kept(letter: Letter) -> tuple[State, bool, str]:
    return letter.state, letter.mail is not None, letter.link


@pytest.mark.parametrize("drips", [True, False], ids=["lines without end", "silence"])
@pytest.mark.parametrize(
    "word", ["banner", "EHLO", "MAIL", "RCPT", "DATA", "end", "STAR", "handshake"]
)
def test_however_a_server_hangs_a_mail_ends_in_time(monkeypatch, word, drips):
    monkeypatch.setattr(delivery, "DEADLINE", 0.5)
    security = "starttls" if word in ("STAR", "handshake") else "none"
    with slow_server(word, drips) as server:
        began = time.monotonic()
        with pytest.raises(NotSent) as problem:
            delivery.send(mail_for(), settings_for(server.port, security))
    assert server.came.is_set()
    assert time.monotonic() - began < delivery.TIMEOUT
    assert not problem.value.for_ever


def test_whoever_hands_a_mail_over_does_not_wait_for_a_server_that_hangs(office, told):
    with slow_server("banner", drips=True) as server:
        began = time.monotonic()
        letter = office.hand_over(1, mail_for(), LINK, settings_for(server.port), told)
        assert time.monotonic() - began < 1
        assert server.came.wait(PATIENCE)
        assert kept(letter) == (State.ON_ITS_WAY, True, LINK)
        assert (office.letter(1), office.letter(2), told.sent) == (letter, None, [])


def test_a_mail_that_is_taken_is_sent_once_and_forgotten(office, told, server, mailbox):
    letter = office.hand_over(1, mail_for(), LINK, server, told)
    assert told.times(1) == [True]
    assert letter.settled.wait(PATIENCE)
    assert kept(letter) == (State.SENT, False, "")
    assert len(mailbox.got) == 1


@pytest.mark.parametrize("answer", ["421 Busy", "450 Later", "451 Try again", "452 Full", "454 No"])
def test_what_a_server_does_not_take_now_is_tried_again(
    office, told, server, mailbox, monkeypatch, answer
):
    monkeypatch.setattr(post, "AGAIN", (0.2, 0, 0))
    mailbox.answer = answer
    letter = office.hand_over(1, mail_for(), LINK, server, told)
    assert told.times(1) == [False]
    assert kept(letter) == (State.ON_ITS_WAY, True, LINK)
    mailbox.answer = "250 OK"
    assert letter.settled.wait(PATIENCE)
    while not told.sent[-1]:
        told.times(len(told.sent) + 1)
    assert kept(letter) == (State.SENT, False, "")


@pytest.mark.parametrize("answer", ["550 Nobody", "552 Too big", "553 Bad", "554 Spam", "500 ?"])
def test_what_a_server_never_takes_is_not_tried_again(office, told, server, mailbox, answer):
    mailbox.answer = answer
    letter = office.hand_over(1, mail_for(), LINK, server, told)
    assert told.times(1) == [False]
    assert letter.settled.wait(PATIENCE)
    assert (*kept(letter), len(mailbox.got)) == (State.NOT_SENT, False, "", 1)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_without_the_encryption_that_is_asked_for(office, told, server, security):
    """Without STARTTLS it never works; a port that answers in the clear may be another's today."""
    letter = office.hand_over(1, mail_for(), LINK, settings_for(server.smtp_port, security), told)
    assert told.times(1) == [False]
    never = {"starttls": State.NOT_SENT, "tls": State.ON_ITS_WAY}
    assert letter.state is never[security]


def test_after_the_last_try_it_is_given_up(office, told, monkeypatch):
    monkeypatch.setattr(post, "AGAIN", (0, 0, 0))
    letter = office.hand_over(1, mail_for(), LINK, settings_for(free_port()), told)
    assert told.times(4) == [False] * 4
    assert kept(letter) == (State.NOT_SENT, False, "")


def test_a_newer_mail_takes_the_place_of_one_that_is_still_on_its_way(
    office, told, server, mailbox, monkeypatch
):
    monkeypatch.setattr(post, "AGAIN", (0.1,))
    older = Told()
    first = office.hand_over(1, mail_for("Erste"), LINK, settings_for(free_port()), older)
    assert older.times(1) == [False]
    office.hand_over(1, mail_for("Zweite"), LINK, server, told)
    assert kept(first) == (State.NOT_SENT, False, "")
    assert told.times(1) == [True]
    [(_to, mail)] = mailbox.got
    assert mail.get_content().splitlines()[0] == "Guten Tag Zweite,"
    assert older.sent == [False]


def test_servers_that_hang_hold_only_a_few_mails_at_once(office, told, monkeypatch):
    monkeypatch.setattr(delivery, "DEADLINE", 0.3)
    monkeypatch.setattr(post, "AGAIN", ())
    with slow_server("banner", drips=True) as server:
        for guest_id in range(3 * post.AT_ONCE):
            office.hand_over(guest_id, mail_for(), LINK, settings_for(server.port), told)
        assert told.times(3 * post.AT_ONCE) == [False] * 3 * post.AT_ONCE


def test_who_was_invited_long_ago_is_remembered_no_more(office, told, server, monkeypatch):
    monkeypatch.setattr(post, "MOST", 2)
    for guest_id in (1, 2, 3):
        office.hand_over(guest_id, mail_for(), LINK, server, told)
    assert [office.letter(guest_id) is None for guest_id in (1, 2, 3)] == [True, False, False]
    assert told.times(3) == [True] * 3


def test_what_is_forgotten_is_not_sent(office, told, server, mailbox, monkeypatch):
    monkeypatch.setattr(post, "AGAIN", (0.05,))
    mailbox.answer = "451 Try again"
    letter = office.hand_over(1, mail_for(), LINK, server, told)
    assert told.times(1) == [False]
    office.forget()
    assert (*kept(letter), office.letter(1)) == (State.NOT_SENT, False, "", None)
