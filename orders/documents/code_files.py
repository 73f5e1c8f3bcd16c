"""The file of an offer's codes for one order each."""

from collections.abc import Sequence

from django.http import HttpResponse

from marketplace.lib.downloads import csv_response


def codes_file(codes: Sequence[str], offer_pk: int) -> HttpResponse:
    """A CSV with one code in a line below its heading; kept by no cache."""
    response = csv_response("\r\n".join(["code", *codes, ""]), f"codes-{offer_pk}")
    response["Cache-Control"] = "private, no-store"
    return response
