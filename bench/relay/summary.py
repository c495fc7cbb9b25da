"""What the rows of a run say: medians, bars, a table. Measures nothing itself."""

from collections.abc import Callable
from pathlib import Path
from statistics import median

from bench.relay.load import Row
from bench.results import Bar, measured

OURS, COMPILED, JANUS, DEFAULT = "ours", "ours, compiled", "Janus", "decode and encode"
# Our cost by that of Janus.
MOST = {COMPILED: 1.3, OURS: 1.5}
BUSY = (8, 16)  # calls from which on the bars hold
PAIRS = 5
RELAYS = (OURS, COMPILED, JANUS, DEFAULT)
Pick = Callable[[Row], float]
Rounds = list[dict[str, Row]]  # measured one straight after the other, by name of the relay
COLUMNS: list[tuple[str, str, Pick]] = [
    ("core per call", "{:.4f}", lambda row: row.core_per_call),
    ("us per packet", "{:.0f}", lambda row: row.micros_per_packet),
    ("added p50, ms", "{:.2f}", lambda row: row.p50),
    ("added p95, ms", "{:.2f}", lambda row: row.p95),
    ("added p99, ms", "{:.2f}", lambda row: row.p99),
    ("delivered", "{:.4f}", lambda row: row.delivered),
    ("memory, MB", "{:.0f}", lambda row: row.memory),
    ("generator, cores", "{:.2f}", lambda row: row.generator),
]


class Summary:
    """All rounds of a run, by number of calls."""

    def __init__(self, rounds: Rounds) -> None:
        self.rounds = rounds

    def rows(self, relay: str, calls: int) -> list[Row]:
        """The rows that count."""
        rows = (each[relay] for each in self.rounds if relay in each)
        return [row for row in rows if row.calls == calls and row.counts]

    def median(self, relay: str, calls: int, pick: Pick) -> float | None:
        values = [pick(row) for row in self.rows(relay, calls)]
        return median(values) if values else None

    def ratios(self, calls: int, relay: str = OURS) -> list[float]:
        """One of ours by Janus in the same round, where both count."""
        both = {relay, JANUS}
        pairs = ((each[relay], each[JANUS]) for each in self.rounds if both <= each.keys())
        return [
            ours.core_per_call / theirs.core_per_call
            for ours, theirs in pairs
            if ours.calls == calls and ours.counts and theirs.counts
        ]

    def memory_per_call(self, relay: str) -> float | None:
        """From one call to the most; the first one also loads what all of them share."""
        found = {calls: self.median(relay, calls, lambda row: row.memory) for calls in self.calls}
        sizes = [(calls, size) for calls, size in found.items() if size is not None]
        if len(sizes) < 2:
            return None
        (few, small), (many, large) = sizes[0], sizes[-1]
        return (large - small) / (many - few)

    @property
    def calls(self) -> list[int]:
        return sorted({row.calls for each in self.rounds for row in each.values()})

    def figures(self) -> dict[str, float]:
        found = {}
        for relay, calls, name, pick in self._cells():
            if (value := self.median(relay, calls, pick)) is not None:
                found[f"{relay}, {calls} calls, {name}"] = value
        for relay in (OURS, COMPILED, JANUS):
            if (size := self.memory_per_call(relay)) is not None:
                found[f"{relay}, memory per call, MB"] = size
        for calls in BUSY:
            for relay in MOST:
                if ratios := self.ratios(calls, relay):
                    found[f"{relay} by Janus, {calls} calls"] = median(ratios)
        return found

    def _cells(self) -> list[tuple[str, int, str, Pick]]:
        return [
            (relay, calls, name, pick)
            for relay in RELAYS
            for calls in self.calls
            for name, _form, pick in COLUMNS
        ]

    def bars(self) -> list[Bar]:
        """Those that can be told; that there is enough to tell them is a bar itself."""
        bars = [bar for calls in BUSY if calls in self.calls for bar in self._busy_bars(calls)]
        naive = self.median(DEFAULT, 1, lambda row: row.core_per_call)
        ours = self.median(OURS, BUSY[0], lambda row: row.core_per_call)
        if naive and ours:
            bars.append(Bar("cheaper than decode and encode", naive / ours, 20, "x", at_least=True))
        else:
            bars.append(Bar("rows of decode and encode that count", 0, 1, "", at_least=True))
        if (size := self.memory_per_call(OURS)) is not None:
            bars.append(Bar("memory per call", size, 3, "MB"))
        return bars

    def _busy_bars(self, calls: int) -> list[Bar]:
        ratios, rows = self.ratios(calls), self.rows(OURS, calls)
        bars = [Bar(f"pairs that count, {calls} calls", len(ratios), PAIRS, "", at_least=True)]
        for relay, most in MOST.items():
            if ratios := self.ratios(calls, relay):
                bars.append(Bar(f"{relay} by Janus, {calls} calls", median(ratios), most, "x"))
        if rows:
            bars += [
                Bar(f"CPU, {calls} calls", median(r.core_per_call for r in rows), 0.03, "core"),
                Bar(f"added p50, {calls} calls", median(r.p50 for r in rows), 2, "ms"),
                Bar(f"added p99, {calls} calls", median(r.p99 for r in rows), 20, "ms"),
            ]
        return bars

    def table(self) -> str:
        """Markdown: medians of the rows that count."""
        head = ["relay", "calls", "rows", *(name for name, _form, _pick in COLUMNS)]
        lines = [head, ["---"] * len(head)]
        for relay in RELAYS:
            for calls in self.calls:
                if rows := self.rows(relay, calls):
                    cells = [form.format(median(map(pick, rows))) for _name, form, pick in COLUMNS]
                    lines.append([relay, str(calls), str(len(rows)), *cells])
        return "".join(f"| {' | '.join(line)} |\n" for line in lines)

    def write_table(self, folder: Path) -> None:
        was = measured("relay")
        below = f"\nMeasured on commit {was['commit']}, {was['date']}.\n"
        (folder / "relay.md").write_text(self.table() + below, encoding="utf-8")
