"""
How text gets onto a page: text from people only through here, as text.

Streamlit reads Markdown in every label and sentence, which would fetch pictures
from outside; st.html with escaped text does not.
"""

import html
from functools import cache

import streamlit as st

from core import text as people_text
from core.phone import dialled
from pages.ui.modules import HERE

Line = tuple[str, str, bool, str]  # of the chat: author, time, mine, text
# Sent with every message, and far below what Streamlit shows an English error for.
CHAT_BYTES = 200_000
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
    st.html(f'<h1 class="title" data-words="{said}">{said}</h1>')


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


def link(words: str, address: str) -> None:
    """A link to one of our own plain pages, in the same tab."""
    st.html(f'<p><a href="{html.escape(address)}">{html.escape(words)}</a></p>')


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


def chat(lines: list[Line], newest: int, earlier: str, more: bool = False) -> None:
    """
    The newest messages that fit, oldest first; web addresses are links.

    `newest` is the number of the last one, for ui/chat/typing.js. `earlier` says that there were
    others, which did not fit or of which there are `more`.
    """
    items: list[str] = []
    room = CHAT_BYTES
    for line in reversed(lines):
        item = _message(*line)
        room -= len(item.encode())
        if room < 0:
            more = True
            break
        items.append(item)
    note = f'<p class="quiet">{html.escape(earlier)}</p>' if more else ""
    st.html(f'{note}<ol class="chat" data-newest="{newest}">{"".join(reversed(items))}</ol>')


def _message(author: str, at: str, mine: bool, message: str) -> str:
    # ui/chat/typing.js builds the same, without links, until this is drawn.
    return (
        f'<li class="{"mine" if mine else "theirs"}">'
        f'<span class="who"><bdi>{html.escape(author)}</bdi> <time>{html.escape(at)}</time></span>'
        f'<div dir="auto">{people_text.as_html(message)}</div></li>'
    )
