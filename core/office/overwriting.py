"""
To the last byte: which tables' files may still have what was forgotten, and laying them anew.

Knows neither when something goes nor how (`core.office.kept`).
"""

from core.engine import engine
from core.office.kept import KEPT
from core.office.periods import Goes, Period
from core.sqlite_remains import overwrite_freed

# Tables whose file may still have bytes of what is forgotten. When a process begins, all: the
# last one may have ended before this.
_unclean = {row.place for row in KEPT if row.columns and row.goes != Goes.STAYS}


def emptied(count: int, period: Period) -> int:
    """The files of these tables may still have bytes of that."""
    if count:
        _unclean.update(row.place for row in KEPT if row.columns and row.period == period)
    return count


def overwrite() -> None:
    """Lay the files of these tables anew; if that fails, the next round tries again."""
    if _unclean:
        overwrite_freed(engine(), sorted(_unclean))
        _unclean.clear()
