"""
Text from people reaches a page through `pages.parts.show` only.

Streamlit reads Markdown in every label, title and message. So whatever it is given by a page
has to be a sentence of our own, with nothing in it but times and numbers.
"""

import ast
import re
from pathlib import Path

import pytest

from core.settings import ROOT
from tests.own_words import faults


def pages() -> dict[str, str]:
    files = [ROOT / "app.py", *(ROOT / "pages").rglob("*.py")]
    return {_name(path): path.read_text(encoding="utf-8") for path in files}


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def test_pages_give_streamlit_nothing_but_our_own_words():
    found = [fault for name, source in pages().items() for fault in faults(name, source)]
    assert found == []
    assert len(pages()) > 25


@pytest.mark.parametrize(
    "line",
    [
        "st.markdown(_('Guten Tag'))",
        "st.write(1)",
        "st.title(_('Tagesplan'))",
        "st.toast(_('Guten Tag'))",
        "st.html('<p>Guten Tag</p>')",
        "st.sidebar.markdown(_('Guten Tag'))",
        "left.metric(_('Wer'), 1)",
        "st.info(_('Guten Tag'), unsafe_allow_html=True)",
        "st.button(person.name)",
        "left.button(person.name)",
        "st.button(label=person.name)",
        "st.button(_('Weiter'), help=person.name)",
        "st.button(_('Weiter'), **more)",
        "st.button(*arguments)",
        "st.error(name)",
        "st.error(st.session_state['sentence'])",
        "st.error(_('Guten Tag') + name)",
        "st.error(_(name))",
        "st.error(f'{name}')",
        "st.info(_('Guten Tag, {name}').format(name=person.name))",
        "st.info(_('Guten Tag, {}').format(person.name))",
        "st.text_input(_('Name'), placeholder=person.name)",
        "st.radio(_('Wer?'), [person.name for person in people])",
        "st.radio(_('Wer?'), ids, format_func=names.get)",
        "names = {1: person.name}\nst.radio(_('Wer?'), [1], format_func=names.__getitem__)",
        "for label in labels:\n    st.button(label)",
        "label = _('Weiter')\nlabel, other = labels\nst.button(label)",
        "def f(label):\n    st.button(label)",
        "def f():\n    label = _('Weiter')\nst.button(label)",
        "deeds.button(person.name, do=deed, who=who, key='k')",
        "deeds.button(label=person.name, do=deed, who=who, key='k')",
        "frame.way(person.name, frame.DESK, 'k')",
        "st.Page('x.py', title=person.name)",
        "st.set_page_config(page_title=person.name)",
        "with st.expander(person.name):\n    pass",
    ],
)
def test_a_page_that_gives_it_anything_else_is_noticed(line):
    assert len(faults("pages.staff.desk", line)) == 1


@pytest.mark.parametrize(
    "line",
    [
        "st.button(_('Weiter'), key=name, args=(name,))",
        "label = _('Weiter') if a else _('Zurück')\nst.button(label)",
        "st.info(_('Am {day} um {time}').format(day=moment(at), time=words.clock_time(at)))",
        "st.error(why(refused))",
        "names = {1: _('eins')}\nst.radio(_('Was?'), list(names), format_func=names.__getitem__)",
        "MINUTES = (15, 30)\nst.selectbox(_('Dauer'), MINUTES, index=1)",
        "deeds.button(_('Weiter'), do=deed, who=who, about=(person.name,), key='k')",
        "frame.way(_('Zum Termin'), frame.DESK, 'k', {'name': person.name}, 'stretch')",
        "show.text(person.name)",
    ],
)
def test_our_own_words_are_let_through(line):
    assert faults("pages.staff.desk", f"from pages.parts import deeds, show\n{line}") == []


SWITCHED_OFF = re.compile(r"\|\s*safe\b|\bautoescape\s+false")


def test_templates_never_switch_escaping_off():
    templates = list((ROOT / "pages").rglob("*.html"))
    assert [path for path in templates if SWITCHED_OFF.search(path.read_text("utf-8"))] == []
    assert len(templates) > 3
    for switched_off in ("{{ login | safe }}", "{{ login|safe }}", "{% autoescape false %}"):
        assert SWITCHED_OFF.search(switched_off)


def marked(source: str) -> list[str]:
    """HTML that is declared harmless, unless it is all written down by ourselves."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        ast.unparse(call)
        for call in calls
        if "Markup" in ast.unparse(call.func).split(".")
        and not all(isinstance(argument, ast.Constant) for argument in call.args)
    ]


def test_no_text_is_declared_to_be_html():
    assert [found for source in pages().values() for found in marked(source)] == []
    assert marked("markupsafe.Markup('<b>' + name)") == ["markupsafe.Markup('<b>' + name)"]
    assert marked("Markup('<b>{}</b>').format(name)") == []
