"""
How text gets onto a page: text from people only through here, as text.

Streamlit reads Markdown in every label and sentence, which would fetch pictures
from outside; st.html with escaped text does not.
"""

import html
from functools import cache

import streamlit as st

from core.phone import dialled
from pages.ui.modules import HERE
from pages.words.words import language

_LOOK = HERE / "look.css"


@cache
def _look() -> str:
    return f"<style>{_LOOK.read_text(encoding='utf-8')}</style>"


def look() -> None:
    """The style sheet of our own parts."""
    st.html(_look())


def text(words: str, tag: str = "p", css: str = "") -> None:
    """One piece of text, shown exactly as it is."""
    st.html(f'<{tag} class="{html.escape(css)}">{html.escape(words)}</{tag}>')


def heading(words: str) -> None:
    """The one first-level heading of a page; the script beside it knows it by what was written."""
    said = html.escape(words)
    st.html(f'<h1 class="title" data-words="{said}" data-language="{language()}">{said}</h1>')


def facts(rows: dict[str, str], phones: dict[str, str] | None = None) -> None:
    """Names and values, such as with whom and when; `phones` can be called by a tap."""
    values = {name: html.escape(value) for name, value in rows.items()}
    values |= {name: _phone(number) for name, number in (phones or {}).items()}
    cells = "".join(
        f"<div><dt>{html.escape(name)}</dt><dd>{value}</dd></div>" for name, value in values.items()
    )
    st.html(f'<dl class="facts">{cells}</dl>')


def call_us(sentence: str, phone: str) -> None:
    """A sentence with {phone} in it, as a number that can be called by a tap."""
    st.html(f'<p class="">{html.escape(sentence).format(phone=_phone(phone))}</p>')


def _phone(number: str) -> str:
    tel = dialled(number)
    if not tel:
        return html.escape(number)
    return f'<a href="tel:{tel}">{html.escape(number)}</a>'


def terms(name: str, parts: list[tuple[str, str]]) -> None:
    """Headings with a paragraph each, in a box of its own that scrolls."""
    inside = "".join(
        f"<h2>{html.escape(title)}</h2><p>{html.escape(words)}</p>" for title, words in parts
    )
    label = html.escape(name)
    st.html(f'<div class="terms" role="region" aria-label="{label}" tabindex="0">{inside}</div>')


def steps(names: list[str], current: int) -> None:
    """The way of the visit with the current step marked, also for screen readers."""
    items = ""
    for number, name in enumerate(names):
        here = ' aria-current="step"' if number == current else ""
        done = ' class="done"' if number < current else ""
        items += f"<li{here}{done}><span>{html.escape(name)}</span></li>"
    st.html(f'<ol class="steps">{items}</ol>')


def how_it_works(steps: dict[str, str]) -> None:
    """What comes one after the other, each with its picture (look.css)."""
    items = "".join(
        f'<li class="{html.escape(css)}"><span>{html.escape(words)}</span></li>'
        for css, words in steps.items()
    )
    st.html(f'<ol class="way">{items}</ol>')


def points(sentences: list[str]) -> None:
    """A list without an order."""
    items = "".join(f"<li>{html.escape(words)}</li>" for words in sentences)
    st.html(f'<ul class="points">{items}</ul>')


def link(words: str, address: str) -> None:
    """A link to one of our own plain pages, in the same tab."""
    st.html(f'<p><a href="{html.escape(address)}">{html.escape(words)}</a></p>')


def foot(links: dict[str, str], new_window: str = "") -> None:
    """
    Words and addresses: what is below every page, of our own or the house's.

    `new_window` says that they open one, and has them do it: of all targets, Streamlit leaves
    this one in, and adds noopener.
    """
    target = ' target="_blank"' if new_window else ""
    hint = f'<p class="quiet">{html.escape(new_window)}</p>' if new_window else ""
    inside = "".join(
        f'<a href="{html.escape(address)}"{target}>{html.escape(words)}</a>'
        for words, address in links.items()
    )
    st.html(f'<footer class="foot">{hint}{inside}</footer>')


def state(good: bool | None, words: str) -> None:
    """A result that does not speak by colour alone."""
    st.html(_state(good, words))


def named(name: str, role: str) -> None:
    """A person, and in which role they are there."""
    title = f'<h2 class="part"><bdi>{html.escape(name)}</bdi></h2>'
    st.html(f'<div class="named">{title}<p class="quiet">{html.escape(role)}</p></div>')


def result(name: str, good: bool | None, words: str) -> None:
    """A named result, such as of the camera."""
    title = f'<h2 class="part">{html.escape(name)}</h2>'
    st.html(f'<div class="result">{title}{_state(good, words)}</div>')


def question(words: str) -> None:
    """What somebody has to decide before it is done; read out as soon as it is there."""
    st.html(f'<p class="lead" role="alert">{html.escape(words)}</p>')


def _state(good: bool | None, words: str) -> str:
    mark, css = {True: ("✓", "good"), False: ("!", "bad"), None: ("…", "open")}[good]
    return (
        f'<p class="state {css}" role="status">'
        f'<span aria-hidden="true">{mark}</span> {html.escape(words)}</p>'
    )
