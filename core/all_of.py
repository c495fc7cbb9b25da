"""Several deeds of which none may keep another from being done."""

from collections.abc import Callable, Iterable


def all_of(deeds: Iterable[Callable[[], object]]) -> None:
    """Do all of them, in order. What failed is raised after the last: as it is, or as a group."""
    failed: list[Exception] = []
    for deed in deeds:
        try:
            deed()
        except Exception as problem:  # noqa: BLE001  # raised below
            failed.append(problem)
    if len(failed) == 1:
        raise failed[0]
    if failed:
        raise ExceptionGroup("several of them failed", failed)
