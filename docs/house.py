"""
The rooms of the house and which of them imports which, read from the code; and their picture.

A room is a folder in which code of one kind runs. Imports go down the rows, never up: so there is
no circle. Knows the code as text only, and starts nothing of it.
"""

import ast
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROUTER = "pages/index"
# What somebody starts, and what runs beside: the rest of core's own files is what everybody uses.
STARTED = ("database", "demo", "demo_day", "forget", "hold", "manage", "watch")
# From top to bottom, each with the one question it answers.
ROWS: tuple[dict[str, str], ...] = (
    {"app": "the door"},
    {"pages/index": "which page is it?", "pages/gate": "may this be asked at all?"},
    {
        "pages/visitor": "what does a client do?",
        "pages/staff": "what does an advisor do?",
        "pages/doors": "what needs no script run?",
    },
    {"pages/call": "how is a talk shown?"},
    {"pages/parts": "what do pages share?"},
    {"pages/tabs": "who has which tab open?", "pages/upstream": "what do we work around?"},
    {"pages/ui": "what runs in the browser?", "pages/words": "how is it said?"},
    {"core: started": "what is started by hand, and beside"},
    {"core/office": "may they, and what then?", "core/media/transport": "how do packets get in?"},
    {"core/media/rooms": "who sees and hears whom?"},
    {"core/media/packets": "what is in a packet?"},
    {"core": "states, tables, settings, text"},
)
ROW_OF = {room: number for number, row in enumerate(ROWS) for room in row}
LONGEST = 250  # lines of a file in core and pages
WIDTH, BOX, HEIGHT, APART, GAP = 760, 216, 46, 30, 22
COLOURS = {"pages": "#e8f0fb", "core": "#eaf5ea", "app": "#fdf3d8"}


def modules(*places: str, root: Path = ROOT) -> dict[str, Path]:
    """Every module in these files and folders, by its name; without any, the app's own."""
    files: list[Path] = []
    for place in places or ("app.py", "core", "pages"):
        path = root / place
        files += [path] if path.is_file() else path.rglob("*.py")
    return {_name(each.relative_to(root)): each for each in files}


def _name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(module: str) -> str:
    """In which room a module lies."""
    parts = module.split(".")
    if parts[0] == "app":
        return "app"
    if parts[0] == "pages":
        return (
            f"pages/{parts[1]}" if len(parts) > 1 and parts[1] not in ("home", "index") else ROUTER
        )
    if parts[:2] == ["core", "media"]:
        return f"core/media/{parts[2]}" if len(parts) > 3 else "core/media/transport"
    if len(parts) > 1 and parts[1] == "office":
        return "core/office"
    return "core: started" if len(parts) > 1 and parts[1] in STARTED else "core"


def imports_of(module: str, source: str, is_package: bool = False) -> set[str]:
    """
    Every name a module imports, anywhere in it.

    `from a import b` counts as both a and a.b: b may be a module.
    """
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            origin = _origin(node, module, is_package)
            names |= {origin, *(f"{origin}.{alias.name}" for alias in node.names)}
    return names


def _origin(node: ast.ImportFrom, module: str, is_package: bool) -> str:
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    base = parts[: len(parts) - node.level + is_package]
    return ".".join([*base, *([node.module] if node.module else [])])


def imports_from(module: str, path: Path) -> set[str]:
    source = path.read_text(encoding="utf-8")
    return imports_of(module, source, path.name == "__init__.py")


def arrows(root: Path = ROOT) -> dict[tuple[str, str], list[str]]:
    """From room to room, by which imports."""
    known = modules(root=root)
    found: dict[tuple[str, str], list[str]] = {}
    for module, path in sorted(known.items()):
        named = imports_from(module, path) & known.keys()
        # `from a import b` is an import of b, if that is a module.
        for other in sorted(each for each in named if not _holds_another(each, named)):
            if room(other) != room(module):
                found.setdefault((room(module), room(other)), []).append(
                    f"{module} imports {other}"
                )
    return found


