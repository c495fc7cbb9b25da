"""
A press is done to its end: nothing newer interrupts the callbacks of what was pressed before.

Streamlit looks for a newer request before it calls them, and again whenever one of them looks
into st.session_state. It then leaves them at once and forgets the press, or the message that
was written. While a call is built up there is something newer several times a second. Here it
looks after the last callback, which it does anyway. What waits for its turn stays as long as
`runner.fastReruns` is off. The only module that knows this inside.
"""

from typing import Any

from streamlit import config
from streamlit.runtime.scriptrunner_utils.exceptions import StopException
from streamlit.runtime.state import SafeSessionState, SessionState

_LOOK = "_yield_callback"
_interruptible = SafeSessionState.on_script_will_rerun


class PressesChanged(RuntimeError):
    """Streamlit no longer calls callbacks the way this module needs it."""


def prepare() -> None:
    """Once at start: make it so, and refuse when it does not become so."""
    if config.get_option("runner.fastReruns"):
        raise PressesChanged("runner.fastReruns is on, see .streamlit/config.toml")
    SafeSessionState.on_script_will_rerun = _to_the_end
    state = SafeSessionState(SessionState(), _interrupt)
    try:
        state.on_script_will_rerun(None)
    except StopException:
        raise PressesChanged("Streamlit looks for newer requests in another way") from None


def _to_the_end(state: SafeSessionState, *states: Any, **more: Any) -> None:
    """Streamlit's own, which notes what the browser sent and calls the callbacks."""
    look = getattr(state, _LOOK)
    object.__setattr__(state, _LOOK, lambda: None)
    try:
        _interruptible(state, *states, **more)
    finally:
        object.__setattr__(state, _LOOK, look)


def _interrupt() -> None:
    raise StopException
