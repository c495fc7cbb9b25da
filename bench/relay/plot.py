"""A picture of the run for the docs: what a call costs with so many of them. Plain SVG."""

from math import log2, log10
from pathlib import Path

from bench.relay.summary import COMPILED, DEFAULT, JANUS, OURS, Summary

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 340, 60, 150, 40, 50
CALLS, COSTS, BAR = (1, 2, 4, 8, 16), (0.003, 0.01, 0.03, 0.1, 0.3, 1.0), 0.03
COLOURS = {OURS: "#1f5fa8", COMPILED: "#2e7d32", JANUS: "#b3541e", DEFAULT: "#555555"}
HEAD = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
    'font-family="sans-serif" font-size="13" role="img" aria-label="CPU cores per call">\n'
    f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>\n'
)


def write(summary: Summary, folder: Path) -> None:
    lines = "".join(_line(summary, relay) for relay in COLOURS)
    (folder / "relay.svg").write_text(f"{HEAD}{_axes()}{lines}</svg>\n", encoding="utf-8")


def _x(calls: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * log2(calls) / log2(CALLS[-1])


def _y(cost: float) -> float:
    """Logarithmic: from the dearest to the cheapest it is a factor of fifty."""
    low, high = log10(COSTS[0]), log10(COSTS[-1])
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (log10(cost) - low) / (high - low)


def _text(x: float, y: float, text: str, more: str = "") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" {more}>{text}</text>\n'


def _axes() -> str:
    end, drawn = WIDTH - RIGHT, [_text(LEFT, 22, "CPU cores per call (log scale)")]
    for cost in COSTS:
        style = 'stroke="#b00020" stroke-dasharray="5 4"' if cost == BAR else 'stroke="#dddddd"'
        y = _y(cost)
        drawn.append(f'<line x1="{LEFT}" x2="{end}" y1="{y:.1f}" y2="{y:.1f}" {style}/>\n')
        drawn.append(_text(LEFT - 8, y + 4, f"{cost:g}", 'text-anchor="end"'))
    for calls in CALLS:
        drawn.append(_text(_x(calls), HEIGHT - BOTTOM + 20, str(calls), 'text-anchor="middle"'))
    drawn.append(_text((LEFT + end) / 2, HEIGHT - 8, "calls at once", 'text-anchor="middle"'))
    return "".join(drawn)


def _line(summary: Summary, relay: str) -> str:
    costs = ((n, summary.median(relay, n, lambda row: row.core_per_call)) for n in CALLS)
    points = [(_x(calls), _y(cost)) for calls, cost in costs if cost]
    if not points:
        return ""
    colour, path = COLOURS[relay], " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    drawn = f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>\n'
    for x, y in points:
        drawn += f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>\n'
    # Beside the last point; Janus a little lower, the two lie close together.
    x, y = points[-1]
    return drawn + _text(x + 10, y + (14 if relay == JANUS else -2), relay, f'fill="{colour}"')
