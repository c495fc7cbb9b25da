"""A talk of two real browsers on a network that loses packets; longer: make bench-loss."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType

from tests.browser.conftest import launch
from tests.browser.fake_camera import BLUE, RED, write_scene, write_sound
from tests.browser.lossy import RECORD, Loss
from tests.browser.people import SECONDS, Advisor, Visitor
from tests.browser.quality import Watch, codec, offers_only
from tests.browser.server import Served, serve
from tests.browser.test_journey import meet

LOSSY = [sys.executable, "-m", "tests.browser.lossy", "run", "app.py"]
CHANCE = 0.05  # on each leg
BOTH_LEGS = 1 - (1 - CHANCE) ** 2
LONG = 8  # seconds


@pytest.fixture(scope="module")
def lossy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Loss]]:
    folder = tmp_path_factory.mktemp("lossy")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(RECORD, str(folder / "loss"))
        with serve(folder, LOSSY) as served:
            yield served, Loss(folder / "loss")


@pytest.fixture(scope="module")
def served(lossy: tuple[Served, Loss]) -> Served:
    return lossy[0]


@pytest.fixture(scope="module")
def clients(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path_factory: Any
) -> Iterator[Browser]:
    """The browser of the visitors, with a camera that takes several packets a picture."""
    folder: Path = tmp_path_factory.mktemp("clients")
    with launch(browser_type, browser_type_launch_args, scene(folder, RED, 160)) as browser:
        yield browser


@pytest.fixture(scope="module")
def office(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path_factory: Any
) -> Iterator[Browser]:
    folder: Path = tmp_path_factory.mktemp("office")
    with launch(browser_type, browser_type_launch_args, scene(folder, BLUE, 230)) as browser:
        yield browser


def scene(folder: Path, colour: tuple[int, int, int], hertz: int) -> list[str]:
    return [
        f"--use-file-for-fake-video-capture={write_scene(folder / 'scene.y4m', colour)}",
        f"--use-file-for-fake-audio-capture={write_sound(folder / 'voice.wav', hertz)}",
    ]


@pytest.fixture
def loss(lossy: tuple[Served, Loss]) -> Iterator[Loss]:
    yield lossy[1]
    lossy[1].set(0)


@pytest.mark.parametrize("kind", ["VP8", "H264"])
def test_what_both_legs_lose_is_repaired_and_no_picture_stands_still(
    served: Served, visitor: Visitor, advisor: Advisor, loss: Loss, kind: str
) -> None:
    for person in (visitor, advisor):
        offers_only(person, kind)
    meet(visitor, advisor, served.plan())
    assert [codec(visitor), codec(advisor)] == [f"video/{kind}"] * 2
    loss.set(CHANCE)
    watches = Watch(visitor), Watch(advisor)
    advisor.page.wait_for_timeout(LONG * SECONDS)
    one, other = (watch.measured() for watch in watches)
    for here, there in ((one, other), (other, one)):
        assert BOTH_LEGS / 2 < here.lost < BOTH_LEGS * 2, "the network did not lose what it should"
        assert here.decoded >= there.sent * 25 / 30
        assert here.longest <= 1
        assert here.concealed <= here.lost + 0.02
