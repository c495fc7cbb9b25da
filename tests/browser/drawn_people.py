"""
People for the README's pictures: drawn by us, in front of a camera of Chromium's.

Knows no page and no browser.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

WIDTH, HEIGHT, RATE, SECONDS = 640, 480, 20, 2
SCALE = 2  # drawn so much larger, for smooth edges


@dataclass(frozen=True)
class Person:
    """Colours, as Pillow names them."""

    wall: str
    skin: str
    shade: str  # of the skin
    hair: str
    shirt: str
    long_hair: bool = False
    beard: bool = False
    glasses: bool = False
    plant: bool = False


CLIENT = Person("#f2b48c", "#c98e62", "#b57a50", "#2d1f1a", "#7a3b2e", beard=True)
ADVISOR = Person(
    "#5f97ea", "#f0c8a8", "#dfae8a", "#7b4a21", "#23406e", long_hair=True, glasses=True, plant=True
)
INTERPRETER = Person("#8fce68", "#8d5a3c", "#7a4a30", "#17120f", "#d9a520", long_hair=True)


def write_person(path: Path, person: Person) -> Path:
    """A YUV4MPEG2 file of somebody who sits there and talks."""
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{RATE}:1 Ip A1:1 C420jpeg\n".encode())
        for number in range(RATE * SECONDS):
            turn = 2 * math.pi * number / (RATE * SECONDS)
            shown = picture(person, sway=4 * math.sin(turn), mouth=abs(math.sin(3 * turn)))
            luma, *chroma = (np.asarray(each) for each in shown.convert("YCbCr").split())
            file.write(b"FRAME\n" + luma.tobytes())
            for each in chroma:
                file.write(np.ascontiguousarray(each[::2, ::2]).tobytes())
    return path


def picture(person: Person, sway: float = 0, mouth: float = 0) -> Image.Image:
    """One picture, `sway` pixels to the side, the `mouth` open from 0 to 1."""
    large = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), person.wall)
    pen = ImageDraw.Draw(large)
    _room(pen, person)
    _body(pen, person, 640 + SCALE * sway / 2)
    _head(pen, person, 640 + SCALE * sway, mouth)
    return large.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _room(pen: ImageDraw.ImageDraw, person: Person) -> None:
    if person.plant:
        pen.polygon([(1030, 960), (1200, 960), (1180, 760), (1050, 760)], "#8a5a3a")
        for left, top in ((960, 560), (1070, 440), (1180, 540)):
            pen.ellipse((left, top, left + 110, 790), "#3f7d45")
    else:
        pen.rectangle((60, 90, 330, 430), "#fbf3e4")
        pen.rectangle((85, 115, 305, 405), "#bfe0f2")
        pen.line((195, 115, 195, 405), "#fbf3e4", 14)


def _body(pen: ImageDraw.ImageDraw, person: Person, x: float) -> None:
    if person.long_hair:
        pen.rounded_rectangle((x - 215, 300, x + 215, 860), 190, person.hair)
    pen.rounded_rectangle((x - 370, 730, x + 370, 1300), 210, person.shirt)
    pen.rounded_rectangle((x - 75, 600, x + 75, 810), 70, person.shade)
    pen.polygon([(x - 75, 735), (x + 75, 735), (x, 860)], person.shade)


def _head(pen: ImageDraw.ImageDraw, person: Person, x: float, mouth: float) -> None:
    top = 205
    pen.ellipse((x - 190, top - 45, x + 190, top + 350), person.hair)
    for side in (-1, 1):
        pen.ellipse((x + side * 165 - 30, 400, x + side * 165 + 30, 500), person.shade)
    pen.ellipse((x - 165, top + 15, x + 165, 690), person.skin)
    if person.beard:
        pen.chord((x - 165, 300, x + 165, 695), 12, 168, person.hair)
    pen.chord((x - 172, top - 20, x + 172, top + 300), 188, 352, person.hair)
    for side in (-1, 1):
        pen.ellipse((x + side * 68 - 26, 408, x + side * 68 + 26, 446), "white")
        pen.ellipse((x + side * 68 - 15, 411, x + side * 68 + 15, 443), "#2a2320")
        pen.arc((x + side * 68 - 42, 362, x + side * 68 + 42, 420), 205, 335, person.hair, 10)
        if person.glasses:
            pen.rounded_rectangle(
                (x + side * 72 - 58, 388, x + side * 72 + 58, 468), 30, None, "#333333", 8
            )
    if person.glasses:
        pen.line((x - 14, 420, x + 14, 420), "#333333", 8)
    pen.arc((x - 28, 440, x + 28, 520), 20, 160, person.shade, 9)
    half, opened = 55, 8 + 26 * mouth
    pen.chord((x - half, 560 - opened, x + half, 560 + opened + 18), 0, 180, "#7d2f33")
