"""Why an offer gets no answer. Each has a code for the browser's end (pages/ui/call/line.js)."""


class Refusal(Exception):
    code = "refused"
    status = 403  # of HTTP


class NotAllowed(Refusal):
    code = "not_allowed"


class Malformed(Refusal):
    code, status = "malformed", 400


class Superseded(Refusal):
    """The same tab has made another offer meanwhile."""

    code, status = "superseded", 409


class Busy(Refusal):
    code, status = "busy", 503


class Unknown(Refusal):
    """No such tab with a call, or not this browser's: the page is about to get another one."""

    code, status = "unknown_tab", 404


class TooLarge(Refusal):
    code, status = "too_large", 413


class TooMany(Refusal):
    code, status = "too_many", 429
