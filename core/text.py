"""Text from people: what of it is kept as a name, a number, a login, a message. Knows no page."""

import unicodedata
from itertools import pairwise

from core.access import login_form
from core.columns import NAME_LENGTH, PHONE_LENGTH
from core.phone import dialled
from core.unseen import BLANKS, without_unseen

_BROKEN = ("Cc", "Cs", "Co")
_NON_JOINER, _JOINER, _AS_EMOJI = "\u200c", "\u200d", "\ufe0f"
_SKINS = frozenset("\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")
_VIRAMA = 9  # the combining class of the signs that join two Indic letters
# No word of a living language has more on one letter; with hundreds a line covers the page.
_MARKS = 4


class BadText(ValueError):
    """Text that cannot be what it is meant to be."""


def person_name(text: str) -> str:
    """A name as it is kept: NFC, one line, 1 to 100 characters with a letter among them."""
    name = " ".join(_tidy(text).split())
    broken = any(unicodedata.category(char) in (*_BROKEN, "Cn") for char in name)
    if broken or not 1 <= len(name) <= NAME_LENGTH or not any(char.isalpha() for char in name):
        raise BadText(name)
    return name


def phone_number(text: str) -> str:
    """A number as it is shown: at most 40 characters, of which a phone makes one number."""
    number = without_unseen(text)
    if len(number) > PHONE_LENGTH or not dialled(number):
        raise BadText(number)
    return number


def login_name(text: str) -> str:
    """What somebody signs in as: 1 to 100 characters; upper and lower case are the same."""
    login = login_form(text)
    if not 1 <= len(login) <= NAME_LENGTH or not login.isprintable():
        raise BadText(login)
    return login


def message_text(text: str) -> str:
    """A chat message as it is kept: NFC, lines, without control and direction characters."""
    lines = text.replace("\t", " ").splitlines()
    return _tidy("\n".join("".join(filter(_shows, line)) for line in lines)).strip()


def _shows(char: str) -> bool:
    # Unassigned (Cn) may be an emoji younger than this Python, but never a noncharacter.
    never = "\ufdd0" <= char <= "\ufdef" or ord(char) & 0xFFFE == 0xFFFE
    return not never and unicodedata.category(char) not in _BROKEN


def _tidy(text: str) -> str:
    """NFC without what cannot be seen; again as long as leaving out one thing betrays another."""
    text = unicodedata.normalize("NFC", text)
    while (tidied := unicodedata.normalize("NFC", "".join(_seen(text)))) != text:
        text = tidied
    return text


def _seen(text: str) -> list[str]:
    """Its characters but for invisible ones, and marks in heaps or on no letter."""
    visible = [char for char in text if _is_visible(char)]
    kept: list[str] = []
    marks = _MARKS
    for char, after in pairwise([*visible, ""]):
        if char in (_NON_JOINER, _JOINER):
            if not _joins("".join(kept[-1:]), char, after):
                continue
        elif unicodedata.category(char) in ("Mn", "Me"):
            marks += 1
            if marks > _MARKS:
                continue
        else:
            marks = _MARKS if char.isspace() else 0
        kept.append(char)
    return kept


def _is_visible(char: str) -> bool:
    joins = char in (_NON_JOINER, _JOINER)
    return joins or (unicodedata.category(char) != "Cf" and char not in BLANKS)


def _joins(before: str, joiner: str, after: str) -> bool:
    """Whether it changes how its neighbours look: Indic and Arabic letters, parts of an emoji."""
    if not before:
        return False
    if _VIRAMA in (unicodedata.combining(before), unicodedata.combining(after or " ")):
        return True
    if joiner == _NON_JOINER:
        return unicodedata.bidirectional(before) == "AL" == unicodedata.bidirectional(after or " ")
    emoji = before == _AS_EMOJI or before in _SKINS or unicodedata.category(before) == "So"
    return emoji and unicodedata.category(after or " ") == "So"
