"""What lies in the cookies of a browser that has opened a link."""

from core import access

DEVICE = "D" * 43


def link_jar(secret: str, device: str = DEVICE) -> dict[str, str]:
    return {f"termin_{access.link_key(secret)}": f"{secret}.{device}"}
