"""Changes of places as staff enter them."""

from datetime import date

from regions.models import EnteredChange

DAY = date(2026, 3, 2)


def an_entry(kind, place=None, other=None, *, on=DAY, **values):
    """An unsaved change. pieces: codes, or (code, name) of new places."""
    pieces = [
        {"code": piece, "name": "", "local_name": ""}
        if isinstance(piece, str)
        else {"code": piece[0], "name": piece[1], "local_name": ""}
        for piece in values.pop("pieces", ())
    ]
    country = (place or other).country_code
    values = {"source": "notification 7", **values}
    return EnteredChange(kind=kind, place=place, other=other, on=on, country=country, pieces=pieces, **values)
