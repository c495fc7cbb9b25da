"""Which of the offered languages somebody's browser asks for."""

import pytest

from core.languages import OFFERED
from core.wishes import wished

HERE = OFFERED


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("de-DE,de;q=0.9,en;q=0.8", "de"),
        ("ar-SY,ar;q=0.9,de;q=0.8", "ar"),
        ("uk-UA", "uk"),
        ("fa-AF, en", "fa"),
        ("EN-gb", "en"),
        ("de-simple", "de-simple"),
        ("de-AT-1996", "de"),
        ("it,fr;q=0.9,tr;q=0.2,ru;q=0.3", "ru"),
        ("en;q=0.5, ru;q=0.5", "en"),
        ("en;q=0, ru;q=0.001", "ru"),
        (" pl ; q=0.7 , ro ;q=0.8", "ro"),
    ],
)
def test_the_first_language_that_is_offered_by_the_order_somebody_wants(header, found):
    assert wished(header, HERE) == found


@pytest.mark.parametrize(
    "header",
    [
        *("", ",", ";", ";q=1", "*", "*;q=1", "it", "x-klingon", "deutsch", "d", "-", "--de"),
        *("ar;q=0", "ar;q=0.000", "ar;q=-1", "ar;q=", "ar;q=1e9", "ar;q=NaN", "ar;q=\u0661"),
        *("ar;level=1", "ar;q=0.1234567", "ar;q=0x1", "\x00", "ar\x00", "a" * 100_000),
        *("," * 100_000 + "ar", "it," * 70 + "ar", "it-" * 30_000, ";q=" * 10_000),
    ],
)
def test_what_asks_for_nothing_that_is_offered_gets_nothing(header):
    assert wished(header, HERE) is None


def test_a_weight_of_more_than_one_is_one():
    assert wished("ru;q=0.9,ar;q=9", HERE) == "ar"
    assert wished("ru,ar;q=9", HERE) == "ru"


def test_only_what_is_offered_here_is_found():
    assert wished("ar,en;q=0.5", ("de", "en")) == "en"
