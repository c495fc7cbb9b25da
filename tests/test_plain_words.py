"""Einfache Sprache, as far as a program can judge: short sentences, and three things left out."""

import re

import pytest

from core.words import FOLDER
from docs import plain_words

PAIRS = plain_words.pairs((FOLDER / "beratungsraum.pot").read_text(encoding="utf-8"))
PLAIN = [each.plain for each in PAIRS]
LEFT_OUT = {
    "passive": plain_words.PASSIVE,
    "subjunctive": plain_words.SUBJUNCTIVE,
    "genitive": plain_words.GENITIVE,
}
OTHERWISE = {
    "passive": [
        "Der Termin wird abgesagt.",
        "Die Daten wurden gelöscht.",
        "Er ist geprüft worden.",
    ],
    "subjunctive": ["Das wäre gut.", "Sie könnten anrufen.", "Möchten Sie?", "Es sei so."],
    "genitive": ["Das Ende des Termins.", "Der Name eines Gastes.", "Am Ende dieses Termins."],
}
FINE = [
    "Wir löschen die Daten.",
    "Rufen Sie an.",
    "Das Ende vom Termin.",
    "Schließen Sie dieses Fenster.",
]


def found(kind: str, sentences: list[str]) -> list[str]:
    return [each for each in sentences if re.search(LEFT_OUT[kind], each, re.IGNORECASE)]


def test_a_sentence_has_at_most_fifteen_words_and_twelve_usually():
    measured = plain_words.measured(PLAIN)
    assert [each for each in measured.sentences if len(each) > plain_words.MOST_WORDS] == []
    assert measured.average <= plain_words.MOST_WORDS_USUALLY
    assert len(measured.sentences) > 800


@pytest.mark.parametrize("kind", LEFT_OUT)
def test_what_is_hard_to_read_is_left_out(kind):
    assert found(kind, PLAIN) == []


@pytest.mark.parametrize("kind", LEFT_OUT)
def test_it_would_be_found(kind):
    assert found(kind, OTHERWISE[kind]) == OTHERWISE[kind]
    assert found(kind, FINE) == []


def test_sentences_end_at_stops_colons_and_breaks_and_a_value_is_a_word():
    measured = plain_words.measured(["Eins zwei. Drei: vier\nfünf {name}", "E-Mail"])
    assert [len(each) for each in measured.sentences] == [2, 1, 1, 2, 1]
    assert (measured.words, measured.longest) == (7, 2)


def test_lix_counts_words_in_a_sentence_and_the_long_ones_of_a_hundred():
    assert plain_words.measured(["Das ist kurz. Das ist ausführlich."]).lix == 3 + 100 / 6


def test_no_file_is_harder_to_read_than_in_german_by_more_than_a_few_points():
    """Only where there are enough sentences to say so."""
    harder = []
    for name in {file for each in PAIRS for file in each.files}:
        here = [each for each in PAIRS if name in each.files]
        german = plain_words.measured(each.german for each in here)
        plain = plain_words.measured(each.plain for each in here)
        if len(plain.sentences) >= 10 and plain.lix > german.lix + 5:
            harder.append((name, german.lix, plain.lix))
    assert harder == []
