"""Cells of CSV files that people open in a spreadsheet."""

_FORMULA_SIGNS = ("=", "+", "-", "@", "|", "%")


def safe_cell(words: str) -> str:
    """Words that a spreadsheet shows as they are: what would begin a formula is led by an apostrophe."""
    plain = " ".join(words.replace("\0", "").split())
    return f"'{plain}" if plain.startswith(_FORMULA_SIGNS) else plain
