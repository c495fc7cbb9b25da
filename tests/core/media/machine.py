"""
Real rooms, the real office, and five browsers in each of two rooms that do anything.

After every step: nothing of anybody arrives at a seat that the tables do not admit, as
they were when the room asked last. A room asks when somebody's page is drawn, when a page
has done something, and once a second.
"""

from collections.abc import Callable

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from core import access
from core.appointment import GuestStatus, IdentityProof
from core.media.rooms.line import Line
from core.media.rooms.live_rooms import Rooms
from core.media.rooms.room import Room
from core.office import closing, hosting, inviting, other_device, private, screen, visiting
from core.records import Staff, StaffSession
from core.refused import Refused
from tests.conftest import NOW, House
from tests.core.media.building import BROWSERS, SHOWING, Browser, Place, Truth

numbers = st.integers(0, BROWSERS - 1)
places = st.integers(0, 1)
begins = st.sampled_from([GuestStatus.INVITED, GuestStatus.WAITING, GuestStatus.ADMITTED, SHOWING])
told = st.booleans()  # whether a page did it, and asked at once


class Anything(RuleBasedStateMachine):
    """One interleaving; `house` and `room` are set by the test."""

    house: House
    room: type[Room] = Room
    session_id: int
    # In all examples; a machine in which nobody talks would prove nothing.
    steps = delivered = 0

    @initialize(begins=st.tuples(begins, begins))
    def begin(self, begins: tuple[str, str]) -> None:
        self.rooms = Rooms()
        self.house.set(Staff, self.house.advisor.id, disabled_at=None)
        self.house.set(StaffSession, self.session_id, ended_at=None)
        self.places = [
            Place(self.house, self.rooms, self.room(), which * BROWSERS // 2, begin)
            for which, begin in enumerate(begins)
        ]
        self.browsers = [each for place in self.places for each in place.browsers]
        self.known: dict[Place, Truth] = {place: place.truth() for place in self.places}
        self.good: set[Line] = set()
        for place in self.places:
            for which in (0, 1, 3, 4):
                self.page(place.browsers[which].number)

    def number(self, which: int) -> int:
        return self.places[which].number

    def do(self, which: int, told: bool, deed: Callable[..., object], *given: object) -> None:
        try:
            deed(given[0], NOW, *given[1:])
        except Refused:
            return
        if told:
            self.rooms.recheck(self.number(which))
            self.asked(self.places[which])

    def asked(self, place: Place) -> None:
        truth = self.known[place] = place.truth()
        for browser in place.browsers:
            for line, secret in browser.lines.items():
                if not truth.stays(browser.seat, secret, browser.device):
                    self.good.discard(line)

    def drawn(self, browser: Browser) -> None:
        self.known[browser.place] = browser.place.truth()
        if browser.line is not None:
            self.good.add(browser.line)

    def as_guest(
        self, number: int, told: bool, deed: Callable[..., object], *given: object
    ) -> None:
        """A deed from a page: only from a browser that holds the seat."""
        browser = self.browsers[number]
        truth = browser.place.truth()
        if not browser.of_staff and truth.stays(browser.seat, browser.secret, browser.device):
            which = self.places.index(browser.place)
            self.do(which, told, deed, browser.actor, *given)

    @rule(number=numbers)
    def page(self, number: int) -> None:
        browser = self.browsers[number]
        before = browser.line
        browser.draw()
        if browser.line is None and before is not None:
            self.good.discard(before)
        if browser.line is not None:
            self.drawn(browser)

    @rule(number=numbers)
    def reload(self, number: int) -> None:
        self.browsers[number].line = None
        self.page(number)

    @rule(number=numbers)
    def close_tab(self, number: int) -> None:
        browser = self.browsers[number]
        if browser.line is not None:
            self.good.discard(browser.line)
        browser.hang_up()

    @rule(number=numbers, told=told)
    def consent(self, number: int, told: bool) -> None:
        browser = self.browsers[number]
        if not browser.of_staff and browser.seat in browser.place.truth().links:
            link, _ = browser.place.truth().links[browser.seat]
            if link == access.digest(browser.secret):
                which = self.places.index(browser.place)
                mine = access.digest(browser.device)
                self.do(which, told, visiting.consent, browser.actor, "1", mine)

    @rule(number=numbers, told=told)
    def wait(self, number: int, told: bool) -> None:
        self.as_guest(number, told, visiting.enter_waiting)

    @rule(number=numbers, told=told)
    def test_again(self, number: int, told: bool) -> None:
        self.as_guest(number, told, visiting.test_again)

    @rule(number=numbers, told=told)
    def leave(self, number: int, told: bool) -> None:
        self.as_guest(number, told, visiting.leave)

    @rule(which=places, second=st.booleans(), told=told)
    def take_over(self, which: int, second: bool, told: bool) -> None:
        browser = self.places[which].browsers[1 + second]
        if self.places[which].secret == browser.secret:
            mine = access.digest(browser.device)
            self.do(which, told, other_device.take_over, browser.actor, mine)

    @rule(which=places, told=told)
    def open_room(self, which: int, told: bool) -> None:
        place = self.places[which]
        self.do(which, told, hosting.open_room, self.house.advisor, place.number, place.seen())

    @rule(which=places, client=st.booleans(), told=told)
    def admit(self, which: int, client: bool, told: bool) -> None:
        place = self.places[which]
        guest = place.client if client else place.interpreter
        self.do(which, told, hosting.admit, self.house.advisor, guest.id, place.seen()[guest.id])

    @rule(which=places, client=st.booleans(), told=told)
    def send_back(self, which: int, client: bool, told: bool) -> None:
        place = self.places[which]
        guest = place.client if client else place.interpreter
        self.do(which, told, hosting.send_back, self.house.advisor, guest.id)

    @rule(which=places, client=st.booleans(), told=told)
    def check_identity(self, which: int, client: bool, told: bool) -> None:
        place = self.places[which]
        guest = place.client if client else place.interpreter
        how = IdentityProof.ID_SHOWN
        self.do(which, told, hosting.check_identity, self.house.advisor, guest.id, how)

    @rule(which=places, told=told)
    def show_screen(self, which: int, told: bool) -> None:
        self.do(which, told, screen.show, self.house.advisor, self.number(which))

    @rule(which=places, told=told)
    def hide_screen(self, which: int, told: bool) -> None:
        self.do(which, told, screen.hide, self.house.advisor, self.number(which))

    @rule(which=places, told=told)
    def leave_alone(self, which: int, told: bool) -> None:
        self.do(which, told, private.begin, self.house.advisor, self.number(which))

    @rule(number=numbers, told=told)
    def be_left_alone(self, number: int, told: bool) -> None:
        self.as_guest(number, told, private.begin, self.browsers[number].place.number)

    @rule(number=numbers, told=told)
    def fetch_the_advisor(self, number: int, told: bool) -> None:
        self.as_guest(number, told, private.end, self.browsers[number].place.number)

    @rule(which=places, told=told)
    def knock_and_come_back(self, which: int, told: bool) -> None:
        def deed(actor, now, number):
            private.knock(actor, now, number)
            private.end(actor, now + private.KNOCKING, number)

        self.do(which, told, deed, self.house.advisor, self.number(which))

    @rule(number=numbers, told=told)
    def come_back(self, number: int, told: bool) -> None:
        browser = self.browsers[number]
        if browser.place.secret == browser.secret:
            which = self.places.index(browser.place)
            self.do(which, told, visiting.come_back, browser.actor)

    @rule(which=places, told=told)
    def new_link(self, which: int, told: bool) -> None:
        place = self.places[which]

        def replace(actor, now):
            place.secret = inviting.new_link(actor, now, place.client.id)

        self.do(which, told, replace, self.house.advisor)

    @rule(which=places, second=st.booleans())
    def open_the_newest_link(self, which: int, second: bool) -> None:
        """A page of its own: what was open before goes on for a while."""
        browser = self.places[which].browsers[1 + second]
        browser.secret, browser.line = self.places[which].secret, None
        self.page(browser.number)

    @rule(which=places, told=told)
    def end(self, which: int, told: bool) -> None:
        self.do(which, told, hosting.end, self.house.advisor, self.number(which))

    @rule(which=places, told=told)
    def cancel(self, which: int, told: bool) -> None:
        self.do(which, told, closing.cancel, self.house.advisor, self.number(which))

    @rule(disabled=st.booleans())
    def account(self, disabled: bool) -> None:
        self.house.set(Staff, self.house.advisor.id, disabled_at=NOW if disabled else None)

    @rule(over=st.booleans())
    def sign_out(self, over: bool) -> None:
        self.house.set(StaffSession, self.session_id, ended_at=NOW if over else None)

    @rule()
    def a_second_passes(self) -> None:
        self.rooms.recheck_all()
        for place in self.places:
            self.asked(place)

    @rule(number=numbers, times=st.integers(1, 8))
    def send(self, number: int, times: int) -> None:
        for _ in range(times):
            self.browsers[number].send()

    @invariant()
    def nothing_arrives_where_it_may_not(self) -> None:
        type(self).steps += 1
        self.look()  # at what is sent once more, too
        for browser in self.browsers:
            browser.send()
        self.look()

    def look(self) -> None:
        for browser in self.browsers:
            for line, sender in browser.arrives():
                type(self).delivered += 1
                self.judge(browser, line, self.browsers[sender])

    def judge(self, browser: Browser, line: Line, sender: Browser) -> None:
        known = self.known[browser.place]
        assert sender.place is browser.place, "from another room"
        assert sender.owner != browser.owner, "from the same person"
        assert not browser.screen, "to a screen"
        assert {sender.seat, browser.seat} <= known.inside, "not admitted"
        assert line in self.good, "to a browser that may not sit there"
        assert not self.good.isdisjoint(sender.lines), "from a browser that may not sit there"


def run(machine: type[Anything], examples: int, *phases: Phase) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=20,
            deadline=None,
            database=None,
            phases=phases or tuple(Phase),
            suppress_health_check=list(HealthCheck),
        ),
    )
