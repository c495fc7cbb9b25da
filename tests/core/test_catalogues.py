"""
Every language has every sentence a client may read, with the same values in it; English has the
staff's, too. What a word is called is held to locales/glossary.csv.
"""

import csv
import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from core import words
from core.languages import LANGUAGES, OFFERED, SOURCE

# Those of the setting as it comes, and whatever else somebody has brought.
TRANSLATED = [each for each in OFFERED if each != SOURCE]
TRANSLATED += sorted({path.stem for path in words.FOLDER.glob("*.po")} - {*OFFERED})
STAFF_ONLY = ("pages/staff/", "core/manage", "core/office/advisor_view", "pages/doors/sign_in")
HOLE = re.compile(r"\{[^{}]*\}")
NUMBERS = (0, 1, 2, 3, 4, 5, 7, 11, 12, 21, 22, 30, 90, 100, 101, 102, 111)


@cache
def catalogue(name: str) -> Catalog:
    path = words.FOLDER / name
    with path.open("rb") as file:
        return read_po(file)


def sentences() -> list[Message]:
    return [each for each in catalogue("beratungsraum.pot") if each.id]


def staff_only(message: Message) -> bool:
    return all(place.startswith(STAFF_ONLY) for place, _line in message.locations)


def forms(message: Message | None) -> list[str]:
    said = message.string if message is not None else ""
    return list(said) if isinstance(said, tuple) else [said]


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_a_client_may_read_is_there(language):
    there = catalogue(f"{language}.po")
    asked = [each for each in sentences() if language == "en" or not staff_only(each)]
    missing = [each.id for each in asked if not all(forms(there.get(each.id)))]
    assert missing == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_sentence_is_left_over_or_waits_to_be_looked_at(language):
    known = {each.id for each in sentences()}
    there = [each for each in catalogue(f"{language}.po") if each.id]
    assert [each.id for each in there if each.id not in known or each.fuzzy] == []
    assert [each.id for each in there if any(form != form.strip() for form in forms(each))] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_values_in_a_sentence_are_those_of_the_german_one(language):
    for each in catalogue(f"{language}.po"):
        if not each.id:
            continue
        one = each.id if isinstance(each.id, str) else each.id[1]
        holes = sorted(HOLE.findall(one))
        for form in forms(each):
            # One day, two days: some languages say the number with the word alone.
            allowed = [holes] if isinstance(each.id, str) else [holes, []]
            assert sorted(HOLE.findall(form)) in allowed, form


@pytest.mark.parametrize("language", TRANSLATED)
def test_there_is_a_form_for_every_number_and_none_is_german(language):
    _ = words.translation(language)
    said = [_.plural("{days} Tag", "{days} Tage", number) for number in NUMBERS]
    assert all(said)
    if language != "de-simple":
        assert {"{days} Tag", "{days} Tage"} & {*said} == set()


def test_arabic_has_its_own_word_for_two_days_and_for_many():
    _ = words.translation("ar")
    said = [_.plural("{days} Tag", "{days} Tage", number) for number in (1, 2, 3, 11, 100)]
    assert len(set(said)) == 5


def test_every_language_is_written_in_its_own_letters_and_direction():
    right_to_left = {code for code, each in LANGUAGES.items() if each.direction == "rtl"}
    assert right_to_left == {"ar", "fa", "ps"}
    assert len({each.name for each in LANGUAGES.values()}) == len(LANGUAGES)
    for each in LANGUAGES.values():
        assert each.locale.language == each.code.partition("-")[0]


@cache
def glossary() -> list[dict[str, str]]:
    with (words.FOLDER / "glossary.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def says(term: str, text: str) -> bool:
    """The German word itself, in the forms it has in a sentence, not as part of another one."""
    return re.search(rf"\b{term}(?:e?s|e?n|e)?\b", text) is not None


@pytest.mark.parametrize("language", [each for each in TRANSLATED if each != "de-simple"])
def test_one_thing_has_one_name(language):
    strayed = []
    for each in catalogue(f"{language}.po"):
        for row in glossary():
            one = each.id if isinstance(each.id, str) else each.id[1]
            stems = row[language].split("|")
            if one and says(row["de"], one):
                strayed += [
                    (row["de"], form)
                    for form in forms(each)
                    if not any(stem in form.casefold() for stem in stems)
                ]
    assert strayed == []


def test_the_glossary_has_the_words_of_every_language():
    assert list(glossary()[0]) == ["de", *TRANSLATED]
    assert [row["de"] for row in glossary() if not all(row.values())] == []
