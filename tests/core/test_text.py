"""Text from people: hostile or not, it stays text."""

import unicodedata
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.records import NAME_LENGTH
from core.text import BadText, as_html, message_text, person_name
from tests.hostile import HOSTILE

hostile = pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
# What hypothesis would seldom put together by chance.
PIECES = ["https://", "http://", "a.de", "@", ":", "/", "\\", "//", "<", ">", '"', "'", "&", "&lt;"]
PIECES += ["&#106;", "<a href=", "javascript:", " ", "\n", "\t", "[", "]", "(", ")", "?", "#", "%"]
PIECES += ["www.", "[::1]", "ä", "\u202e", "\x00", "\ud800", "a@b.de", "-->", "<!--", "</a>"]
some_text = st.lists(st.sampled_from(PIECES) | st.text(max_size=5)).map("".join)


class Shown(HTMLParser):
    """What a browser would make of it: tags, links and the text people read."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.links: list[dict[str, str | None]] = []
        self.text = ""
        self.other: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "br":
            self.text += "\n"
        else:
            self.links.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.other.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def assert_harmless(message: str) -> None:
    shown = Shown(as_html(message))
    assert shown.text == message
    assert shown.tags - {"a", "br"} == set()
    assert shown.other == []
    for link in shown.links:
        assert set(link) - {"href"} == {"target", "rel"}
        assert (link["target"], link["rel"]) == ("_blank", "noopener noreferrer nofollow")
        if "href" not in link:  # nh3 knows that no browser can open it: it stays plain text
            continue
        address = urlsplit(link["href"])
        assert address.scheme in {"http", "https"}
        assert bool(address.hostname)
        assert (address.username, address.password, address.netloc.count("@")) == (None, None, 0)


def assert_a_clean_name(name: str) -> None:
    categories = {unicodedata.category(char) for char in name}
    assert categories & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} == set()
    assert name == unicodedata.normalize("NFC", " ".join(name.split()))
    assert 1 <= len(name) <= NAME_LENGTH
    assert any(char.isalpha() for char in name)
    assert person_name(name) == name


def name_or_none(text: str) -> str | None:
    try:
        return person_name(text)
    except BadText:
        return None


def test_there_is_plenty_of_hostile_text():
    assert len(set(HOSTILE)) == len(HOSTILE)
    assert len(HOSTILE) >= 200


@hostile
def test_hostile_text_is_refused_as_a_name_or_kept_clean(text):
    name = name_or_none(text)
    if name is not None:
        assert_a_clean_name(name)


@given(st.text())
@example("a\u200b\u0301")
def test_any_text_is_refused_as_a_name_or_kept_clean(text):
    name = name_or_none(text)
    if name is not None:
        assert_a_clean_name(name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  Anna\t Beispiel \n", "Anna Beispiel"),
        ("Zoe\u0308", "Zoë"),
        ("A\u200bnna", "Anna"),
        ("\u202eAnna\u202c", "Anna"),
        ("An\u034fna", "Anna"),
        ("D’Arcy", "D’Arcy"),
        ("नमस्ते", "नमस्ते"),
        ("a" * 100, "a" * 100),
    ],
)
def test_a_name_is_kept_on_one_line(text, name):
    assert person_name(text) == name


@pytest.mark.parametrize(
    "text", ["", " ", "123", "...", "a" * 101, "Anna\x00", "\ud800Anna", "\u3164", "\u2800", "😀"]
)
def test_what_is_no_name_is_refused(text):
    with pytest.raises(BadText):
        person_name(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("eins\r\nzwei\rdrei\u2028vier", "eins\nzwei\ndrei\nvier"),
        ("a\tb", "a b"),
        ("\n\n hallo \n\n", "hallo"),
        ("a\u202eb\x00c\ud800d", "abcd"),
        ("\u200b\u200b", ""),
        ("❤️", "❤️"),
        ("\U0001fae8", "\U0001fae8"),  # an emoji younger than the Unicode of Python 3.11
        ("a\ufffe\ufdd0b", "ab"),
    ],
)
def test_a_message_keeps_its_lines_and_loses_what_cannot_be_seen(text, message):
    assert message_text(text) == message


@hostile
def test_hostile_messages_are_shown_as_exactly_themselves(text):
    assert_harmless(message_text(text))


@given(some_text)
@example("https://:x@evil.example")
@example("//a.de&lt;\n<a href=javascript:https://a.de>")
def test_any_message_is_shown_as_exactly_itself(text):
    message = message_text(text)
    assert message_text(message) == message
    assert_harmless(message)


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        (
            "Siehe https://www.arbeitsagentur.de/a?b=1&c=2.",
            ["https://www.arbeitsagentur.de/a?b=1&c=2"],
        ),
        ("www.arbeitsagentur.de", ["http://www.arbeitsagentur.de"]),
        ("http://a.de und https://b.de", ["http://a.de", "https://b.de"]),
        ("https://jobcenter.digital@evil.de", []),
        ("https://:x@evil.de", []),
        ("https://jobcenter.digital\\@evil.de", []),
        ("javascript:alert(1) data:text/html,x //evil.de ftp://evil.de", []),
        ("anna@jobcenter.de", []),
    ],
)
def test_only_web_addresses_become_links(text, addresses):
    assert [link["href"] for link in Shown(as_html(text)).links] == addresses
