"""How every benchmark ends: figures and bars as JSON and as a table."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


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


def report(name: str, figures: dict[str, float], bars: list[Bar]) -> bool:
    """Write bench/results/<name>.json, print the same; True if every bar holds."""
    rows = [{**asdict(bar), "holds": bar.holds} for bar in bars]
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps({"figures": figures, "bars": rows}, indent=2, ensure_ascii=False)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    for figure, value in figures.items():
        print(f"{figure:<52}{value:>10.3f}")
    print()
    for bar in bars:
        sign = ">=" if bar.at_least else "<="
        print(
            f"{bar.name:<40}{bar.value:>10.3f} {sign} {bar.limit:g} {bar.unit}"
            f"  {'holds' if bar.holds else 'DOES NOT HOLD'}"
        )
    return all(bar.holds for bar in bars)
