"""
How plain the sentences in Einfacher Sprache are, as far as a program can judge, beside the German
ones they stand for: words in a sentence, and LIX (C.-H. Björnsson, 1968).

Sources of the limits: DIN SPEC 33429 and DIN 8581-1. Knows the catalogues only; whether a sentence
is understood, readers say.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from babel.messages.pofile import read_po

from core.words import FOLDER

MOST_WORDS = 15  # of a sentence
MOST_WORDS_USUALLY = 12
LONG = 7  # letters from which LIX counts a word as long
PASSIVE = r"\b(?:wird|werden|wurden?|worden)\b"
SUBJUNCTIVE = (
    r"\b(?:(?:würd|könnt|möcht|hätt|wär|müsst|sollt|dürft|bräucht|käm|gäb)(?:en?|et)|sei(?:en)?)\b"
)
GENITIVE = r"\b(?:des|eines|(?:kein|mein|Ihr|ihr|unser)es|dessen|deren|wessen)\b|\bdieses \w+s\b"
TABLE = """\
<!-- Written by docs/generate.py from the catalogues; do not edit. -->

# Einfache Sprache, gezählt

Wie einfach die Sätze sind, soweit ein Programm das sagen kann: für jede Datei, deren Sätze eine
Kundin oder ein Kunde liest, auf Deutsch und, danach, in Einfacher Sprache. LIX: Wörter je Satz, und
dazu, wie viele von hundert Wörtern mehr als sechs Buchstaben haben; unter 40 gilt als leicht, über
50 als schwer. Höchstens {most} Wörter hat ein Satz, kein Passiv, keinen Konjunktiv, keinen Genitiv:
`tests/test_plain_words.py`. Ob die Sätze verstanden werden, sagen nur Menschen, die sie lesen
(`locales/README.md`).

| Wo | Sätze | Wörter je Satz, Deutsch | einfach | längster | LIX, Deutsch | einfach |
|---|---|---|---|---|---|---|
{rows}
"""


@dataclass(frozen=True)
class Measured:
    """Sentences, each as its words."""

    sentences: tuple[tuple[str, ...], ...]

    @property
    def words(self) -> int:
        return sum(map(len, self.sentences))

    @property
    def average(self) -> float:
        """Words in a sentence."""
        return self.words / len(self.sentences)

    @property
    def longest(self) -> int:
        return max(map(len, self.sentences))

    @property
    def lix(self) -> float:
        long = sum(len(word) >= LONG for each in self.sentences for word in each)
        return self.average + 100 * long / self.words


def measured(texts: Iterable[str]) -> Measured:
    """What stands between full stops, colons and breaks is a sentence; a value counts as a word."""
    found = (sentence for text in texts for sentence in re.split(r"(?<=[.!?:;])\s+|\n+", text))
    words = (tuple(re.findall(r"[\w{}]+(?:[-–]\w+)*", each)) for each in found)
    return Measured(tuple(each for each in words if each))


@dataclass(frozen=True)
class Pair:
    """A German sentence of the code, what it is in Einfacher Sprache, and whose it is."""

    german: str
    plain: str
    files: tuple[str, ...]


def pairs(german: str) -> list[Pair]:
    """Every sentence of the catalogue `german` (POT) that has one in Einfacher Sprache."""
    simple = read_po(BytesIO((FOLDER / "de-simple.po").read_bytes()))
    return [
        Pair(german, plain, tuple(dict.fromkeys(name for name, _line in message.locations)))
        for message in read_po(BytesIO(german.encode()))
        if message.id and (found := simple.get(message.id)) is not None
        for german, plain in zip(_forms(message.id), _forms(found.string), strict=True)
        if plain
    ]


def table(german: str) -> str:
    """docs/einfache-sprache.md, for that catalogue: a row for each file, and one for all."""
    every = pairs(german)
    files = sorted({name for each in every for name in each.files})
    rows = [_row(f"`{name}`", [each for each in every if name in each.files]) for name in files]
    return TABLE.format(most=MOST_WORDS, rows="\n".join([*rows, _row("alle", every)]))


def _row(name: str, of: list[Pair]) -> str:
    german = measured(each.german for each in of)
    plain = measured(each.plain for each in of)
    return (
        f"| {name} | {len(plain.sentences)} | {german.average:.1f} | {plain.average:.1f} "
        f"| {plain.longest} | {german.lix:.0f} | {plain.lix:.0f} |"
    )


def _forms(of: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """One, or one for each number."""
    return (of,) if isinstance(of, str) else tuple(of or ())
