"""Files that a page hands out."""

from collections.abc import Iterator

from django.core.files.storage import Storage
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse


def pdf_response(content: bytes, name: str) -> HttpResponse:
    """A PDF that the browser shows and saves under this name; never kept by a cache, since papers name people."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{_plain(name)}.pdf"'
    return response


def csv_response(content: str, name: str) -> HttpResponse:
    """A CSV that the browser saves under this name."""
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_plain(name)}.csv"'
    return response


def csv_stream(lines: Iterator[str], name: str) -> StreamingHttpResponse:
    """A CSV that is sent while it is written; never kept by a cache."""
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_plain(name)}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def csv_file(storage: Storage, stored: str, *, name: str) -> FileResponse:
    """A CSV from a storage that no address leads to, saved by the browser under this name; kept by no cache.

    Raises Http404 where the file is gone.
    """
    return _private_file(storage, stored, content_type="text/csv; charset=utf-8", name=f"{_plain(name)}.csv")


def zip_file(storage: Storage, stored: str, *, name: str) -> FileResponse:
    """A zip likewise. Raises Http404 where the file is gone."""
    return _private_file(storage, stored, content_type="application/zip", name=f"{_plain(name)}.zip")


def _private_file(storage: Storage, stored: str, *, content_type: str, name: str) -> FileResponse:
    try:
        file = storage.open(stored)
    except FileNotFoundError as gone:
        raise Http404 from gone
    response = FileResponse(file, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def private_picture(storage: Storage, name: str) -> HttpResponse:
    """A WebP from a storage that no address leads to, for this person only; kept by no cache.

    Raises Http404 where the file is gone.
    """
    try:
        with storage.open(name) as file:
            response = HttpResponse(file.read(), content_type="image/webp")
    except FileNotFoundError as gone:
        raise Http404 from gone
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = "inline"
    return response


def _plain(name: str) -> str:
    """A name of letters, digits and hyphens, as every system takes it."""
    return "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in name).strip("-")
