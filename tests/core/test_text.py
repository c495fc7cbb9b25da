"""Text from people: hostile or not, it stays text."""

import json
import unicodedata
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core import links
from core.columns import NAME_LENGTH
from core.pieces import Piece, pieces
from core.text import BadText, message_text, person_name
from tests.hostile import HOSTILE

hostile = pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
# What hypothesis would seldom put together by chance.
PIECES = ["https://", "http://", "a.de", "@", ":", "/", "\\", "//", "<", ">", '"', "'", "&", "&lt;"]
PIECES += ["&#106;", "<a href=", "javascript:", " ", "\n", "\t", "[", "]", "(", ")", "?", "#", "%"]
PIECES += [
    "a\u0301",
    "\u0307\u0323",
    "\u200c",
    "\u200d",
    "क",
    "\u094d",
    "\u093c",
    "م",
    "👩",
    "❤\ufe0f",
]
PIECES += ["xn--", "xn--a", "-", ".", "0x7", "ⓙ", "。", "٣"]
PIECES += ["www.", "[::1]", "ä", "\u202e", "\x00", "\ud800", "a@b.de", "-->", "<!--", "</a>"]
some_text = st.lists(st.sampled_from(PIECES) | st.text(max_size=5)).map("".join)


def links_of(message: str) -> list[Piece]:
    return [piece for piece in pieces(message) if piece.href]


def assert_harmless(message: str) -> None:
    assert "".join(piece.text for piece in pieces(message)) == message
    assert all(piece.text and (piece.href or not piece.host) for piece in pieces(message))
    for link in links_of(message):
        address = urlsplit(link.href)
        assert link.href.isascii()
        assert address.scheme in {"http", "https"}
        assert bool(address.hostname)
        assert (address.username, address.password, address.netloc.count("@")) == (None, None, 0)


def assert_a_clean_name(name: str) -> None:
    joined = name.replace("\u200c", "").replace("\u200d", "")
    categories = {unicodedata.category(char) for char in joined}
    assert categories & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} == set()
    assert name == unicodedata.normalize("NFC", " ".join(name.split()))
    assert 1 <= len(name) <= NAME_LENGTH
    assert any(char.isalpha() for char in name)
    assert_few_marks(name)
    assert person_name(name) == name


def assert_few_marks(text: str) -> None:
    """No heap of marks on one letter, and none on nothing."""
    marks = "".join("^" if unicodedata.category(char) in ("Mn", "Me") else "x" for char in text)
    assert "^^^^^" not in marks
    bases = zip(" " + text, text, strict=False)
    assert [
        pair for pair in bases if pair[0].isspace() and unicodedata.category(pair[1]) == "Mn"
    ] == []


def name_or_none(text: str) -> str | None:
    try:
        return person_name(text)
    except BadText:
        return None


def test_there_is_plenty_of_hostile_text():
    assert len(set(HOSTILE)) == len(HOSTILE)
    assert len(HOSTILE) >= 500


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
        ("a" + 99 * "\u0323", "ạ" + 4 * "\u0323"),
        ("a" + 50 * "\u0323\u200d", "ạ" + 4 * "\u0323"),
        (f"\u0301a \u0302b\n{9 * chr(0x489)}c", "a b\nc"),
        ("A\u200cn\u200dna", "Anna"),
        ("\u200d👩\u200d\u200dx\u200c", "👩x"),
    ],
)
def test_a_message_keeps_its_lines_and_loses_what_cannot_be_seen(text, message):
    assert message_text(text) == message


# Names and words as people write them: letters with marks, joiners, signs of their own.
REAL = [
    *("Müller-Lüdenscheidt", "Straße", "Zoë Ångström", "D’Arcy", "O'Brien", "Łukasz Żółć"),
    *("Nguyễn Thị Ánh Nguyệt", "Phạm Quỳnh", "Đặng Thuỳ Trâm"),
    *("Çağlar Öztürk", "İbrahim Işık", "Şêrko Bêkes", "Ștefan Țiriac", "Dvořák", "Ő Ű"),
    *("Олександр Ґалаґан", "Їжак", "Щёлоков", "Ђорђе", "Йоахим"),
    *("Γιώργος Παπαδόπουλος", "ᾠδή", "Հայկ Մարության", "გიორგი"),
    *("محمد أحمد", "عَبْدُ ٱللَّٰهِ", "مُحَمَّدٌ", "لآلئ", "علی‌رضا", "می‌خواهم", "ئەحمەد", "گل‌آرا"),
    *("שלום", "שָׁלוֹם", "בְּרֵאשִׁ֖ית", "יִשְׂרָאֵ֔ל", "דוד בן־גוריון", "ד״ר כהן"),
    *("नमस्ते", "क्‍ष", "ज़ुल्फ़िक़ार", "श्री", "শ্রীকৃষ্ণ", "র‍্যাব", "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ", "ગુજરાતી"),
    *("தமிழ்", "శ్రీనివాస్", "ಕನ್ನಡ", "ക്രിസ്‌തു", "ශ්‍රී ලංකා", "ක්‍රිෂ්ණ"),
    *("ไทย ที่นี่", "ຄົນລາວ", "မြို့", "ခင်ဦး", "ស្ត្រី", "བསྒྲུབས", "ཧཱུྃ"),
    *("李小龍", "さくらガ", "한국어", "ትግርኛ", "ⵜⴰⵎⴰⵣⵉⵖⵜ", "ޏަޝީދު", "Ọ̀ṣun", "Kṛṣṇa", "ɔ̃̀"),
]


