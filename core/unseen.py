"""What cannot be seen in a text. Knows nothing of what the text is for."""

import unicodedata

# Letters and marks by their category, yet nothing to see; format characters (Cf: direction,
# zero width, tags) come on top. They make one text look like another, or a name like none.
BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def without_unseen(text: str) -> str:
    """NFC, one line, without joiners too: for what is looked up, mailed to or dialled."""
    seen = (char for char in text if unicodedata.category(char) != "Cf" and not _is_blank(char))
    return " ".join(unicodedata.normalize("NFC", "".join(seen)).split())


def _is_blank(char: str) -> bool:
    return char in BLANKS or "\ufe00" <= char <= "\ufe0f"  # these choose how a sign looks
