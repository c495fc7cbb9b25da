"""A served app for the tests of one file, and a talk in it."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.browser import office
from tests.browser.raw import raw_page
from tests.browser.server import serve
from tests.pages.live import Site, Talk, hello, jar_of, listen, visit


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serve(tmp_path_factory.mktemp("site")) as served:
        yield Site(served)


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
        talk = Talk(site, invited, page, *sockets)
        talk.guest_writes("")  # as the page says of an empty field
        yield talk
