"""
The browser for the tests: an installed one, else Debian's, else Playwright's own.

`python tests/browser/find_browser.py` prints its path and installs one if need be.
"""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL_SECONDS = 600
# In a process of its own: Playwright's sync API may already be at work in this one.
OWN_PATH = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


class NoBrowser(SystemExit):
    """There is none and none can be installed."""


@cache
def chromium() -> str | None:
    """Path of an installed browser, or None where Playwright's own is to be used."""
    if path := _installed():
        return path
    if _playwrights_own():
        return None
    if install_debian("chromium") and (path := _installed()):
        return path
    if _run([sys.executable, "-m", "playwright", "install", "chromium"]) and _playwrights_own():
        return None
    raise NoBrowser("No browser for the tests: please install Chromium, then run this again.")


def _installed() -> str | None:
    """The first browser that really starts: some systems have an empty shell of that name."""
    paths = filter(None, map(shutil.which, NAMES))
    return next((path for path in paths if _run([path, "--version"])), None)


def _playwrights_own() -> str | None:
    asked = subprocess.run([sys.executable, "-c", OWN_PATH], capture_output=True, text=True)
    path = asked.stdout.strip()
    return path if path and Path(path).exists() else None


def install_debian(package: str) -> bool:
    """A package by apt-get, if that is there and we may."""
    if not shutil.which("apt-get"):
        return False
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if root and not (shutil.which("sudo") and _run([*root, "true"])):
        return False
    sys.stderr.write(f"Installing {package}; this takes a minute or two.\n")
    install = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-qy"]
    return _run([*root, "apt-get", "update"]) and _run([*install, package])


def _run(command: list[str]) -> bool:
    """True if it worked; what it says is kept from the screen."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=INSTALL_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.stdout.write(f"{chromium() or _playwrights_own()}\n")