@pytest.mark.parametrize("text", REAL)
def test_real_names_and_words_survive_as_they_are(text):
    text = unicodedata.normalize("NFC", text)
    assert message_text(f"{text} ist da.") == f"{text} ist da."
    assert person_name(text) == text


@pytest.mark.parametrize(
    "text",
    ["❤️", "1️⃣", "👍🏽", "🇩🇪", "👩‍👩‍👧‍👦", "👩🏽‍💻", "🏳️‍🌈", "🧑‍⚕️", "🏃‍♂️", "👁️‍🗨️", "👨‍❤️‍👨"],
)
def test_emoji_stay_whole(text):
    assert message_text(text) == text
    assert person_name(f"Anna {text}") == f"Anna {text}"


@hostile
def test_hostile_messages_are_shown_as_exactly_themselves(text):
    assert_harmless(message_text(text))


@given(some_text)
@example("https://:x@evil.example")
@example("//a.de&lt;\n<a href=javascript:https://a.de>")
def test_any_message_is_shown_as_exactly_itself(text):
    message = message_text(text)
    assert message_text(message) == message
    assert message == unicodedata.normalize("NFC", message)
    assert_few_marks(message)
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
    assert [link.href for link in links_of(text)] == addresses


# Typed, where it leads, and the host that is shown behind it if it is not the typed one.
LOOKALIKES = [
    ("https://jоbcenter.digital", "https://xn--jbcenter-nbh.digital", "xn--jbcenter-nbh.digital"),
    ("https://ⓙobcenter.digital/a", "https://jobcenter.digital/a", "jobcenter.digital"),
    ("www.köln.de", "http://www.xn--kln-sna.de", "www.xn--kln-sna.de"),
    ("HTTPS://KÖLN.DE:8443/Ä", "https://xn--kln-sna.de:8443/%C3%84", "xn--kln-sna.de"),
    ("https://köln.de/xn--kln-sna.de", "https://xn--kln-sna.de/xn--kln-sna.de", "xn--kln-sna.de"),
    ("https://faß.de", "https://xn--fa-hia.de", "xn--fa-hia.de"),
    ("https://אבג.example.com/x", "https://xn--4dbcd.example.com/x", "xn--4dbcd.example.com"),
    ("https://a.de/אבג?ד#ה", "https://a.de/%D7%90%D7%91%D7%92?%D7%93#%D7%94", ""),
    ("https://a.de//b?c=%2F&d=[x]#y", "https://a.de//b?c=%2F&d=[x]#y", ""),
    ("WWW.JOBCENTER.DE", "http://www.jobcenter.de", ""),
    ("https://xn--kln-sna.de", "https://xn--kln-sna.de", ""),
    ("http://127.0.0.1:8501/x", "http://127.0.0.1:8501/x", ""),
]


@pytest.mark.parametrize(("text", "href", "host"), LOOKALIKES)
def test_a_link_says_to_which_host_it_leads(text, href, host):
    assert pieces(text) == (Piece(text, href, host),)


@pytest.mark.parametrize(
    "text",
    [
        *("http://2130706433/", "http://0x7f000001/", "http://127.1/", "http://010.0.0.1/"),
        *(
            "https://👩.ws",
            "https://jobcenter_digital.de",
            "https://xn--a.de",
            "https://a.de:99999/",
        ),
    ],
)
def test_an_address_that_hides_its_host_or_has_none_is_no_link(text):
    assert pieces(text) == (Piece(text),)


def test_a_message_has_ten_links_and_the_other_addresses_stay_text():
    addresses = [f"https://www{number}.example.org/?a&b" for number in range(12)]
    message = "\n".join(addresses)
    assert [link.href for link in links_of(message)] == addresses[:10]
    assert "".join(piece.text for piece in pieces(message)) == message


