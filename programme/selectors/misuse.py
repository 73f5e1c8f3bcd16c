"""Reports of misuse: what one is about, and whether somebody has reported it already."""

from typing import Any

from django.utils.crypto import salted_hmac

from catalogue.models import Product
from orders.models import Review
from programme.models import MisuseCase, MisuseReport
from vendors.models import Partner

Thing = Product | Review | Partner


def about(thing: Thing) -> dict[str, Any]:
    """The fields of a case that say what it is about."""
    if isinstance(thing, Product):
        return {"listing": thing, "review": None, "vendor": thing.vendor}
    if isinstance(thing, Review):
        return {"listing": None, "review": thing, "vendor": thing.listing.vendor}
    return {"listing": None, "review": None, "vendor": thing}


def reporter_key(visitor: str, person: Any) -> str:
    """By which somebody counts once: a keyed hash of the account, or of the random words of the browser."""
    words = f"person:{person.pk}" if person is not None else f"visitor:{visitor}"
    return salted_hmac("programme.misuse.reporter", words, algorithm="sha256").hexdigest()


def has_reported(thing: Thing, *, visitor: str, person: Any = None) -> bool:
    """Whether a report of the thing by this visitor or person waits to be decided; one query."""
    cases = {f"case__{field}": value for field, value in about(thing).items()}
    own = MisuseReport.objects.filter(**cases, case__state=MisuseCase.State.OPEN)
    return own.filter(reporter=reporter_key(visitor, person)).exists()
