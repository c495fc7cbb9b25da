"""
Out means out within two seconds, for page and media, even if a page is silent; and nothing of
the page before is drawn any more.
"""

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from core import clock
from core.appointment import OPERATOR
from core.office import accounts, closing, hosting, inviting, staff_sessions
from tests.browser.people import SECONDS, Advisor, Person, Visitor, wait_until
from tests.browser.raw import raw_page
from tests.browser.server import LOGIN, PASSWORD, Invited, Served
from tests.browser.test_journey import both_see_and_hear, meet
from tests.browser.test_seats import OUT_SECONDS, goes_on, waits_with_picture

# Streamlit's own socket, which hears and says nothing any more once `muted` is set.
MUTABLE = """
(() => {
  const Real = window.WebSocket;
  window.WebSocket = class extends Real {
    constructor(...a) {
      super(...a);
      this.addEventListener("message", (e) => window.muted && e.stopImmediatePropagation());
    }
    send(...a) { if (!window.muted) super.send(...a); }
  };
})();
"""
PACKETS = """
async () => {
  let sum = 0;
  for (const connection of window.connections ?? []) {
    for (const report of (await connection.getStats()).values()) {
      if (report.type === "inbound-rtp") sum += report.packetsReceived ?? 0;
    }
  }
  return sum;
}
"""


def mute(person: Person) -> None:
    """The page's WebSocket falls silent; picture and sound go on."""
    person.page.evaluate("window.muted = true")


def packets(person: Person) -> int:
    return int(person.page.evaluate(PACKETS))


def until_no_packet_comes(person: Person, since: float) -> float:
    """Seconds until the last packet of picture or sound; waits for a second without any."""
    last, last_at = packets(person), time.monotonic()
    while (now := time.monotonic()) < last_at + 1:
        assert now < since + 30, "packets go on"
        if (count := packets(person)) > last:
            last, last_at = count, now
        person.page.wait_for_timeout(20)
    return last_at - since


@pytest.fixture
def disabled(served: Served) -> Iterator[Callable[[], None]]:
    """Closes the advisor's account, until the end of the test."""
    account = served.advisor.id or 0
    yield lambda: accounts.disable(OPERATOR, clock.now(), account)
    accounts.enable(OPERATOR, clock.now(), account)


def new_link(served: Served, invited: Invited) -> None:
    inviting.new_link(served.advisor, clock.now(), invited.guest_id)


def end(served: Served, invited: Invited) -> None:
    hosting.end(served.advisor, clock.now(), invited.appointment_id)


def cancel(served: Served, invited: Invited) -> None:
    closing.cancel(served.advisor, clock.now(), invited.appointment_id)


@pytest.mark.parametrize("withdraw", [new_link, cancel])
def test_who_waits_is_out_at_once_even_if_their_page_is_silent(
    served: Served, visitor: Visitor, withdraw: Callable[[Served, Invited], None]
) -> None:
    visitor.context.add_init_script(MUTABLE)
    invited = served.plan()
    waits_with_picture(visitor, invited)
    goes_on(visitor)
    mute(visitor)
    goes_on(visitor)
    withdraw(served, invited)
    assert until_no_packet_comes(visitor, time.monotonic()) < OUT_SECONDS


def test_the_end_ends_both_sides_even_if_a_page_is_silent(
    served: Served, visitor: Visitor, advisor: Advisor
) -> None:
    visitor.context.add_init_script(MUTABLE)
    invited = served.plan()
    meet(visitor, advisor, invited)
    mute(visitor)
    end(served, invited)
    assert until_no_packet_comes(visitor, time.monotonic()) < OUT_SECONDS
    expect(advisor.page.get_by_text("Das Gespräch ist beendet.")).to_be_visible()


def test_the_page_of_an_open_link_is_gone_when_a_new_one_is_sent(
    served: Served, visitor: Visitor
) -> None:
    invited = served.plan()
    waits_with_picture(visitor, invited)
    new_link(served, invited)
    withdrawn = time.monotonic()
    gone = visitor.page.get_by_text("Dieser Link führt zu keinem Termin.")
    expect(gone).to_be_visible(timeout=30 * SECONDS)
    wait_until(lambda: visitor.live_tracks() == 0, "camera and microphone are released")
    assert time.monotonic() - withdrawn < OUT_SECONDS


SENT = """
async () => {
  let frames = 0;
  for (const connection of window.connections ?? []) {
    if (connection.connectionState !== "connected") continue;
    for (const report of (await connection.getStats()).values())
      if (report.type === "outbound-rtp") frames += report.framesEncoded ?? 0;
  }
  return frames;
}
"""


@pytest.mark.parametrize("silent", [True, False], ids=["silent", "open"])
def test_an_advisor_whose_account_is_disabled_is_out_and_the_client_undisturbed(
    served: Served,
    visitor: Visitor,
    advisor: Advisor,
    disabled: Callable[[], None],
    silent: bool,
) -> None:
    advisor.context.add_init_script(MUTABLE)
    advisor.page.reload()
    advisor.sees("Tagesplan")
    invited = served.plan()
    meet(visitor, advisor, invited)
    both_see_and_hear(visitor, advisor)
    if silent:
        mute(advisor)
    disabled()
    since = time.monotonic()
    if silent:
        assert until_no_packet_comes(advisor, since) < OUT_SECONDS
    else:
        gone = advisor.page.get_by_role("heading", name="Nicht angemeldet")
        expect(gone).to_be_visible(timeout=30 * SECONDS)
        assert time.monotonic() - since < OUT_SECONDS
        assert not advisor.has_call()
    wait_until(lambda: not visitor.sees_a_picture(), "the advisor's picture is gone")
    goes_on_sending(visitor)


def test_a_part_of_the_page_before_is_not_drawn_into_the_one_that_came_after(
    served: Served, disabled: Callable[[], None]
) -> None:
    query = f"termin={served.plan().appointment_id}"
    cookies = {"beratung": staff_sessions.sign_in(clock.now(), LOGIN, PASSWORD)}
    with raw_page(served.base_url, cookies) as page:
        page.run("beratung", query)
        drawn = [page.run_part(part) for part in page.parts]
        assert [each for each in drawn if "War noch nicht da" in each]
        disabled()
        assert "Nicht angemeldet" in page.run("beratung", query)
        for part in page.parts:
            with pytest.raises(TimeoutError):
                page.run_part(part, seconds=2)


def test_a_part_of_a_page_that_was_left_does_not_bring_it_back(served: Served) -> None:
    """As when somebody comes while the advisor goes to the desk."""
    query = f"termin={served.plan().appointment_id}"
    cookies = {"beratung": staff_sessions.sign_in(clock.now(), LOGIN, PASSWORD)}
    with raw_page(served.base_url, cookies) as page:
        page.run("tagesplan", "")
        (day_list,) = page.parts
        for _which_may_come_too_late in range(3):
            assert "War noch nicht da" in page.switch("beratung", query, day_list)
            drawn = [page.run_part(part) for part in page.parts - {day_list}]
            assert [each for each in drawn if "War noch nicht da" in each]
            page.run("tagesplan", "")


def goes_on_sending(person: Person) -> None:
    """There is nobody to be seen, but the one connection there was is still in use."""
    before = sent(person)
    wait_until(lambda: sent(person) > before + 10, "frames are sent")
    assert person.page.evaluate("window.connections.length") == 1


def sent(person: Person) -> int:
    """Frames encoded on connected connections."""
    return int(person.page.evaluate(SENT))
