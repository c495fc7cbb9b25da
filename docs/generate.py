"""
Writes what can be read from the code: docs/states.md, docs/architecture.svg,
docs/datenschutz/loeschfristen.md, docs/einfache-sprache.md and locales/beratungsraum.pot.

`python docs/generate.py` writes them; with --check it writes nothing and says in one
sentence, with exit code 1, which of them no longer fits the code.
"""

import argparse
import sys
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core.appointment import GuestRole, GuestStatus, Status  # noqa: E402  (after the path is set)
from core.hours import LINK_CLOSES_AFTER, LINK_OPENS_BEFORE  # noqa: E402
from core.office.kept import KEPT, Kept  # noqa: E402
from core.office.periods import until, way  # noqa: E402
from core.rules import GUEST_RULES, RULES, Rule  # noqa: E402
from core.settings import MOST_DAYS, Settings  # noqa: E402
from core.words import translation  # noqa: E402
from docs import house, plain_words  # noqa: E402

Rules = tuple[Rule[Any, Any], ...]
FOLDERS = ("core", "pages")
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
# A date or a version of Babel would make the file differ without a changed sentence.
CHANGING = ("POT-Creation-Date", "PO-Revision-Date", "Generated-By")
HEADER = """\
# Sentences of Beratungsraum for people, extracted from the code. German is the source.
# Written by docs/generate.py; do not edit."""
STATES = """\
<!-- Written by docs/generate.py from core/rules.py; do not edit. -->

# States

What an appointment and an invited person can be, and who may change it. Every other
step is refused: with `not_allowed` if this kind of actor may never take it, with
`changed_meanwhile` if they may, but not from here (any more).

The actors are the guest (an invited person), the advisor whose appointment it is, and
the clock. Time only closes unused links; that somebody was absent is recorded by a person,
and never of anybody who has waited or whose technique failed. The operator at the server
moves no appointment. Who may do which deed: [rights.md](rights.md).

## Appointment

{appointment}

## Guest

One row per invited person, in one of these roles: {roles}.
Who leaves, leaves alone, and may come back to the Warteraum until the advisor ends the talk.
The Warteraum opens {opens} minutes before the start; an unused link closes {closes} minutes
after the end.

{guest}
"""

PERIODS = """\
<!-- Written by docs/generate.py from core/office/kept.py; do not edit. -->

# Löschfristen

Was gespeichert wird, wozu, wie lange und wie es gelöscht wird. Das Programm löscht nach
derselben Tabelle (`core/office/kept.py`), jede Minute oder mit `python -m core.forget`. Die
Fristen sind die voreingestellten; ein Jobcenter kann sie in den
[Einstellungen](../settings.md) ändern: was von Personen handelt, höchstens auf {most} Tage.
Die Seite `/datenschutz` zeigt sie so, wie sie eingestellt sind.

Eine Frist beginnt mit dem geplanten Ende des Termins. Solange ein Beratungsraum offen ist,
wird nichts gelöscht; ein vergessener wird nach zwölf Stunden geschlossen. Einer Uhr, die
gesprungen ist, glaubt das Programm nicht: Es löscht dann später, nie früher
([Entscheidung 24](../decisions/0024-time-takes-away-by-a-count-not-by-the-clock.md)).

| Was | Wo | Wozu | Wie lange | Danach |
|---|---|---|---|---|
{rows}

Mit SQLite werden gelöschte Daten in der Datenbankdatei überschrieben. Was darunter liegt
(Datenträger, Schnappschüsse), gehört verschlüsselt. PostgreSQL gibt gelöschte Zeilen erst bei
seinem eigenen Aufräumen frei (autovacuum, nicht abschalten); Archive und Sicherungskopien
enthalten sie, bis sie selbst gelöscht werden. Empfohlen: Sicherungskopien höchstens 30 Tage.
"""


def periods() -> str:
    """docs/datenschutz/loeschfristen.md, from the data map, with the periods as they come."""
    given = {name: field.default for name, field in Settings.model_fields.items()}
    kept = Settings.model_construct(**given)
    return PERIODS.format(most=MOST_DAYS, rows="\n".join(_period(row, kept) for row in KEPT))


def _period(row: Kept, kept: Settings) -> str:
    where = f"`{row.place}`: " + ", ".join(f"`{name}`" for name in row.columns)
    cells = (
        row.what,
        where if row.columns else row.place,
        row.why,
        until(row.period, kept, translation()),
        way(row.goes, translation()),
    )
    return f"| {' | '.join(cells)} |"


def states() -> str:
    """docs/states.md, from the two tables of rules."""
    return STATES.format(
        appointment=_rules(RULES, Status.PLANNED),
        guest=_rules(GUEST_RULES, GuestStatus.INVITED),
        roles=", ".join(role.value for role in GuestRole),
        opens=int(LINK_OPENS_BEFORE.total_seconds() // 60),
        closes=int(LINK_CLOSES_AFTER.total_seconds() // 60),
    )


def _rules(rules: Rules, first: str) -> str:
    return "\n".join([*_table(rules), "", *_picture(rules, first)])


def _table(rules: Rules) -> Iterable[str]:
    yield "| Event | By | From | To |"
    yield "|---|---|---|---|"
    for rule in rules:
        yield f"| {rule.event} | {_actors(rule)} | {rule.before} | {rule.after} |"


def _picture(rules: Rules, first: str) -> Iterable[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {first}"
    for rule in rules:
        yield f"    {rule.before} --> {rule.after}: {rule.event} ({_actors(rule)})"
    for last in sorted({rule.after for rule in rules} - {rule.before for rule in rules}):
        yield f"    {last} --> [*]"
    yield "```"


def _actors(rule: Rule[Any, Any]) -> str:
    return ", ".join(sorted(rule.by))


def catalogue() -> str:
    """locales/beratungsraum.pot, from every sentence in `_(…)`."""
    catalog = Catalog(project="Beratungsraum", header_comment=HEADER, charset="utf-8")
    for folder in FOLDERS:
        found = extract_from_dir(ROOT / folder, METHODS, keywords={"_": None, "plural": (1, 2)})
        for name, line, sentence, comments, context in found:
            catalog.add(
                sentence,
                None,
                [(f"{folder}/{name}", line)],
                auto_comments=comments,
                context=context,
            )
    written = BytesIO()
    write_po(written, catalog, sort_by_file=True, include_lineno=False)
    lines = written.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(tuple(f'"{c}' for c in CHANGING)))


def main() -> int:
    """Write, or check; 0 when everything is as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    check = parser.parse_args().check
    sentences = catalogue()
    files = {
        "docs/states.md": states(),
        "docs/architecture.svg": house.picture(),
        "docs/datenschutz/loeschfristen.md": periods(),
        "docs/einfache-sprache.md": plain_words.table(sentences),
        "locales/beratungsraum.pot": sentences,
    }
    stale = [name for name, text in files.items() if _read(ROOT / name) != text]
    if check and stale:
        sys.stderr.write(f"Run `make docs`: the code has moved on from {' and '.join(stale)}.\n")
        return 1
    for name in stale:
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(files[name], encoding="utf-8")
    return 0


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main())
