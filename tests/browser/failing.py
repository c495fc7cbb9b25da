"""
`streamlit run`, with an app in which much goes wrong that speaks of a person.

`python -m tests.browser.failing run app.py …`: the identity check raises what it knows of
the guest, in every way an exception gets into a log, and a library names the session.
"""

import logging
import threading
from datetime import datetime

from core.appointment import Actor, IdentityProof
from core.office import hosting
from core.office.ledger import reading
from core.office.own_rows import own_guest


def fail(words: str) -> None:
    raise ValueError(f"cannot check {words}")


def check_identity(actor: Actor, now: datetime, guest_id: int, how: IdentityProof) -> None:
    """In the place of the deed of this name."""
    from streamlit.runtime.scriptrunner import get_script_run_ctx  # noqa: PLC0415

    with reading() as session:
        guest, _ = own_guest(session, actor, guest_id)
    words = f"{guest.name} {guest.email} {guest.secret_hash} {now} {how}"
    script = get_script_run_ctx()
    assert script is not None
    logging.getLogger("aiortc").error("%s no candidate for %s", guest.email, script.session_id)
    thread = threading.Thread(target=fail, args=[words])
    thread.start()
    thread.join()
    try:
        fail(words)
    except ValueError:
        logging.getLogger("streamlit").exception("not checked: %s", words)
    fail(words)


def main() -> None:
    hosting.check_identity = check_identity
    from streamlit.web.cli import main as streamlit  # noqa: PLC0415  (the app comes after)

    streamlit(prog_name="streamlit")


if __name__ == "__main__":
    main()
