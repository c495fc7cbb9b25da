"""Streamlit or uvicorn is no longer as we need it: raised at start, never later."""


class UpstreamChanged(RuntimeError):
    """A name inside a library, or what it does, has moved."""


def refuse_missing(library: str, needed: dict[str, bool]) -> None:
    """Raises, if not all of these names are still there."""
    missing = [name for name, there in needed.items() if not there]
    if missing:
        raise UpstreamChanged(f"{library} has changed: {', '.join(missing)}")
