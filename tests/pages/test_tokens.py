"""The look: one table of colours, in light and dark, each pair of them easy to tell apart."""

import re
import tomllib
from pathlib import Path

import pytest

from pages.ui.modules import HERE, TOKENS

ROOT = HERE.parent.parent
SHEETS = sorted(
    each
    for kind in ("*.css", "*.html", "*.js", "*.py")
    for each in HERE.parent.rglob(kind)
    if each.name != "tokens.css"
)
COLOUR = re.compile(
    r"#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?|hwb|oklch|oklab|lab|lch|color|color-mix)\("
    r"|(?:color|background|border[\w-]*|outline|fill|stroke): "
    r"[^;{}]*\b(?:white|black|red|gr[ae]y|blue)\b"
)
PICTURE = re.compile(r"url\('data:[^']*'\)")
LIGHT, DARK = "light", "dark"
READ, SEEN = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11
PAIRS = [
    *((ink, ground, READ) for ink in ("ink", "muted", "link") for ground in ("ground", "hued")),
    *((ink, "ground", READ) for ink in ("good", "bad")),
    ("bad", "bad-ground", READ),
    ("ink", "warn-ground", READ),
    ("ink", "mine", READ),
    ("muted", "mine", READ),
    ("link", "mine", READ),
    ("on-action", "action", READ),
    ("on-danger", "danger", READ),
    ("stage-ink", "stage", READ),
    ("stage-ink", "stage-bar", READ),
    ("stage-ink", "stage-hover", READ),
    ("on-speaks", "speaks", READ),
    ("edge", "ground", SEEN),
    ("action", "ground", SEEN),
    ("danger", "ground", SEEN),
    ("focus", "ground", SEEN),
    ("focus", "hued", SEEN),
    ("speaks", "stage", SEEN),
    ("stage-edge", "stage-bar", SEEN),
]


def tokens(scheme: str) -> dict[str, str]:
    light, dark = re.findall(r":root \{(.*?)\}", TOKENS, re.DOTALL)[:2]
    named = re.compile(r"--([\w-]+): ([^;]+);")
    return dict(named.findall(light) + (named.findall(dark) if scheme == DARK else []))


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda each: str(each.relative_to(ROOT)))
def test_no_colour_stands_beside_the_table(sheet: Path) -> None:
    assert COLOUR.findall(PICTURE.sub("", sheet.read_text(encoding="utf-8"))) == []


def test_every_colour_that_is_used_is_in_the_table_and_the_other_way_round() -> None:
    used = {
        name
        for sheet in [*SHEETS, HERE / "tokens.css"]
        for name in re.findall(r"var\(--([\w-]+)", sheet.read_text(encoding="utf-8"))
    }
    measured = {"room", "panel", "icon", "banner"}  # of a window, by scripts, and our pictures
    assert used - measured == set(tokens(DARK))


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
@pytest.mark.parametrize(("one", "other", "least"), PAIRS)
def test_what_stands_on_it_can_be_told_from_it(
    scheme: str, one: str, other: str, least: float
) -> None:
    found = tokens(scheme)
    assert contrast(found[one], found[other]) >= least


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_streamlit_has_the_same_colours_and_font(scheme: str) -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    found = tokens(scheme)
    assert config["theme"][scheme] == {
        "primaryColor": found["action"],
        "backgroundColor": found["ground"],
        "secondaryBackgroundColor": found["hued"],
        "textColor": found["ink"],
        "linkColor": found["link"],
        "borderColor": found["edge"],
        "showWidgetBorder": True,
    }
    assert config["theme"]["font"] == found["font"]
    assert config["theme"]["baseRadius"] == f"0{found['radius']}"
