"""
The browsers for the tests. Chromium: an installed one, else Debian's, else Playwright's own;
Firefox: an installed one, else Debian's.

`python tests/browser/find_browser.py` prints their paths and installs them if need be.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FIREFOXES = ("firefox-esr", "firefox")
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
    if path := _installed(NAMES):
        return path
    if _playwrights_own():
        return None
    if install_debian("chromium") and (path := _installed(NAMES)):
        return path
    if _run([sys.executable, "-m", "playwright", "install", "chromium"]) and _playwrights_own():
        return None
    raise NoBrowser("No browser for the tests: please install Chromium, then run this again.")


@cache
def firefox() -> str:
    """Path of an installed Firefox."""
    if path := _installed(FIREFOXES):
        return path
    if install_debian("firefox-esr") and (path := _installed(FIREFOXES)):
        return path
    raise NoBrowser("No Firefox for the tests: please install firefox-esr, then run this again.")


def xvfb() -> str:
    """Path of a screen that nobody looks at."""
    if path := shutil.which("Xvfb") or (install_debian("xvfb") and shutil.which("Xvfb")):
        return path
    raise NoBrowser("No screen for the tests: please install xvfb, then run this again.")


def _installed(names: Sequence[str]) -> str | None:
    """The first browser that really starts: some systems have an empty shell of that name."""
    paths = filter(None, map(shutil.which, names))
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
    xvfb()
    sys.stdout.write(f"{chromium() or _playwrights_own()}\n{firefox()}\n")
