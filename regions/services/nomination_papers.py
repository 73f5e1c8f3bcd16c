"""Papers behind nominations: photos, written anew, in the storage to which no address leads."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from marketplace.lib.photos import store_picture
from marketplace.lib.uploads import clean_upload, digest_of, private_storage
from regions.errors import NominationError
from regions.models import Nomination, NominationFile

FOLDER = "nominations"
MOST_PAPERS = 20


@dataclass(frozen=True)
class Paper:
    """A paper that lies in the storage and has no row yet. digest: of the file that came in."""

    digest: str
    name: str
    width: int
    height: int


@contextmanager
def stored(uploads: "Sequence[UploadedFile[Any]]") -> Iterator[list[Paper]]:
    """Papers of uploads, the same file once; taken away again when the block raises.

    Around a transaction, never inside one: a file is not rolled back. Raises PictureRefused for what is no photo, and
    then none is stored; NominationError for too many.
    """
    if len(uploads) > MOST_PAPERS:
        raise _too_many()
    pictures = {digest_of(upload): clean_upload(upload) for upload in uploads}
    storage = private_storage()
    papers: list[Paper] = []
    try:
        for digest, picture in pictures.items():
            name = store_picture(picture, folder=FOLDER, storage=storage)
            papers.append(Paper(digest, name, picture.width, picture.height))
        yield papers
    except BaseException:
        drop(papers)
        raise


def keep(locked: Nomination, papers: Sequence[Paper], *, actor: Any) -> list[Paper]:
    """Give each paper its row; the caller holds the row of the nomination. Returns those that were there already.

    Their files are the caller's to drop, once the transaction is over. Raises NominationError for too many.
    """
    there = set(locked.files.values_list("digest", flat=True))
    new = [paper for paper in papers if paper.digest not in there]
    if len(there) + len(new) > MOST_PAPERS:
        raise _too_many()
    NominationFile.objects.bulk_create(
        NominationFile(
            nomination=locked,
            version=locked.version,
            name=paper.name,
            digest=paper.digest,
            width=paper.width,
            height=paper.height,
            uploaded_by=actor,
        )
        for paper in new
    )
    return [paper for paper in papers if paper.digest in there]


def drop(papers: Sequence[Paper]) -> None:
    """Take files without a row away."""
    storage = private_storage()
    for paper in papers:
        storage.delete(paper.name)


def _too_many() -> NominationError:
    words = _("At most %(count)d pages are kept with a nomination. Choose those that prove it.")
    return NominationError(words % {"count": MOST_PAPERS}, field="papers")
