"""The room as two people notice it: how soon, how surely, and what it leaves behind."""
