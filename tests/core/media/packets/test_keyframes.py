"""Where a whole picture begins: in some payloads of each codec; any payload gets an answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.media.packets import keyframes


@pytest.mark.parametrize(
    ("codec", "payload", "begins"),
    [
        ("VP8", "", False),
        ("VP8", "10", False),
        ("VP8", "10 00", True),
        ("VP8", "10 01", False),
        ("VP8", "00 00", False),  # goes on with a partition
        ("VP8", "11 00", False),  # begins another partition
        ("VP8", "90", False),
        ("VP8", "90 80", False),
        ("VP8", "90 80 05 00", True),
        ("VP8", "90 80 85 05 00", True),
        ("VP8", "90 80 85 05 01", False),
        ("VP8", "90 f0 85 05 07 09 00", True),
        ("VP8", "90 f0 85 05 07 09", False),
        ("H264", "", False),
        ("H264", "65", True),
        ("H264", "67", True),
        ("H264", "41", False),
        ("H264", "78 00 04 67 42", True),
        ("H264", "78 00 04 41 42", False),
        ("H264", "78 00", False),
        ("H264", "7c 85", True),
        ("H264", "7c 05", False),
        ("H264", "7c 81", False),
        ("H264", "7c", False),
    ],
)
def test_where_a_whole_picture_begins(codec, payload, begins):
    assert keyframes.starts_keyframe(codec, bytes.fromhex(payload)) is begins


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(["VP8", "H264"]), st.binary(max_size=8))
def test_any_payload_begins_a_picture_or_does_not(codec, payload):
    assert keyframes.starts_keyframe(codec, payload) in (True, False)
