"""Days and times as people type them: read in one way, or refused; never another one instead."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock, entries
from core.refused import Reason, Refused
from core.words import date_in_words
from tests.conftest import NOW

TODAY = clock.berlin(NOW).date()  # 23 November 2026, a Monday
SEVENTH = date(2026, 12, 7)  # a Monday, too

DAYS = [
    "7.12.26",
    "07.12.26",
    "07.12.2026",
    " 7. 12. 2026 ",
    "7.12.",
    "7.12",
    "07.12.",
    "7 12 26",
    "071226",
    "07122026",
    "2026-12-07",
    "07-12-2026",
    "7. Dezember 2026",
    "7. dezember 26",
    "7. DEZEMBER",
    "7 Dez",
    "7.Dez.2026",
    "Montag, 7. Dezember 2026",
    "Montag, den 7.12.",
    "Mo, 7.12.26",
    "Mo. 7.12.",
    "\u200e07.12.2026\u200f",
    "07.12.\u00a02026",
    "７.１２.２６",
]
NO_DAYS = [
    "",
    " ",
    "7",
    "12",
    "7.",
    "2026",
    "12.2026",
    "31.11.2026",
    "29.2.2027",
    "0.12.2026",
    "7.0.2026",
    "7.13.2026",
    "32.1.2026",
    "7.12.226",
    "7.12.1926",
    "7.12.2126",
    "7.12.20266",
    "7/12/26",
    "12/07/2026",
    "20261207",
    "7.12.26 9:00",
    "7.12.26 oder 8.12.26",
    "7. Quark 2026",
    "7. Dec 2026",
    "Dienstag, 7.12.2026",
    "Quark, 7.12.2026",
    "nächsten Montag",
    "-7.12.26",
    "7,12,26",
    "7..12.26",
    "7.12.26\0",
    "٠",
    "7" * 5000,
]


@pytest.mark.parametrize("text", DAYS)
def test_a_day_is_read_however_it_is_typed(text):
    assert entries.day_of(text, TODAY, ahead=True) == SEVENTH
    assert date_in_words(SEVENTH) == "Montag, 7. Dezember 2026"


@pytest.mark.parametrize("ahead", [True, False])
@pytest.mark.parametrize("text", NO_DAYS)
def test_what_is_no_day_or_could_be_two_is_refused_and_never_today(text, ahead):
    with pytest.raises(Refused) as refused:
        entries.day_of(text, TODAY, ahead=ahead)
    assert refused.value.reason == Reason.BAD_DAY


@pytest.mark.parametrize(
    ("text", "coming", "nearest"),
    [
        ("23.11.", TODAY, TODAY),
        ("24.11.", date(2026, 11, 24), date(2026, 11, 24)),
        ("22.11.", date(2027, 11, 22), date(2026, 11, 22)),
        ("2. Jänner", date(2027, 1, 2), date(2027, 1, 2)),
        ("1.8.", date(2027, 8, 1), date(2026, 8, 1)),
        ("31.12.", date(2026, 12, 31), date(2026, 12, 31)),
        ("heute", TODAY, TODAY),
        ("Morgen", date(2026, 11, 24), date(2026, 11, 24)),
        ("übermorgen", date(2026, 11, 25), date(2026, 11, 25)),
    ],
)
def test_without_a_year_it_is_the_coming_one_or_to_look_one_up_the_nearest(text, coming, nearest):
    read = [entries.day_of(text, TODAY, ahead=ahead) for ahead in (True, False)]
    assert read == [coming, nearest]


def test_the_day_that_not_every_year_has_is_taken_in_a_year_that_has_it():
    assert entries.day_of("29.2.", date(2027, 6, 1), ahead=True) == date(2028, 2, 29)
    with pytest.raises(Refused):
        entries.day_of("29.2.", TODAY, ahead=True)


@pytest.mark.parametrize("day", ["Sa 12.12.26", "Samstag, 12.12.", "Sonnabend, den 12.12.26"])
def test_a_saturday_has_two_names(day):
    assert entries.day_of(day, TODAY, ahead=True) == date(2026, 12, 12)


TIMES = {
    time(9): ["9", "09", "9:00", "09:00", "9.00", "0900", "900", "9 Uhr", "9.00 Uhr", "um 9", "9h"],
    time(9, 30): ["9:30", "9.30", "0930", "930", "9 Uhr 30", "9h30", "9 30", " 9 : 30 ", "９:３０"],
    time(0): ["0", "00:00", "0 Uhr", "0000", "0.00"],
    time(23, 59): ["23:59", "2359", "23.59 Uhr", "23 Uhr 59", "23h59"],
    time(17, 5): ["17:05", "17.05", "1705", "17 05", "17 Uhr 05"],
}
NO_TIMES = [
    *("", " ", "24", "24:00", "9:60", "9:5", "9:", ":30", "9:00:00", "12345", "9,30", "9,5", "-9"),
    *("halb 10", "9 am", "9pm", "9-10", "9 Uhr früh", "Uhr", "mittags", "9:3O", "99", "9\0", "²"),
]


@pytest.mark.parametrize(("text", "at"), [(text, at) for at in TIMES for text in TIMES[at]])
def test_a_time_is_read_however_it_is_typed(text, at):
    assert entries.time_of(text) == at


@pytest.mark.parametrize("text", NO_TIMES)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(Refused) as refused:
        entries.time_of(text)
    assert refused.value.reason == Reason.BAD_TIME


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.booleans())
def test_what_stands_in_the_field_for_a_day_is_read_as_that_day(day, ahead):
    assert entries.day_of(entries.as_day(day), TODAY, ahead=ahead) == day


@given(st.times())
def test_what_stands_in_the_field_for_a_time_is_read_as_that_time(at):
    assert entries.time_of(entries.as_time(at)) == at.replace(second=0, microsecond=0)


@given(st.text(max_size=30), st.booleans())
def test_any_text_is_a_day_of_this_century_or_refused(text, ahead):
    try:
        read = entries.day_of(text, TODAY, ahead=ahead)
    except Refused as refused:
        assert refused.reason == Reason.BAD_DAY  # noqa: PT017 (either is right)
    else:
        assert read.year // 100 == TODAY.year // 100