@pytest.mark.parametrize("word", ["ä.de ", "a.de ", "&", "http://", "\U0001f600.de ", '<"', "\n"])
def test_the_pieces_of_a_message_are_never_much_more_than_its_text(word):
    assert len(json.dumps(pieces((word * 2000)[:2000]))) < 26_000


def test_the_longest_pieces_of_a_message_are_known():
    address = "http://ä.de/" + "\U0001f600" * 187 + " "
    assert len(json.dumps(pieces(address * 10))) < 60_000


def links_in(text):
    """What is shown as a link in it, letter by letter."""
    return [place.typed for place in links.found(text)]


@pytest.mark.parametrize(
    "text",
    [
        "max.li@gmx.de",
        "Max.Li@gmx.de.",
        "anna.max.li@www.gmx.de",
        "www.max.li@gmx.de",
        "max.li/b@gmx.de/x",
        "a@www.gmx.de/x",
        "<www.max.li@gmx.de>",
        "E-Mail:www.max.li@gmx.de",
        "www.max.li+neu@gmx.de",
        "www.jörg.li@köln.de",
        "x@https://example.org/a",
    ],
)
def test_a_mail_address_becomes_no_link_of_the_web(text):
    texts = [text, f"({text})", f"Mail an {text} bitte"]
    assert [links_in(each) for each in texts] == [[], [], []]


@pytest.mark.parametrize(
    "text",
    [
        *("Das ist gut.Am Montag", "Ja.Es geht.Um 9.In Köln", "gut.Am/Um", "Satz.Und/oder"),
        *("köln.de", "jobcenter.digital", "z.B./d.h.", "Dr.Meier/Frau", "1.5/2.5", "Nr.1/2.3"),
        *("gesagt.Bitte", "app.py", "brief.zip", "main.rs", "www. jobcenter.de", "www.", "wwwx.de"),
    ],
)
def test_two_sentences_or_a_file_become_no_link(text):
    assert links_in(text) == []


@pytest.mark.parametrize(
    "address",
    [
        *("www.jobcenter.digital", "www.jobcenter.berlin", "www.köln.koeln", "www.пример.рф"),
        *("www.example.museum", "www.example.kids", "WWW.JOBCENTER.DIGITAL", "www.a-b.example"),
        *("jobcenter.digital/termin", "stadt.koeln/a?b=c#d", "example.kids/a", "пример.рф/a"),
        *("example.org:8443/a", "www.example.org/@name", "https://example.org/a@b.de"),
        *("https://a.invalid", "www.example.org?a=b", "JOBCENTER.DE/A"),
        *("https://de.wikipedia.org/wiki/Amt_(Begriff)", "https://fr.example.org/L’Équipe"),
        "https://de.example.org/Ä-ö/ß",
    ],
)
def test_a_name_with_www_or_a_path_or_http_before_it_is_a_link(address):
    assert links_in(f"Siehe {address} bitte") == [address]


PAIRS = "„“»««»“”‘’‚‘‹››‹（）【】「」『』《》〈〉()[]{}<>⟨⟩⁅⁆❨❩〔〕［］＜＞〝〞〝〟༺༻᚛᚜"
PAIRS += "“„”“‟”⸢⸣⹂‟''\"\"**＂＂′′″″"
ENDS = [*".,!?:;…。、，！？：؟،؛۔।॥։።‽–—·*", "!!!", "?!", "...", "“.", ".“", "»,", "’."]
ENDS += ["”…", ").", "）。", "」、"]
PLACES = ["https://example.org", "https://example.org/a", "https://example.org/a?b=c", "www.a.de"]
PLACES += ["www.a.de/ä", "example.org/a/", "https://example.org/a_(b)"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("marks", zip(PAIRS[::2], PAIRS[1::2], strict=True))
def test_quotation_marks_and_brackets_of_every_language_stay_outside(place, marks):
    marked = place.join(marks)
    texts = [marked, f"Siehe {marked} an", f"{marked}."]
    assert [links_in(text) for text in texts] == [[place]] * 3


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("end", ENDS)
def test_what_ends_a_sentence_stays_outside(place, end):
    assert [links_in(text) for text in (place + end, f"Siehe {place}{end} Danke")] == [[place]] * 2


def test_two_addresses_in_quotation_marks_are_two_links():
    text = "„https://example.org/a“, »www.example.org«「https://example.org/b」です"
    assert links_in(text) == ["https://example.org/a", "www.example.org", "https://example.org/b"]
