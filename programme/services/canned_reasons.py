"""The ready reasons that a programme begins with; staff change them in the admin."""

import csv
from itertools import count

from django.conf import settings
from django.db import transaction

from programme.models import CannedReason

FILE = settings.BASE_DIR / "data" / "canned_reasons.csv"


@transaction.atomic
def create_canned_reasons() -> int:
    """Write the reasons of data/canned_reasons.csv about kinds that have none yet; returns how many."""
    known = set(CannedReason.objects.values_list("kind", flat=True))
    place = count(10, 10)
    positions: dict[tuple[str, str, str], int] = {}
    rows = []
    with FILE.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            if line["kind"] in known:
                continue
            key = (line["kind"], line["decision"], line["code"])
            if key not in positions:
                positions[key] = next(place)
            rows.append(CannedReason(**line, position=positions[key]))
    return len(CannedReason.objects.bulk_create(rows))
