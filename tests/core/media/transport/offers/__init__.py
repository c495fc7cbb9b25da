"""Offers of real browsers, as our page makes them: for one other person, and for three."""

from pathlib import Path

HERE = Path(__file__).parent
OFFERS = {path.stem: path.read_bytes().decode() for path in sorted(HERE.glob("*.sdp"))}
