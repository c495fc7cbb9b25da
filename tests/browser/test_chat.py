"""Nothing that somebody writes into the chat is lost, however busy the page is just then."""

from playwright.sync_api import Browser

from core.office import chat
from tests.browser import office
from tests.browser.people import Person, Visitor, wait_until
from tests.browser.server import Invited, Served

GUESTS, TIMES = 4, 5  # each with a share of the gate of their own


def kept(served: Served, invited: Invited) -> list[str]:
    return [line.text for line in chat.read(served.advisor, invited.appointment_id)]


def test_what_is_written_as_soon_as_the_page_is_there_is_kept(
    served: Served, clients: Browser, people: list[Person]
) -> None:
    """Just then the call is built up, and has the page drawn anew several times a second."""
    for _ in range(GUESTS):
        invited = served.plan()
        office.talking(served, invited)
        visitor = Visitor(clients, served.base_url, viewport={"width": 1280, "height": 800})
        people.append(visitor)
        written = [f"Satz {number}" for number in range(TIMES)]
        for text in written:
            visitor.opens(invited.link)
            visitor.page.get_by_test_id("stChatInput").wait_for()
            visitor.writes(text)
            wait_until(lambda t=text: t in kept(served, invited), text, 10)  # type: ignore[misc]  # noqa: B023
        assert kept(served, invited) == written
        visitor.page.close()
