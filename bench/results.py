"""
How every benchmark ends: figures and bars as JSON and as a table, and what was measured by what.

A result names the commit and keeps a fingerprint of the bench that made it: once the bench has
changed, its figures are of another bench, and `outdated` says so. Knows no bench by its name.
"""

import ast
import hashlib
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "bench" / "results"


@dataclass(frozen=True)
class Bar:
    """A figure that must not be above (or, with `at_least`, below) its limit."""

    name: str
    value: float
    limit: float
    unit: str
    at_least: bool = False

    @property
    def holds(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def report(name: str, figures: dict[str, float], bars: list[Bar], folder: Path = RESULTS) -> bool:
    """Write <name>.json into the folder, print the same; True if every bar holds."""
    rows = [{**asdict(bar), "holds": bar.holds} for bar in bars]
    folder.mkdir(exist_ok=True)
    written = {"measured": measured(name), "figures": figures, "bars": rows}
    text = json.dumps(written, indent=2, ensure_ascii=False)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    for figure, value in figures.items():
        print(f"{figure:<64}{value:>10.3f}")
    print()
    for bar in bars:
        sign = ">=" if bar.at_least else "<="
        print(
            f"{bar.name:<56}{bar.value:>10.3f} {sign} {bar.limit:g} {bar.unit}"
            f"  {'holds' if bar.holds else 'DOES NOT HOLD'}"
        )
    return all(bar.holds for bar in bars)


# --- What was measured by what ---


def measured(name: str) -> dict[str, str]:
    """Which code, when, and by which bench: as it was when this process began."""
    commit, fingerprints = _BEGAN
    today = datetime.now(UTC).date().isoformat()
    return {"commit": commit, "date": today, "fingerprint": fingerprints[bench_of(name)]}


def outdated(result: Path, root: Path = ROOT) -> str | None:
    """A sentence, if the bench is no longer the one that has measured this."""
    bench = bench_of(result.stem)
    was = json.loads(result.read_text(encoding="utf-8"))["measured"]
    if was["fingerprint"] == fingerprint(bench, root):
        return None
    again = re.search(r"^Run: (.+)$", _main(bench, root).read_text(encoding="utf-8"), re.M)
    return (
        f"{result.name} was measured on {was['commit']}, and bench/{bench} has changed since. "
        f"Run again: {again[1] if again else f'python -m bench.{bench}'}"
    )


def bench_of(name: str) -> str:
    """Of a result: "relay" of "relay-steady"."""
    return name.partition("-")[0]


def benches(root: Path = ROOT) -> list[str]:
    """Whatever can be run in this folder."""
    packages = [each.parent.name for each in root.glob("bench/*/__main__.py")]
    modules = [
        each.stem
        for each in root.glob("bench/*.py")
        if "\nif __name__ ==" in each.read_text(encoding="utf-8")
    ]
    return sorted(packages + modules)


def fingerprint(bench: str, root: Path = ROOT) -> str:
    """Another one as soon as the bench measures with other code; not of what is measured."""
    digest = hashlib.sha256()
    for file in sources(bench, root):
        digest.update(f"{file.relative_to(root).as_posix()}\0".encode())
        digest.update(file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def sources(bench: str, root: Path = ROOT) -> list[Path]:
    """The bench's own files, and what it takes from other benches; not this one."""
    main = _main(bench, root)
    ahead = [main] if main.parent.name == "bench" else [*main.parent.rglob("*.py")]
    found: set[Path] = set()
    while ahead:
        file = ahead.pop()
        if file not in found and file != root / "bench" / "results.py":
            found.add(file)
            ahead += _taken_from_benches(file, root)
    return sorted(found)


def _main(bench: str, root: Path) -> Path:
    package = root / "bench" / bench / "__main__.py"
    return package if package.exists() else root / "bench" / f"{bench}.py"


def _taken_from_benches(file: Path, root: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(file.read_bytes())):
        if not isinstance(node, ast.ImportFrom) or not node.module:
            continue
        for name in (node.module, *(f"{node.module}.{each.name}" for each in node.names)):
            taken = root / f"{name.replace('.', '/')}.py"
            if name.startswith("bench.") and taken.exists():
                yield taken


def _commit() -> str:
    """The checkout's, with a + if its code has been changed since."""
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!bench/results")
    return (_git("rev-parse", "--short=7", "HEAD") or "unknown") + ("+" if changed else "")


def _git(*words: str) -> str:
    try:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)
    except FileNotFoundError:
        return ""
    return done.stdout.strip()


# The checkout may move on while somebody measures for half an hour.
_BEGAN = _commit(), {bench: fingerprint(bench) for bench in benches()}
