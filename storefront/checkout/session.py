"""What a visitor has typed and chosen in the checkout, kept in the session so that going back loses nothing."""

from collections.abc import Mapping
from typing import Any

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest

from orders.shipping.options import place_path

KEY = "checkout"
ORDERS_KEY = "orders"
MAX_ORDERS = 50
# What belongs to one order alone; the address may serve for the next.
_OF_A_GIFT = ("is_gift", "gift_message", "receiver_phone")
_SIGNER = Signer(salt="checkout.basket")


class CheckoutSession:
    """The checkout's part of a session. typed: the first page as it was sent, also when it was wrong."""

    def __init__(self, request: HttpRequest) -> None:
        self._session = request.session
        self._data: dict[str, Any] = dict(request.session.get(KEY, {}))

    @property
    def typed(self) -> Mapping[str, str]:
        """The first page as it was last sent; empty before that."""
        return self._data.get("typed", {})

    @property
    def address(self) -> Mapping[str, str]:
        """The first page as it was found right; empty before that."""
        return self._data.get("address", {})

    @property
    def country_code(self) -> str:
        """Where the order goes, as far as is known."""
        return str(self.address.get("country") or self.typed.get("country") or "")

    @property
    def to(self) -> Mapping[str, str]:
        """Where to, as the visitor said last (country, state, town), on a page of the shop or in an address; or empty."""
        return self._data.get("to", {})

    @property
    def to_path(self) -> str:
        """Path of the place that the address names, as far as is known; empty before that. One query."""
        if not self.country_code:
            return ""
        said = self.address or self.typed
        return place_path(self.country_code, state=said.get("state", ""), town=said.get("town", ""))

    @property
    def delivery(self) -> Mapping[int, str]:
        """Chosen ways of sending: key of the group -> code."""
        return {int(vendor): code for vendor, code in self._data.get("delivery", {}).items()}

    @property
    def way(self) -> str:
        """The way to pay that was chosen last; empty before that."""
        return str(self._data.get("way", ""))

    def keep_way(self, way: str) -> None:
        """Remember the way to pay."""
        self._put(way=way)

    def keep_typed(self, typed: Mapping[str, str], *, basket_pk: int | None) -> None:
        """Remember the first page as it was sent, and for which basket."""
        self._put(typed=dict(typed), basket=basket_pk)

    def is_about(self, basket_pk: int) -> bool:
        """Whether the first page was last sent for this basket."""
        return bool(self._data.get("basket") == basket_pk)

    def end_gift(self) -> None:
        """Forget that it was a gift, its words and whoever got it: they were for the order that is placed now."""
        kept = {
            page: {name: value for name, value in self._data.get(page, {}).items() if name not in _OF_A_GIFT}
            for page in ("typed", "address")
        }
        self._put(**kept)

    def keep_address(self, address: Mapping[str, str]) -> None:
        """Remember the first page as it was found right; estimates are for that place from now on."""
        self._put(address=dict(address))
        self.keep_to(**{name: str(address.get(name, "")) for name in ("country", "state", "town")})

    def keep_to(self, *, country: str, state: str = "", town: str = "") -> None:
        """Remember where to, as the last word about it."""
        self._put(to={"country": country, "state": state, "town": town})

    def keep_delivery(self, delivery: Mapping[int, str]) -> None:
        """Remember the ways of sending."""
        self._put(delivery={str(vendor): code for vendor, code in delivery.items()})

    def _put(self, **values: object) -> None:
        self._data |= values
        self._session[KEY] = self._data


def remember_order(request: HttpRequest, number: str) -> None:
    """Let this visitor look at an order from now on: the own one, or one whose contact was proved."""
    known = [other for other in request.session.get(ORDERS_KEY, []) if other != number]
    request.session[ORDERS_KEY] = [*known, number][-MAX_ORDERS:]


def knows_order(request: HttpRequest, number: str) -> bool:
    """Whether this visitor placed the order in this session or proved its contact."""
    return number in known_orders(request)


def known_orders(request: HttpRequest) -> list[str]:
    """Numbers of the orders that this visitor placed in this session or proved the contact of."""
    known: list[str] = request.session.get(ORDERS_KEY, [])
    return known


def newest_order(request: HttpRequest) -> str:
    """Number of the order that remember_order was told last; empty when there is none."""
    known = known_orders(request)
    return known[-1] if known else ""


def sign_basket(pk: int) -> str:
    """A basket's key for a form: the form names its basket also when the visitor has begun another one."""
    return _SIGNER.sign(str(pk))


def read_basket(signed: str) -> int | None:
    """The key inside sign_basket's text; None when somebody changed it."""
    try:
        return int(_SIGNER.unsign(signed))
    except (BadSignature, ValueError):
        return None
