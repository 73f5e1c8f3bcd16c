"""Folders of what groups upload, and which files are theirs to delete."""

from django.core.files.storage import default_storage

PAPER_FOLDER = "papers"
PHOTO_FOLDER = "groups"
PORTRAIT_FOLDER = "portraits"


def delete_own(name: str) -> None:
    """Delete a picture and its renditions, if it is one that a group uploaded; others only share the name."""
    if name.startswith((f"{PHOTO_FOLDER}/", f"{PORTRAIT_FOLDER}/")):
        default_storage.delete(name)
