"""After the machine was off: the first colleague who comes ends the doubt about its clock."""

from datetime import timedelta

from sqlmodel import Session

from core import clock
from core.engine import engine
from core.office import timekeeping
from core.office.ledger import transaction
from core.trail import Timekeeping
from tests.browser.people import Advisor, wait_until
from tests.browser.server import Served


def test_whoever_opens_a_page_ends_the_doubt_about_the_clock(
    served: Served, advisor: Advisor
) -> None:
    with transaction() as session:
        row = session.get_one(Timekeeping, timekeeping.ROW)
        row.moment = clock.wall() - timedelta(days=40)
        row.boot, row.seconds = clock.boot(), clock.running()

    def in_step() -> bool:
        with Session(engine()) as session:
            row = session.get_one(Timekeeping, timekeeping.ROW)
            counted = row.moment + timedelta(seconds=clock.running() - row.seconds)
        return abs(clock.wall() - counted) < timedelta(seconds=30)

    assert not in_step()
    advisor.page.reload()
    wait_until(in_step, "clock and count agree")
