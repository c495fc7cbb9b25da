"""
What a browser is told of our relay (TURN), for networks that let no media out directly.

Credentials that end by themselves, as coturn's `use-auth-secret` wants them. Two of one seat
have the same name behind their time, so that coturn counts them together (`user-quota`); the
name is a keyed digest and says nothing of anybody. The server's own end asks no relay.
Source: draft-uberti-behave-turn-rest-00 (2.2); the SHA-1 is prescribed there.
"""

import hmac
from base64 import b64encode

from core.settings import settings


def servers(appointment_id: int, seat: str, now: float) -> list[dict[str, object]]:
    """For `iceServers` of a browser that holds this seat; empty without a relay."""
    given = settings()
    if given.turn_secret is None:
        return []
    key = given.turn_secret.get_secret_value().encode()
    who = hmac.new(key, f"seat {appointment_id} {seat}".encode(), "sha256").hexdigest()[:32]
    username = f"{int(now) + given.turn_hours * 3600}:{who}"
    credential = b64encode(hmac.digest(key, username.encode(), "sha1")).decode()
    return [{"urls": list(given.turn_urls), "username": username, "credential": credential}]
