"""
Cookies before anybody reads them: none that is quoted.

Ours are not. Reading a quoted one takes Python before 3.11.10 and 3.12.6 seconds of the loop of all
pages (CVE-2024-7592). Knows no cookie by its name.
"""

from starlette.types import Scope


def unquoted(scope: Scope) -> Scope:
    """The same request or handshake, without a Cookie header that has a quote in it."""
    headers = [
        (name, value)
        for name, value in scope["headers"]
        if name.lower() != b"cookie" or not (b'"' in value or b"\\" in value)
    ]
    return scope if len(headers) == len(scope["headers"]) else {**scope, "headers": headers}
