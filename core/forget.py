"""
`python -m core.forget`: forget at once what the running app forgets within a minute.

For an installation whose app stands still, and for anyone who wants to see it done. Prints
how much, never whose, and of which database; and if the clock has jumped, that nothing was taken
for it.
"""

import argparse
import os
import sys
from dataclasses import asdict

from core import clock, database, logs
from core.appointment import CLOCK
from core.office import closing, forgetting, timekeeping


def main() -> int:
    """Close what is overdue, then forget until there is nothing left to forget."""
    argparse.ArgumentParser(prog="python -m core.forget", description=__doc__).parse_args()
    os.umask(0o077)
    logs.configure()
    try:
        database.open_existing()
    except database.NotThere as why:
        print(why, file=sys.stderr)
        return 1
    timekeeping.keep(CLOCK, clock.wall())
    now = clock.sure() or clock.now()
    closing.expire_due(CLOCK, now)
    rounds = list(iter(lambda: forgetting.forget(CLOCK, now), forgetting.NOTHING))
    for name in asdict(forgetting.NOTHING):
        print(f"{name}: {sum(getattr(done, name) for done in rounds)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
