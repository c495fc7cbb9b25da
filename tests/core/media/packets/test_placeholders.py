"""What the server itself shows and plays, decoded."""

from fractions import Fraction

import numpy as np
import pytest
from aiortc.codecs import depayload
from aiortc.codecs.h264 import H264Decoder
from aiortc.codecs.opus import OpusDecoder
from aiortc.codecs.vpx import Vp8Decoder
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtcrtpparameters import RTCRtpCodecParameters

from core.media.packets import keyframes, placeholders
from tests.core.media.frames import GREY, colour, loudness, main_hertz


@pytest.mark.parametrize(("codec", "decoder"), [("VP8", Vp8Decoder), ("H264", H264Decoder)])
def test_nobody_is_a_grey_picture_that_needs_no_other(codec, decoder):
    payloads = placeholders.grey(codec)
    parameters = RTCRtpCodecParameters(f"video/{codec}", 90_000)
    data = b"".join(depayload(parameters, payload) for payload in payloads)
    [frame] = decoder().decode(JitterFrame(data, 0))
    assert colour(frame) == pytest.approx(GREY, abs=2)
    assert (frame.width, frame.height) == (480, 360)
    assert keyframes.starts_keyframe(codec, payloads[0])


def test_the_tone_is_440_hertz_for_two_seconds():
    decoder, heard = OpusDecoder(), []
    for number, payload in enumerate(placeholders.tone()):
        for frame in decoder.decode(JitterFrame(payload, number * placeholders.SAMPLES)):
            assert frame.time_base == Fraction(1, placeholders.RATE)
            heard.append(frame.to_ndarray()[0, ::2])
    tone = np.concatenate(heard)
    assert len(tone) == placeholders.TONE_SECONDS * placeholders.RATE
    assert main_hertz(tone) == pytest.approx(placeholders.TONE_HERTZ, abs=1)
    assert min(loudness(each) for each in heard[1:]) > 0.1
    assert np.abs(np.diff(tone[960:].astype(int))).max() < 900  # no click where two packets meet
