"""What a first visit fetches at once, what it fetches later, and what it leaves alone."""

import re

import pytest

from pages.ui import modules
from pages.upstream import frontend, installed, page_head
from pages.upstream.changed import UpstreamChanged

OURS = re.compile(r'<link rel="modulepreload" href="ui/\w+/([^"]+)">')


def test_the_text_font_is_fetched_when_something_is_shown_in_it_and_for_its_letters_only():
    page = frontend.page()
    [file] = re.findall(r'font-family: "House Sans"; src: url\("\./(static/[^"]+)"', page)
    assert f"/{file}" in installed.files()
    assert page.count(file) == 1
    assert f'"{page_head.FONT}"' in modules.TOKENS


@pytest.mark.parametrize("by_link", [True, False])
def test_the_scripts_of_later_steps_wait_until_there_is_a_page(by_link):
    before, _begins, later = frontend.page("", by_link).partition('<template id="later">')
    at_once, waiting = OURS.findall(before), OURS.findall(later)
    assert {each.partition("/")[0] for each in waiting} == {"call", "chat"}
    assert [each for each in at_once if each.startswith(("call/", "chat/"))] == []
    left_out = {*page_head.STAFF_ONLY} if by_link else set()
    assert sorted([*at_once, *waiting]) == sorted(set(modules.MODULES) - left_out)


def test_what_streamlits_page_asks_first_is_asked_before_any_script_is_fetched():
    before, _script, _rest = frontend.page().partition('rel="modulepreload"')
    asked = re.findall(r'<link rel="preload" as="fetch" crossorigin href="\./([^"]+)">', before)
    assert asked == list(page_head.ASKED)


def test_the_page_names_at_once_what_streamlit_fetches_late_for_every_page_of_ours():
    late = re.findall(r'<link rel="modulepreload" href="(\./static/js/[^"]+)">', frontend.page())
    assert len(late) == len(set(late))
    assert [each for each in late if f"/{each.removeprefix('./')}" not in installed.files()] == []
    named = re.findall(r'href="(\./static/js/[^"]+)"', installed.index())
    assert set(late) & set(named) == set()
    starts = {each.rpartition("/")[2].partition(".")[0] for each in late}
    assert {*page_head.LAZY, "serialization"} <= starts  # which BidiComponent takes from there


@pytest.mark.parametrize("gone", [*page_head.LAZY, frontend.ICONS])
def test_a_streamlit_that_fetches_in_another_way_is_refused_at_start(monkeypatch, gone):
    chunks = installed.chunks
    monkeypatch.setattr(installed, "chunks", lambda name: [] if name == gone else chunks(name))
    if gone == frontend.ICONS:
        monkeypatch.setattr(frontend, "ICONS", "no longer there")
    with pytest.raises(UpstreamChanged):
        frontend.prepare()
