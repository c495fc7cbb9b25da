"""
A page with 12-point German text in a window of its own, and how much of it can be read again.

The text is read from pixels by Tesseract (Debian's tesseract-ocr), which knows nothing of ours.
"""

import difflib
import html
import shutil
import subprocess

from playwright.sync_api import BrowserContext, Page, ViewportSize

from tests.browser.find_browser import install_debian

TITLE = "Merkblatt zum Antrag"
LINES = (
    "Der Regelbedarf beträgt 563 Euro im",
    "Monat. Bitte reichen Sie bis zum 15.",
    "Dezember den Mietvertrag ein und die",
    "letzte Nebenkostenabrechnung. Fragen",
    "beantworten wir gern am Telefon. Für",
    "Kinder gelten andere Beträge: bis zu",
    "fünf Jahren sind es 357 Euro, danach",
    "390 Euro. Änderungen müssen Sie uns",
    "sofort mitteilen, zum Beispiel wenn",
    "Sie umziehen oder Arbeit aufnehmen.",
)
TEXT = " ".join(LINES)
SIZE: ViewportSize = {"width": 1280, "height": 720}
PAGE = f"""<!doctype html><html lang="de"><title>{TITLE}</title>
<style>body {{ margin: 24px; background: #fff; color: #000; font: 12pt/1.5 sans-serif }}
p {{ margin: 0 0 18px }} div {{ columns: 3; column-gap: 60px; height: 640px }}</style><div>
{"".join("<p>" + "<br>".join(map(html.escape, LINES)) + "</p>" for _ in range(2))}</div></html>"""


def lay_out(context: BrowserContext) -> Page:
    """Open the page beside what is open already; its title is how the browser finds it."""
    page = context.new_page()
    page.set_viewport_size(SIZE)
    page.set_content(PAGE)
    return page


def read(picture: bytes) -> str:
    """The text on a picture (PNG), on one line."""
    command = [_tesseract(), "-", "-", "-l", "deu", "--psm", "3"]
    done = subprocess.run(command, input=picture, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def recovered(text: str, wanted: str = TEXT) -> float:
    """The share of the wanted words that are there, in their order."""
    words, found = wanted.split(), text.split()
    matching = difflib.SequenceMatcher(None, words, found, autojunk=False).get_matching_blocks()
    return sum(block.size for block in matching) / len(words)


def _tesseract() -> str:
    path = shutil.which("tesseract")
    if path is None or b"deu" not in subprocess.check_output([path, "--list-langs"]):
        install_debian("tesseract-ocr")
        install_debian("tesseract-ocr-deu")
    return shutil.which("tesseract") or "tesseract"
