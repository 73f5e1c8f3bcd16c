"""What somebody reads before a group is approved, as one word that is another when any of it is."""

import hashlib
import json

from vendors.models import Partner

_FACTS = (
    "name",
    "kind",
    "home_region_id",
    "registration_number",
    "member_count",
    "household_count",
    "summary",
    "story",
    "address",
    "food_licence",
    "submitted_at",
)


def version_of(vendor: Partner) -> str:
    """Fingerprint of facts, words, photos, people and papers of a group; three queries."""
    read = [
        [str(getattr(vendor, name)) for name in _FACTS],
        list(vendor.photos.order_by("pk").values_list("pk", "alt_text")),
        list(vendor.people.order_by("pk").values_list("pk", "name", "work", "portrait")),
        list(vendor.documents.order_by("pk").values_list("pk", flat=True)),
    ]
    return hashlib.sha256(json.dumps(read).encode()).hexdigest()
