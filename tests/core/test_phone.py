"""Whatever a number looks like: behind it stands what a phone dials, or nothing."""

import pytest

from core.phone import dialled
from core.text import BadText, phone_number


@pytest.mark.parametrize(
    "written",
    [
        "+49 (0)30 23125-000",
        "+49 (0) 30 / 23125-000",
        "+49 0 30 23125000",
        "0049 30 23125-000",
        "0049 (0)30 23125-000",
        "(030) 23125-000",
        "(0)30 23125000",
        "030/23125-000",
        "030 / 23125 000",
        "030.23125.000",
        "030 23125–000",
        "(+49) 30 23125000",
        "\u202a+49 30 23125-000\u202c",
        "030\u00a023125\u200b-\u00ad000",
        " 03023125000 ",
    ],
)
def test_one_number_is_dialled_however_it_is_written(written):
    assert dialled(written) == "+493023125000"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("115", "115"),
        ("116 117", "116117"),
        ("0800 4555500", "+498004555500"),
        ("0800/4555500", "+498004555500"),
        ("+49 (0)171 1234567", "+491711234567"),
        ("01803 123456", "+491803123456"),
        ("05121 / 969 - 0", "+4951219690"),
        ("038203/1234", "+49382031234"),
        ("+43 1 234567", "+431234567"),
        ("0041 44 668 18 00", "+41446681800"),
    ],
)
def test_service_mobile_and_foreign_numbers_are_dialled_as_they_are(written, number):
    assert dialled(written) == number
    assert phone_number(written) == written


@pytest.mark.parametrize(
    "written",
    [
        "",
        "+",
        "keine",
        "1",
        "0123 456",
        "23125-000",  # in Berlin; from anywhere else it is Dortmund
        "30 23125000",
        "49 30 23125000",
        "+49 115",
        "112",
        "030 23125-000, 030 23125-001",
        "030 23125-000 / 030 23125-001",
        "030 23125 / 23126",
        "030 23125-0/-12",
        "030 12345 oder 0171 1234567",
        "030 12345 030 12346",
        "030 23125 ext. 12",
        "030 23125 x12",
        "030 23125;ext=12",
        "030 23125 Durchwahl 12",
        "030 23125 #12",
        "0800 JOBCENTER",
        "030 23125-000 (Frau Müller)",
        "+49 30 2312500000000",
        "٠٣٠ ٢٣١٢٥٠٠٠",
        "030 +49 23125",
    ],
)
def test_what_gives_no_one_number_is_refused_and_nothing_to_tap_on(written):
    assert dialled(written) == ""
    with pytest.raises(BadText):
        phone_number(written)


def test_a_number_is_kept_as_it_was_written_without_what_cannot_be_seen():
    assert phone_number("\u202a+49\u00a0(0)30  23125-000\u202c ") == "+49 (0)30 23125-000"
    with pytest.raises(BadText):
        phone_number("030" + " - " * 20 + "23125000")
