"""The file that a person is handed: the same data for machines and for reading, and the pictures."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string

from privacy.selectors.holdings import Section


def archive(
    sections: Sequence[Section], *, made_at: datetime, language: str, pictures: Mapping[str, bytes]
) -> bytes:
    """A zip of data.json, data.html and pictures. pictures: by name in the zip; language: the active one."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("data.json", _json(sections, made_at))
        values = {
            "sections": sections,
            "made_at": made_at,
            "language": language,
            "site_name": settings.SITE_NAME,
            "pictures": list(pictures),
        }
        file.writestr("data.html", render_to_string("account/export.html", values))
        for name, content in pictures.items():
            file.writestr(name, content)
    return packed.getvalue()


def _json(sections: Sequence[Section], made_at: datetime) -> str:
    told = {section.label: list(section.rows) for section in sections}
    whole = {"made_at": made_at.isoformat(), "site": settings.SITE_NAME, "data": told}
    return json.dumps(whole, ensure_ascii=False, indent=2)
