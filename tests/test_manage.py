"""A real installation's first steps, as they are typed."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "ein langes Passwort"


@pytest.fixture(autouse=True)
def own_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BERATUNGSRAUM_DATABASE_URL", f"sqlite:///{tmp_path / 'new.sqlite'}")


def manage(*words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "core.manage", *words]
    return subprocess.run(command, cwd=ROOT, input=typed, capture_output=True, text=True)


def test_a_jobcenter_and_an_account() -> None:
    assert manage("jobcenter", "Jobcenter Beispielstadt", "030 1").returncode == 0
    done = manage("staff", "1", "Eva Beispiel", "Beispiel", typed=f"{PASSWORD}\n")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "beispiel can sign in now.\n"


@pytest.mark.parametrize(
    ("words", "typed", "sentence"),
    [
        (("jobcenter", "Jobcenter Nord", "030 2"), "", "of this name already"),
        (("jobcenter", "   ", "030 2"), "", "geben Sie einen Namen ein"),
        (("jobcenter", "Jobcenter Süd", "keine"), "", "eine Telefonnummer ein"),
        (("staff", "1", "Eva Beispiel", "eva"), "kurz\n", "12 bis 200 Zeichen"),
        (("staff", "1", "...", "eva"), PASSWORD, "geben Sie einen Namen ein"),
        (("staff", "1", "Eva Beispiel", " "), PASSWORD, "einen Anmeldenamen ein"),
        (("staff", "9", "Eva Beispiel", "eva"), PASSWORD, "Das gibt es nicht"),
        (("disable", "eva"), "", "Das gibt es nicht"),
        (("password", "eva"), PASSWORD, "Das gibt es nicht"),
        (("staff", "1", "Eva Beispiel", "eva"), "passwort123456\n", "zu leicht zu erraten"),
    ],
)
def test_a_refusal_is_one_sentence(words: tuple[str, ...], typed: str, sentence: str) -> None:
    manage("jobcenter", "Jobcenter Nord", "030 1")
    done = manage(*words, typed=typed)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_login_is_given_once() -> None:
    manage("jobcenter", "Jobcenter Nord", "030 1")
    manage("staff", "1", "Eva Beispiel", "eva", typed=PASSWORD)
    again = manage("staff", "1", "Eva Muster", "EVA", typed=PASSWORD)
    assert again.returncode == 1
    assert "taken already" in again.stderr


def test_an_account_is_disabled_enabled_and_gets_a_new_password() -> None:
    manage("jobcenter", "Jobcenter Nord", "030 1")
    made = manage("staff", "1", "Eva Beispiel", "eva", "--role", "admin", typed=PASSWORD)
    done = [
        manage("disable", "eva"),
        manage("enable", "EVA"),
        manage("password", "eva", typed=PASSWORD),
    ]
    assert [made.returncode, *(one.returncode for one in done)] == [0, 0, 0, 0]
    assert [one.stdout for one in done] == [
        "eva is signed out and cannot sign in any more.\n",
        "EVA can sign in again.\n",
        "eva is signed out and has a new password.\n",
    ]


def test_a_role_is_one_of_three() -> None:
    done = manage("staff", "1", "Eva Beispiel", "eva", "--role", "chief", typed=PASSWORD)
    assert done.returncode == 2
