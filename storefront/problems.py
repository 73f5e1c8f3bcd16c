"""What is wrong on a page whose form is no form of Django's own: said on top with a link, and beside the field."""

from dataclasses import asdict, dataclass

from django.http import HttpRequest

from storefront.forms import AddForm, first_error

_ADD = "add-refused"
# Ids on the page of a listing.
QUANTITY_ID, SIZES_ID = "quantity", "sizes"


@dataclass(frozen=True)
class Problem:
    """One thing to put right. field_id: on the page, empty where no field is to blame; label: of the field, may be empty."""

    words: str
    field_id: str = ""
    label: str = ""


@dataclass(frozen=True)
class RefusedAdd:
    """What could not be put into the basket: number and size as they were sent, and why. listing, product: their keys."""

    listing: int
    product: int
    quantity: str
    words: str
    field_id: str

    @property
    def problems(self) -> list[Problem]:
        """The same for the summary of the page."""
        return [Problem(self.words, self.field_id)]


def blame(form: AddForm) -> tuple[str, str]:
    """What is wrong about a form that is not valid, and the field that is to blame."""
    return first_error(form), SIZES_ID if "product" in form.errors else QUANTITY_ID


def remember_refused_add(request: HttpRequest, refused: RefusedAdd) -> None:
    """Keep it for the page of the listing, which comes next."""
    request.session[_ADD] = asdict(refused)


def take_refused_add(request: HttpRequest, listing_pk: int) -> RefusedAdd | None:
    """What was refused of this listing or a size of it a moment ago; told once."""
    kept = request.session.get(_ADD)
    if kept is None or kept["listing"] != listing_pk:
        return None
    del request.session[_ADD]
    return RefusedAdd(**kept)
