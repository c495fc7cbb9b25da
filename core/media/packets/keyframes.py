"""
Where a whole picture begins, in the payloads of VP8 and H.264.

Knows no packet and decodes nothing. Sources: RFC 7741 (4.2, 4.3), RFC 6184 (5.4).
"""

NAL_IDR, NAL_SPS, NAL_STAP_A, NAL_FU_A = 5, 7, 24, 28


def starts_keyframe(codec: str, payload: bytes) -> bool:
    """Whether a picture that needs no other begins in this payload ("VP8" or "H264")."""
    if not payload:
        return False
    return _vp8_keyframe(payload) if codec == "VP8" else _h264_keyframe(payload)


def _vp8_keyframe(payload: bytes) -> bool:
    if payload[0] & 0x17 != 0x10:  # does not begin the first partition
        return False
    at = 1
    if payload[0] & 0x80:
        if len(payload) < 2:
            return False
        flags, at = payload[1], 2
        if flags & 0x80:
            at += 2 if len(payload) > at and payload[at] & 0x80 else 1
        at += (flags & 0x40 > 0) + (flags & 0x30 > 0)
    return len(payload) > at and payload[at] & 1 == 0


def _h264_keyframe(payload: bytes) -> bool:
    kind = payload[0] & 0x1F
    if kind == NAL_STAP_A:  # the first unit in it tells
        kind = payload[3] & 0x1F if len(payload) > 3 else 0
    elif kind == NAL_FU_A:  # only its first part
        kind = payload[1] & 0x1F if len(payload) > 1 and payload[1] & 0x80 else 0
    return kind in (NAL_IDR, NAL_SPS)
