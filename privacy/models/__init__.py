"""Models of the room."""

from privacy.models.exports import DataExport
from privacy.models.files import LeftFile

__all__ = ["DataExport", "LeftFile"]
