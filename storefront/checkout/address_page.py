"""Page 1 of the checkout: its form, with what was typed, with a kept address that is chosen, or with what is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from marketplace.lib.countries import country_name
from orders.addresses.models import UserAddress
from orders.services.kept_addresses import MOST
from orders.shipping.options import place_path
from storefront.checkout.address_fields import AddressFields, as_typed, known_country
from storefront.checkout.forms import AddressForm
from storefront.checkout.session import CheckoutSession
from storefront.foreign import marked


@dataclass(frozen=True)
class KeptChoice:
    """A kept address as one of the choices. value: what the form sends."""

    value: str
    name: str
    words: str
    phone: str
    is_chosen: bool


def kept_of(request: HttpRequest) -> list[UserAddress]:
    """What the visitor keeps, the default first; one query, none for who is not signed in."""
    return list(UserAddress.objects.visible_to(request.user)) if request.user.is_authenticated else []


def sent_form(request: HttpRequest, kept: Sequence[UserAddress]) -> AddressForm:
    """The form as it was sent; a kept address that is chosen takes the place of the fields of one."""
    row = _row(request.POST.get("kept", ""), kept)
    if row is None:
        return _form(request, kept, data=request.POST, country=request.POST.get("country", ""))
    filled = {**request.POST.dict(), **as_typed(row)}
    form = _form(request, kept, data=filled, country=row.country_id)
    if set(AddressFields.field_order) & form.errors.keys():
        # What was right when it was kept is wrong now: it is shown in the fields, where it can be put right.
        return _form(request, kept, data={**filled, "kept": ""}, country=row.country_id)
    return form


def first_form(request: HttpRequest, session: CheckoutSession, kept: Sequence[UserAddress]) -> AddressForm:
    """The form as the page shows it first: with what was typed before, else with what is known."""
    typed = dict(session.typed)
    country = typed.get("country") or session.to.get("country", "")
    if typed:
        chosen = _row(typed.get("kept", ""), kept)
        initial: dict[str, Any] = {**typed, "kept": str(chosen.pk) if chosen else ""}
    else:
        initial = {**_account(request), **session.to, "kept": _fitting(kept, session.to)}
    return _form(request, kept, initial=initial, country=country)


def choices_of(form: AddressForm, kept: Sequence[UserAddress]) -> list[KeptChoice]:
    """The kept addresses of the form, one or none of them chosen."""
    chosen = form["kept"].value() if kept else ""
    return [
        KeptChoice(
            str(row.pk), row.first_name, words_of(row), str(row.phone_number or ""), str(row.pk) == chosen
        )
        for row in kept
    ]


def path_of(form: AddressForm, session: CheckoutSession, kept: Sequence[UserAddress]) -> str:
    """Path of the place that prices are shown for: of the kept address that is chosen, else of what was typed."""
    row = _row(form["kept"].value(), kept) if kept else None
    if row is not None:
        return place_path(row.country_id, state=row.state, town=row.line4)
    return session.to_path or f"{form.country_code}/"


def words_of(row: UserAddress) -> SafeString:
    """A kept address in one line, without the name, as HTML that says which of it is in another language."""
    country = country_name(row.country_id, row.country.printable_name)
    words = (row.line1, row.line4, row.state, row.postcode, country)
    return format_html_join(", ", "{}", ((marked(word),) for word in words if word))


def _form(
    request: HttpRequest,
    kept: Sequence[UserAddress],
    *,
    country: str,
    data: Mapping[str, Any] | None = None,
    initial: dict[str, Any] | None = None,
) -> AddressForm:
    may_keep = request.user.is_authenticated and len(kept) < MOST
    return AddressForm(
        data, country_code=known_country(country), initial=initial, kept=kept, may_keep=may_keep
    )


def _row(value: str | None, kept: Sequence[UserAddress]) -> UserAddress | None:
    return next((row for row in kept if str(row.pk) == value), None)


def _fitting(kept: Sequence[UserAddress], to: Mapping[str, str]) -> str:
    """The default; where the visitor has said a place, the first that lies there. Empty where none does."""
    wanted = {name: word for name, word in to.items() if word}
    fitting = (row for row in kept if wanted.items() <= as_typed(row).items())
    return next((str(row.pk) for row in fitting), "")


def _account(request: HttpRequest) -> dict[str, str]:
    """The contact of whoever is signed in."""
    person = request.user
    if not person.is_authenticated:
        return {}
    return {"name": person.name, "email": person.email or "", "phone": person.phone or ""}
