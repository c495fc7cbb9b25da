"""
Where web addresses are in a text from people. Knows no HTML, and not whether one can be opened.

linkify-it finds them; what it takes for one too soon or takes along is mended here.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import idna
from linkify_it import LinkifyIt
from linkify_it.tlds import TLDS

# Any ending: which ones are believed is asked below.
_FINDER = LinkifyIt(options={"fuzzy_email": False}).tlds([r"[^\W\d_]{2,63}"])
_YOUNGER = {"kids", "music"}  # endings that came after the list of linkify-it
_ENDINGS = {idna.decode(ending.lower()) for ending in TLDS} | _YOUNGER
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_LOCAL = r"\w.!#$%&'*+=?^`{|}~\-"
# What is before an @ is no place in the web; but www.example.org/@name is one.
_MAIL = re.compile(rf"(?<![{_LOCAL}:/])[{_LOCAL}/]*[{_LOCAL}]@[\w.-]*")
_APOSTROPHE = "\u2019"
_ENDS = ".,:;!?'\"*`~^"  # of a sentence, a quotation, a word in bold


@dataclass(frozen=True)
class Found:
    """A piece of the text, and the address it stands for."""

    start: int
    typed: str
    url: str

    @property
    def end(self) -> int:
        return self.start + len(self.typed)


def found(text: str) -> Iterator[Found]:
    """Addresses with their http(s) before them; without it, only with www. or a path behind."""
    for match in _FINDER.match(_bare(text)) or []:
        typed = _without_end(match.text)
        url = match.url.removesuffix(match.text[len(typed) :])
        if match.schema or _is_meant(typed):
            yield Found(match.index, typed, url)


def _bare(text: str) -> str:
    """As long as it is, with blanks where marks and mail addresses are."""
    text = _FOREIGN.sub(lambda char: " " if _parts(text, char.start()) else char[0], text)
    return _MAIL.sub(lambda mail: " " * len(mail[0]), text)


def _parts(text: str, at: int) -> bool:
    """Whether it ends an address in any case: quotation marks, brackets, East Asian marks."""
    char = text[at]
    if char == _APOSTROPHE:
        return not (text[at - 1 : at].isalnum() and text[at + 1 : at + 2].isalnum())
    kind = unicodedata.category(char)
    wide = unicodedata.east_asian_width(char) in "WF"
    return kind in ("Pi", "Pf", "Ps", "Pe") or (wide and kind in ("Po", "Sm"))


def _without_end(typed: str) -> str:
    """Without the marks of whatever language that end what it stands in."""
    while typed and (typed[-1] in _ENDS or _is_mark(typed[-1])):
        typed = typed[:-1]
    return typed


def _is_mark(char: str) -> bool:
    return not char.isascii() and unicodedata.category(char).startswith("P")


def _is_meant(typed: str) -> bool:
    """Whether a name without http is one of the web, not two sentences without a blank."""
    if typed.lower().startswith("www."):
        return True
    host, stroke, _path = typed.partition("/")
    ending = host.partition(":")[0].rpartition(".")[2]
    return bool(stroke) and ending.lower() in _ENDINGS and not ending.istitle()