def _holds_another(package: str, named: set[str]) -> bool:
    return any(each.startswith(f"{package}.") for each in named)


def upward(found: dict[tuple[str, str], list[str]]) -> list[str]:
    """Imports that do not go down the rows."""
    return [each for (a, b), imports in found.items() if ROW_OF[a] >= ROW_OF[b] for each in imports]


def plain(pairs: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Without the arrows that follow from others: who imports a room may import what is below."""
    below: dict[str, set[str]] = {}
    for room_ in sorted(ROW_OF, key=ROW_OF.__getitem__, reverse=True):
        direct = {b for a, b in pairs if a == room_}
        below[room_] = direct.union(*(below[each] for each in direct))
    return sorted(
        (a, b)
        for a, b in pairs
        if not any(b in below[c] for one, c in pairs if one == a and c != b)
    )


def picture(root: Path = ROOT) -> str:
    """docs/architecture.svg."""
    places = dict(_places())
    height = max(y for _x, y in places.values()) + HEIGHT + GAP
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="sans-serif" role="img" aria-label="The rooms, and which imports which">',
        '<defs><marker id="tip" markerWidth="7" markerHeight="7" refX="6" refY="3" orient="auto">'
        '<path d="M0 0 6 3 0 6z" fill="#777"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
    ]
    for a, b in plain(set(arrows(root))):
        (x1, y1), (x2, y2) = places[a], places[b]
        start, end = (x1 + BOX / 2, y1 + HEIGHT), (x2 + BOX / 2, y2)
        bend = min(60, (end[1] - start[1]) / 2)
        lines.append(
            f'<path d="M{start[0]:g} {start[1]:g} C{start[0]:g} {start[1] + bend:g} '
            f'{end[0]:g} {end[1] - bend:g} {end[0]:g} {end[1] - 1:g}" fill="none" stroke="#777" '
            'marker-end="url(#tip)"/>'
        )
    for room_, (x, y) in places.items():
        colour = COLOURS[room_.partition("/")[0].partition(":")[0]]
        lines += [
            f'<rect x="{x:g}" y="{y}" width="{BOX}" height="{HEIGHT}" rx="6" fill="{colour}" '
            'stroke="#999"/>',
            f'<text x="{x + BOX / 2:g}" y="{y + 19}" text-anchor="middle" font-size="14" '
            f'font-weight="600">{escape(room_)}</text>',
            f'<text x="{x + BOX / 2:g}" y="{y + 36}" text-anchor="middle" font-size="11.5" '
            f'fill="#444">{escape(ROWS[ROW_OF[room_]][room_])}</text>',
        ]
    return "\n".join([*lines, "</svg>"]) + "\n"


def _places() -> Iterator[tuple[str, tuple[float, int]]]:
    """Where the upper left corner of each room's box is."""
    for number, row in enumerate(ROWS):
        left = (WIDTH - len(row) * BOX - (len(row) - 1) * APART) / 2
        for turn, room_ in enumerate(row):
            yield room_, (left + turn * (BOX + APART), GAP + number * (HEIGHT + GAP + 14))


def sizes() -> dict[str, int]:
    """Lines of every file of core and pages that somebody wrote."""
    kinds = {".py", ".js", ".css", ".html"}
    found = [path for top in ("core", "pages") for path in (ROOT / top).rglob("*.*")]
    return {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in sorted(found)
        if path.suffix in kinds
    }


def figures(lines: dict[str, int]) -> dict[str, int]:
    """How long they are."""
    ordered = sorted(lines.values())
    return {
        "files": len(ordered),
        "half of them": ordered[len(ordered) // 2],
        "90 in a hundred": ordered[len(ordered) * 9 // 10],
        "the longest": ordered[-1],
    }


if __name__ == "__main__":
    measured = sizes()
    longest = sorted(measured.items(), key=lambda each: -each[1])[:20]
    rows = [*figures(measured).items(), *longest]
    sys.stdout.write("".join(f"{lines:6}  {what}\n" for what, lines in rows))
