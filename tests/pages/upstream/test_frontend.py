"""What the gate relies on in Streamlit's installed page."""

import base64
import hashlib
import re

import pytest
from markupsafe import escape
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.web.server.starlette.starlette_routes import create_host_config_routes

from core.languages import LANGUAGES, OFFERED, SOURCE
from pages.ui import modules
from pages.upstream import frontend, installed, page_head
from pages.upstream.changed import UpstreamChanged
from pages.words import never, words
from pages.words.phone import tel
from pages.words.words import _

INDEX = (installed.static() / "index.html").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _fresh():
    """No page is remembered."""
    for remembered in (frontend._page, page_head.lazy, frontend.script_hashes):
        remembered.cache_clear()
    yield
    for remembered in (frontend._page, page_head.lazy, frontend.script_hashes):
        remembered.cache_clear()


@pytest.fixture
def another(monkeypatch, tmp_path):
    """Puts another page in the place of the installed one."""

    def install(index, script=None):
        main = re.search(r"static/js/index\.[^\"]+\.js", INDEX)[0]
        code = (installed.static() / main).read_text(encoding="utf-8")
        place = tmp_path / "installed" / main
        place.parent.mkdir(parents=True)
        place.write_text(code if script is None else script, encoding="utf-8")
        (tmp_path / "installed" / "index.html").write_text(index, encoding="utf-8")
        monkeypatch.setattr(installed, "static", lambda: tmp_path / "installed")

    return install


def test_the_installed_page_is_as_the_gate_needs_it():
    frontend.prepare()


@pytest.mark.parametrize(
    "gone",
    ['<html lang="en">', "<title>", "<noscript>", '<div id="root">', "service-desc", "SourceSans"],
)
def test_another_page_is_refused_at_start(another, gone):
    another(INDEX.replace(gone, "<!-- -->"))
    with pytest.raises(UpstreamChanged):
        frontend.prepare()


@pytest.mark.parametrize(
    "gone", [*frontend.STATES, *frontend.TOLD, *frontend.HOST_CONFIG, *page_head.ASKED]
)
def test_a_script_that_knows_one_name_less_is_refused_at_start(another, gone):
    names = {*frontend.STATES, *frontend.TOLD, *frontend.HOST_CONFIG, *page_head.ASKED} - {gone}
    another(INDEX, " ".join(names))
    with pytest.raises(UpstreamChanged, match=gone):
        frontend.prepare()


@pytest.fixture
def spoken():
    """Has this test speak a language."""
    yield words.speak
    words.speak(SOURCE)


@pytest.mark.parametrize("language", OFFERED)
def test_the_page_says_its_language_and_direction_and_has_the_same_scripts_in_all(spoken, language):
    hashes = frontend.script_hashes()
    spoken(language)
    page, direction = frontend.page(), LANGUAGES[language].direction
    assert page.count("<html") == 1
    assert page.count(f'<html lang="{language}" dir="{direction}">') == 1
    frontend.script_hashes.cache_clear()
    assert frontend.script_hashes() == hashes
    late = _(
        "Das dauert länger als sonst. Bitte warten Sie noch etwas oder laden Sie die Seite neu."
    )
    assert page.count(str(escape(late))) == 1


def test_the_page_is_german_and_points_at_no_door_for_other_programs():
    page = frontend.page()
    assert page.count("<html") == page.count('<html lang="de" dir="ltr">') == 1
    assert page.count("<title>Videokommunikation</title>") == page.count("<title") == 1
    assert page.count('<p id="connection" class="late" role="status">') == 1
    assert [
        word for word in ("_stcore/agent", "JavaScript to run", "Streamlit</title") if word in page
    ] == []


def test_a_folder_of_the_page_is_no_file_of_it():
    folders = {each.rpartition("/")[0] for each in installed.files()}
    assert {"/static/js", "/static/css", "/static/media"} <= folders
    assert folders & installed.files() == set()


def test_every_script_in_the_page_has_its_hash():
    [theirs] = re.findall(r"<script>(.*?)</script>", INDEX, re.DOTALL)
    inline = r"<script(?: type=\"module\" async)?>(.*?)</script>"
    inline = re.findall(inline, frontend.page(), re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(each.encode()).digest()) for each in inline]
    assert list(frontend.script_hashes()) == [f"'sha256-{each.decode()}'" for each in digests]
    assert (len(inline), inline.count(theirs)) == (4, 1)


@pytest.mark.parametrize("phone", ["", "030 2312-500", "+49 30 1", "<script>x</script>", '"'])
@pytest.mark.parametrize("by_link", [True, False])
def test_whom_to_call_changes_no_script_and_is_text(phone, by_link):
    page = frontend.page(phone, by_link)
    assert frontend._SCRIPT.findall(page) == frontend._SCRIPT.findall(frontend.page())
    assert page.count(f" {escape(tel(phone))}</p>") == (2 if phone else 0)


def test_the_first_script_is_in_words_that_every_browser_knows():
    first = (modules.BEFORE / "first.js").read_text(encoding="utf-8")
    code = re.sub(r"//.*", "", first)
    newer = r"=>|`|\b(?:let|const|class|async|await|import)\b|\?\.|\?\?|\.\.\.|catch \{"
    assert re.findall(newer, code) == []


@pytest.mark.parametrize("by_link", [True, False])
def test_each_reason_a_script_can_name_has_its_sentences(by_link):
    code = "".join((modules.BEFORE / name).read_text() for name in ("first.js", "sockets.js"))
    said = set(re.findall(r'(?:say|takeBack)\("(\w+)"\)', code))
    assert said == set(never.reasons(by_link))
    mails = [each for each in never.reasons(by_link).values() if "E-Mail" in "".join(each)]
    assert len(mails) == (4 if by_link else 0)


def test_without_javascript_it_is_said_that_it_cannot_work_and_never_that_it_takes_long():
    [said] = re.findall(r"<noscript>(<p>.*?)</noscript>", frontend.page("030 23125-000"), re.DOTALL)
    assert [part in said for part in ("JavaScript", "E-Mail", "tel:+493023125000")] == [True] * 3
    assert frontend.page().count("<noscript><style>#connection, #greeting { display") == 1


def test_host_config_has_the_keys_of_streamlits_own():
    with TestClient(Starlette(routes=create_host_config_routes(None))) as client:
        own = client.get("/_stcore/host-config").json()
    assert list(own) == list(frontend.HOST_CONFIG)


@pytest.mark.parametrize("name", ["Petra Berger", "<b>x</b>", "<!-- greeting -->", "</div>", '"'])
def test_with_whom_and_when_stands_in_the_page_before_any_script_has_run(name):
    facts = {"Ihr Termin": "Freitag, 3. Juli 2026, 10:00 Uhr", "Mit": name}
    page = frontend.page("", True, facts)
    assert page.count('<div id="greeting">') == 1
    rows = "".join(
        f"<div><dt>{each}</dt><dd>{escape(value)}</dd></div>" for each, value in facts.items()
    )
    assert page.count(rows) == 1
    assert frontend._SCRIPT.findall(page) == frontend._SCRIPT.findall(frontend.page())
    assert frontend.page().count('<div id="greeting">') == 0
