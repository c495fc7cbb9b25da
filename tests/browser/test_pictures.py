"""The README's pictures are of today's pages: the same steps, headings and buttons."""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from core.settings import ROOT
from tests.browser import screens

PICTURES = {each.stem: each for each in sorted(ROOT.glob("docs/pictures/*.png"))}


@pytest.fixture(scope="module")
def retaken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    # As `make pictures` does; Playwright begins only once in a process.
    command = [sys.executable, "-m", "tests.browser.screens", str(folder), *PICTURES]
    subprocess.run(command, cwd=ROOT, check=True)
    return folder


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_shows_the_page_of_today(retaken: Path, name: str) -> None:
    today = screens.words(retaken / f"{name}.png")
    assert len(today) > 3
    assert screens.words(PICTURES[name]) == today, "take the pictures again: make pictures"


PAGE = """
<style>ol { counter-reset: step -1; } li { counter-increment: step; }
li::before { content: counter(step) ". "; }</style>
<ol class="steps"><li><span>Start</span></li><li><span>Ende</span></li></ol>
<h1>Start</h1><h2>Regeln</h2><p>Montag, 9:00 Uhr</p><button>Weiter</button>
"""


@pytest.mark.parametrize(
    ("old", "new", "other"),
    [
        ("<span>Ende", "<span>Schluss", True),
        ("<li><span>Ende</span></li>", "", True),
        ('content: counter(step) ". "', 'content: "✓ "', True),
        ("step -1", "step 0", True),
        ("<h1>Start", "<h1>Startseite", True),
        ("<h2>Regeln</h2>", "", True),
        ("Weiter", "Weiter zum Gerätetest", True),
        ("<button>Weiter</button>", "", True),
        ("Montag, 9:00", "Dienstag, 10:30", False),
        ("<button>", "<button style='color: red'>", False),
    ],
)
def test_a_picture_of_another_page_would_be_seen_here(
    clients: Browser, old: str, new: str, other: bool
) -> None:
    page, found = clients.new_page(), []
    assert PAGE.count(old) == 1
    for shown in (PAGE, PAGE.replace(old, new)):
        page.set_content(shown)
        found.append(screens.words_now(page))
    page.close()
    assert (found[0] != found[1]) == other
