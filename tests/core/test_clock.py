"""Times of day in Berlin, on the two nights of the year that are odd and on all others."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from core.refused import Reason, Refused

SPRING = date(2027, 3, 28)  # 02:00 becomes 03:00
AUTUMN = date(2027, 10, 31)  # 03:00 becomes 02:00


@pytest.mark.parametrize(
    ("day", "at", "utc"),
    [
        (SPRING, time(1, 59), datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        (SPRING, time(3, 0), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (AUTUMN, time(1, 59), datetime(2027, 10, 30, 23, 59, tzinfo=UTC)),
        (AUTUMN, time(3, 0), datetime(2027, 10, 31, 2, 0, tzinfo=UTC)),
        (date(2027, 1, 11), time(9, 30), datetime(2027, 1, 11, 8, 30, tzinfo=UTC)),
        (date(2027, 7, 12), time(9, 30), datetime(2027, 7, 12, 7, 30, tzinfo=UTC)),
    ],
)
def test_a_time_in_berlin_is_one_moment(day, at, utc):
    assert clock.from_berlin(day, at) == utc


@pytest.mark.parametrize(
    ("day", "reason"), [(SPRING, Reason.NO_SUCH_TIME), (AUTUMN, Reason.AMBIGUOUS_TIME)]
)
@pytest.mark.parametrize("at", [time(2, 0), time(2, 30), time(2, 59)])
@pytest.mark.parametrize("fold", [0, 1])
def test_an_hour_that_does_not_exist_or_exists_twice_is_refused(day, reason, at, fold):
    with pytest.raises(Refused) as refused:
        clock.from_berlin(day, at.replace(fold=fold))
    assert refused.value.reason == reason


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 (a wall clock)
def test_the_wall_clock_comes_back_or_the_time_is_refused_with_a_reason(wall):
    try:
        moment = clock.from_berlin(wall.date(), wall.time())
    except Refused as refused:
        assert refused.reason in (Reason.NO_SUCH_TIME, Reason.AMBIGUOUS_TIME)  # noqa: PT017
    else:
        assert moment.tzinfo == UTC
        assert clock.berlin(moment).replace(tzinfo=None) == wall


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
)
def test_a_moment_survives_berlin_unless_its_hour_exists_twice(moment):
    local = clock.berlin(moment)
    try:
        assert clock.from_berlin(local.date(), local.time()) == moment
    except Refused as refused:
        assert refused.reason == Reason.AMBIGUOUS_TIME  # noqa: PT017


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="naive"):
        clock.berlin(datetime(2027, 1, 11, 9, 30))  # noqa: DTZ001


def test_any_zone_is_shown_as_berlin():
    tokyo = datetime(2027, 1, 11, 17, 0, tzinfo=timezone(timedelta(hours=9)))
    assert clock.berlin(tokyo).time() == time(9, 0)


def test_now_is_aware():
    assert clock.now().tzinfo == UTC
