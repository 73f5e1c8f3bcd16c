"""Who may do what: status of every route for every role, in the order of ROLES. A new route needs a row here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from catalogue.models import ImportJob
from orders.models import Review
from tests.routes.world import ROLES, World

Values = Callable[[World], Mapping[str, Any]]


def _nothing(_world: World) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class Route:
    """Statuses of GET and POST for the roles, and what the address names. "-": the row says nothing about a method."""

    get: str
    post: str
    names: Values = _nothing
    form: Values = field(default=_nothing)

    def status(self, method: str, role: str) -> int:
        """What this role is answered."""
        words = (self.get if method == "get" else self.post).split()
        return int(words[ROLES.index(role)] if len(words) > 1 else words[0])


def _number(world: World) -> Mapping[str, Any]:
    return {"number": world.order.number}


def _unpaid(world: World) -> Mapping[str, Any]:
    return {"number": world.unpaid.number}


def _part(world: World) -> Mapping[str, Any]:
    return {"number": world.part.number}


def _own_part(world: World) -> Mapping[str, Any]:
    return {"number": world.order.number, "part": world.part.number}


def _draft(world: World) -> Mapping[str, Any]:
    return {"pk": world.draft.pk}


def _proposed_photo(world: World) -> Mapping[str, Any]:
    return {"pk": world.proposed_photo.pk}


def _own_offer(world: World) -> Mapping[str, Any]:
    return {"pk": world.this.offers.get().pk}


def _job(world: World) -> Mapping[str, Any]:
    return {"pk": ImportJob.objects.get(vendor=world.this).pk}


def _method(world: World) -> Mapping[str, Any]:
    return {"pk": world.this.delivery_methods.get(code="own").pk}


def _stock(world: World) -> Mapping[str, Any]:
    return {"pk": world.stock.pk}


def _address(world: World) -> Mapping[str, Any]:
    return {"pk": world.people["shopper"].addresses.get().pk}


#                   visitor shopper member stranger officer moderator finance
EVERYBODY = "200"
NOT_A_PAGE = "405"
SIGNED_IN = "302     200     200    200      200     200       200"
ANY_MEMBER = "302     404     200    200      404     404       404"
ANY_MEMBER_DOES = "302     404     302    302      404     404       404"
THIS_GROUP = "302     404     200    404      404     404       404"
THIS_GROUP_DOES = "302     404     302    404      404     404       404"
NOBODY_S_OWN = "302     404     404    404      404     404       404"
BUYER_DOES = "404     302     404    404      404     404       404"
OWNER = "302     200     404    404      404     404       404"
OWNER_DOES = "302     302     404    404      404     404       404"
THE_BUYER = "404     200     404    404      404     404       200"

OWN: dict[str, Route] = {
    "healthz": Route(EVERYBODY, NOT_A_PAGE),
    "media": Route("404", "404", lambda _world: {"path": "photos/none.webp"}),
    "stripe-webhook": Route(NOT_A_PAGE, "400"),
    "stripe-connect-webhook": Route(NOT_A_PAGE, "400"),
    # The shop
    "home": Route(EVERYBODY, EVERYBODY),
    "how-it-works": Route(EVERYBODY, EVERYBODY),
    "language": Route("302", NOT_A_PAGE, lambda _world: {"code": "dz"}),
    "band": Route(EVERYBODY, EVERYBODY, lambda world: {"code": world.this.home_region.code}),
    "suggestion-list": Route(EVERYBODY, NOT_A_PAGE),
    "place-option-list": Route(EVERYBODY, NOT_A_PAGE),
    "shared-picture": Route(
        "302", NOT_A_PAGE, lambda _world: {"kind": "home", "language": "en", "name": "shop", "digest": "old"}
    ),
    "robots": Route(EVERYBODY, NOT_A_PAGE),
    "sitemap-index": Route(EVERYBODY, NOT_A_PAGE),
    "sitemap-section": Route(EVERYBODY, NOT_A_PAGE, lambda _world: {"section": "pages"}),
    "product-feed": Route(EVERYBODY, NOT_A_PAGE, lambda _world: {"block": 0}),
    "known-picture": Route(
        EVERYBODY, EVERYBODY, lambda world: {"pk": world.this.home_region.identified_products.get().pk}
    ),
    # Without the name of a field there is nothing to answer.
    "place-suggest": Route("404", NOT_A_PAGE),
    "place-list": Route(EVERYBODY, EVERYBODY),
    "place-detail": Route(EVERYBODY, EVERYBODY, lambda world: {"code": world.this.home_region.code}),
    "category-detail": Route(EVERYBODY, EVERYBODY, lambda _world: {"slug": "cloth"}),
    "listing-list": Route(EVERYBODY, EVERYBODY),
    "listing-count": Route(EVERYBODY, NOT_A_PAGE),
    "listing-detail": Route(
        EVERYBODY, EVERYBODY, lambda world: {"slug": world.listing.slug, "pk": world.listing.pk}
    ),
    "listing-save": Route(EVERYBODY, "302", lambda world: {"pk": world.listing.pk}),
    # Where it is there, it leads back to the listing.
    "listing-stock": Route("302", "302", lambda world: {"pk": world.listing.pk}),
    "stock-request": Route("404", "404", lambda _world: {"token": "1:forged"}),
    "report-listing": Route(EVERYBODY, "302", lambda world: {"pk": world.listing.pk}),
    "report-review": Route(EVERYBODY, "302", lambda world: {"pk": world.listing.buyer_reviews.get().pk}),
    "wrong-word": Route(EVERYBODY, EVERYBODY),
    "report-group": Route(EVERYBODY, "302", lambda _world: {"code": "this"}),
    "place-follow": Route(EVERYBODY, "302", lambda world: {"code": world.this.home_region.code}),
    "vendor-follow": Route(EVERYBODY, "302", lambda _world: {"code": "this"}),
    "follow-news-stop": Route("404", "404", lambda _world: {"token": "1:forged"}),
    "vendor-list": Route(EVERYBODY, EVERYBODY),
    "vendor-detail": Route(EVERYBODY, EVERYBODY, lambda _world: {"code": "this"}),
    "seen-forget": Route(NOT_A_PAGE, "302"),
    # From no page of ours.
    "announcement-dismiss": Route(NOT_A_PAGE, "403", lambda _world: {"pk": 2**31}),
    "collection-list": Route(EVERYBODY, NOT_A_PAGE),
    "collection-detail": Route(EVERYBODY, NOT_A_PAGE, lambda _world: {"slug": "losar"}),
    "story-list": Route(EVERYBODY, NOT_A_PAGE),
    "story-detail": Route(EVERYBODY, NOT_A_PAGE, lambda _world: {"slug": "red-rice"}),
    # Joining
    # Only where settings ask for it, which tests do not.
    "style": Route("404", NOT_A_PAGE),
    "sell": Route(EVERYBODY, NOT_A_PAGE),
    "impact": Route(EVERYBODY, NOT_A_PAGE),
    "impact-file": Route(EVERYBODY, NOT_A_PAGE),
    "sell-begin": Route(SIGNED_IN, SIGNED_IN),
    # Basket and checkout: an empty basket leads back to where it can be filled.
    "deliver-to": Route(EVERYBODY, "302", form=lambda _world: {"country": "BT"}),
    "basket": Route(EVERYBODY, NOT_A_PAGE),
    "basket-add": Route(NOT_A_PAGE, "302", form=lambda world: {"product": world.listing.pk, "quantity": 1}),
    "basket-aside": Route(NOT_A_PAGE, "302", lambda world: {"pk": world.listing.pk}),
    "basket-code": Route("302", "302", form=lambda _world: {"remove": "NONE1"}),
    "basket-line": Route(NOT_A_PAGE, "404", lambda _world: {"pk": 2**31}, lambda _world: {"quantity": 1}),
    "checkout-address": Route("302", "302"),
    "checkout-delivery": Route("302", "302"),
    "checkout-review": Route("302", NOT_A_PAGE),
    "checkout-place": Route(NOT_A_PAGE, "302"),
    "checkout-return": Route("302", NOT_A_PAGE, _unpaid),
    # Orders: the buyer, and staff who may read orders
    "order-find": Route(EVERYBODY, EVERYBODY),
    "order-received": Route(
        EVERYBODY, EVERYBODY, form=lambda world: {"number": world.part.number, "code": "000000"}
    ),
    "order-part-received": Route(NOT_A_PAGE, BUYER_DOES, _own_part),
    "order-part-cancel": Route(NOT_A_PAGE, BUYER_DOES, _own_part),
    "order-detail": Route(THE_BUYER, NOT_A_PAGE, _number),
    "order-pay": Route(NOT_A_PAGE, "404 303 404 404 404 404 404", _unpaid),
    "order-keep": Route(NOT_A_PAGE, BUYER_DOES, _number),
    # Who waits for no code is led to the order.
    "order-keep-code": Route("404     302     404    404      404     404       404", BUYER_DOES, _number),
    "order-again": Route(NOT_A_PAGE, BUYER_DOES, _number),
    "order-journal": Route("404 302 404 404 404 404 404", "404 302 404 404 404 404 404", _unpaid),
    "order-receipt": Route(THE_BUYER, NOT_A_PAGE, _number),
    "order-invoice": Route(THE_BUYER, NOT_A_PAGE, _own_part),
    "order-credit-note": Route(
        "404",
        NOT_A_PAGE,
        lambda world: {"number": world.order.number, "part": world.part.number, "refund": 1},
    ),
    # The buyer alone asks; what is under way leads to its page.
    "order-return-ask": Route(
        "404 302 404 404 404 404 404",
        "404 302 404 404 404 404 404",
        lambda world: {"number": world.order.number, "part": world.part.number},
    ),
    "order-return": Route(
        THE_BUYER,
        "404 302 404 404 404 404 404",
        lambda world: {"number": world.order.number, "pk": world.case.pk},
        lambda _world: {"do": "withdraw"},
    ),
    # What is not delivered leads back to the order.
    "order-review": Route(
        "404 302 404 404 404 404 404",
        "404 302 404 404 404 404 404",
        lambda world: {"number": world.order.number, "pk": world.part.lines.first().pk},
    ),
    "order-return-photo": Route(
        THE_BUYER,
        NOT_A_PAGE,
        lambda world: {
            "number": world.order.number,
            "pk": world.case.pk,
            "photo": world.case.photos.get().pk,
        },
    ),
    # Accounts
    "account-home": Route(SIGNED_IN, "302 405 405 405 405 405 405"),
    "account-saved": Route(SIGNED_IN, "302 405 405 405 405 405 405"),
    "account-addresses": Route(SIGNED_IN, "302 405 405 405 405 405 405"),
    # An empty form is shown again.
    "account-address-new": Route(SIGNED_IN, SIGNED_IN),
    "account-address": Route(OWNER, OWNER, _address),
    "account-address-default": Route(NOT_A_PAGE, OWNER_DOES, _address),
    "account-address-remove": Route(NOT_A_PAGE, OWNER_DOES, _address),
    "account-stock": Route(SIGNED_IN, "302"),
    "account-following": Route(SIGNED_IN, "302"),
    # An empty form is shown again.
    "account-reach": Route(SIGNED_IN, SIGNED_IN),
    "account-close": Route("302", "302"),
    "account-closed": Route(EVERYBODY, NOT_A_PAGE),
    "account-data": Route(SIGNED_IN, "302 405 405 405 405 405 405"),
    "account-data-ask": Route("302", "302"),
    "account-data-file": Route("302 404 404 404 404 404 404", NOT_A_PAGE, lambda _world: {"pk": 2**31}),
    "account-keep-orders": Route("302", "302"),
    "account-confirm": Route(SIGNED_IN, SIGNED_IN),
    "account-confirm-code": Route("302", "302"),
    "account-login": Route("200 302 302 302 302 302 302", "200 302 302 302 302 302 302"),
    "account-join": Route("200 302 302 302 302 302 302", "200 302 302 302 302 302 302"),
    "account-code": Route("302", "302"),
    "account-code-again": Route(NOT_A_PAGE, "302"),
    "account-new": Route("302", "302"),
    "invitation": Route("404", "404", lambda _world: {"token": "1.forged"}),
    "invitation-code": Route("404", "404", lambda _world: {"token": "1.forged"}),
    "account-password": Route(SIGNED_IN, SIGNED_IN),
    "account-logout": Route(NOT_A_PAGE, "302"),
    # The desk of a group
    "dashboard-home": Route(ANY_MEMBER, NOT_A_PAGE),
    "dashboard-group": Route(NOT_A_PAGE, THIS_GROUP_DOES, form=lambda _world: {"group": "this"}),
    "dashboard-reach": Route(ANY_MEMBER, ANY_MEMBER),
    "dashboard-our-group": Route(ANY_MEMBER, NOT_A_PAGE),
    "dashboard-application": Route(ANY_MEMBER, ANY_MEMBER_DOES),
    "dashboard-on-behalf": Route(NOT_A_PAGE, "302     404     404    404      302     302       404"),
    "dashboard-closure": Route(ANY_MEMBER, ANY_MEMBER_DOES, form=lambda _world: {"do": "open"}),
    "dashboard-offer-list": Route(ANY_MEMBER, ANY_MEMBER),
    "dashboard-offer-stop": Route(NOT_A_PAGE, THIS_GROUP_DOES, _own_offer),
    # The offer has one code for all.
    "dashboard-offer-codes": Route(NOT_A_PAGE, NOBODY_S_OWN, _own_offer),
    "dashboard-delivery": Route(ANY_MEMBER, ANY_MEMBER_DOES),
    "dashboard-delivery-create": Route(ANY_MEMBER, ANY_MEMBER),
    "dashboard-delivery-detail": Route(THIS_GROUP, THIS_GROUP_DOES, _method, lambda _world: {"do": "off"}),
    "dashboard-group-facts": Route(ANY_MEMBER, ANY_MEMBER),
    "dashboard-group-place": Route(ANY_MEMBER, ANY_MEMBER),
    "dashboard-story": Route(ANY_MEMBER, ANY_MEMBER),
    "dashboard-group-photos": Route(ANY_MEMBER, ANY_MEMBER_DOES, form=lambda _world: {"do": "save"}),
    "dashboard-group-people": Route(ANY_MEMBER, ANY_MEMBER),
    "dashboard-group-person": Route(
        THIS_GROUP,
        THIS_GROUP_DOES,
        lambda world: {"pk": world.this.people.get().pk},
        lambda _world: {"name": "Sangay"},
    ),
    "dashboard-certificates": Route(ANY_MEMBER, NOT_A_PAGE),
    "dashboard-certificate-create": Route(ANY_MEMBER, ANY_MEMBER),
    "dashboard-certificate": Route(
        THIS_GROUP,
        THIS_GROUP_DOES,
        lambda world: {"pk": world.this.certificates.get().pk},
        lambda _world: {"reason": "Sold", "version": 1},
    ),
    "dashboard-group-papers": Route(ANY_MEMBER, ANY_MEMBER),
    "dashboard-group-paper": Route(
        THIS_GROUP, NOT_A_PAGE, lambda world: {"pk": world.this.documents.get().pk}
    ),
    "dashboard-members": Route(ANY_MEMBER, NOT_A_PAGE),
    "dashboard-invite": Route(ANY_MEMBER_DOES, "302     404     200    200      404     404       404"),
    "dashboard-invitation": Route(NOT_A_PAGE, "302 404 404 404 404 404 404", lambda _world: {"pk": 2**31}),
    "dashboard-member": Route(
        "302 404 404 404 404 404 404", "302 404 404 404 404 404 404", lambda _world: {"pk": 2**31}
    ),
    "dashboard-order-list": Route(ANY_MEMBER, NOT_A_PAGE),
    "dashboard-order-detail": Route(THIS_GROUP, NOT_A_PAGE, _part),
    "dashboard-order-accept": Route(NOT_A_PAGE, THIS_GROUP_DOES, _part),
    "dashboard-order-decline": Route(
        THIS_GROUP, THIS_GROUP_DOES, _part, lambda _world: {"reason": "sold_out", "words": ""}
    ),
    "dashboard-order-short": Route(THIS_GROUP, THIS_GROUP, _part, lambda _world: {"reason": "pigeon"}),
    "dashboard-order-pack": Route(THIS_GROUP_DOES, THIS_GROUP, _part),
    "dashboard-order-unpack": Route(NOT_A_PAGE, THIS_GROUP_DOES, _part, lambda _world: {"package": "1"}),
    "dashboard-order-delivered": Route(NOT_A_PAGE, THIS_GROUP_DOES, _part),
    "dashboard-order-slip": Route(THIS_GROUP, NOT_A_PAGE, _part),
    "dashboard-pick-list": Route(ANY_MEMBER, NOT_A_PAGE),
    "dashboard-orders-csv": Route(ANY_MEMBER, NOT_A_PAGE),
    "dashboard-order-ship": Route(
        THIS_GROUP_DOES,
        THIS_GROUP_DOES,
        _part,
        lambda _world: {"carrier": "courier", "tracking_number": "EE123456789BT"},
    ),
    "dashboard-order-cash": Route(NOT_A_PAGE, THIS_GROUP_DOES, _part),
    "dashboard-order-invoice": Route(THIS_GROUP, NOT_A_PAGE, _part),
    "dashboard-figures": Route(ANY_MEMBER, NOT_A_PAGE),
    "dashboard-figures-csv": Route(ANY_MEMBER, NOT_A_PAGE),
    "dashboard-review-list": Route(ANY_MEMBER, NOT_A_PAGE),
    "dashboard-review": Route(
        THIS_GROUP,
        THIS_GROUP_DOES,
        lambda world: {"pk": Review.objects.get(listing__vendor=world.this).pk},
        lambda _world: {"words": "Thank you"},
    ),
    "dashboard-return-list": Route(ANY_MEMBER, NOT_A_PAGE),
    "dashboard-return": Route(
        THIS_GROUP, THIS_GROUP_DOES, lambda world: {"pk": world.case.pk}, lambda _world: {"do": "keep"}
    ),
    "dashboard-return-photo": Route(
        THIS_GROUP,
        NOT_A_PAGE,
        lambda world: {"pk": world.case.pk, "photo": world.case.photos.get().pk},
    ),
    "dashboard-money": Route(ANY_MEMBER, NOT_A_PAGE),
    "dashboard-statement": Route(ANY_MEMBER, NOT_A_PAGE),
    "dashboard-statement-pdf": Route(ANY_MEMBER, NOT_A_PAGE),
    "dashboard-statement-csv": Route(ANY_MEMBER, NOT_A_PAGE),
    "dashboard-payout-account": Route(ANY_MEMBER, ANY_MEMBER),
    "dashboard-stripe": Route(ANY_MEMBER, NOT_A_PAGE),
    "dashboard-stripe-begin": Route(NOT_A_PAGE, ANY_MEMBER_DOES),
    "proposed-photo": Route("302 404 200 404 200 200 404", NOT_A_PAGE, _proposed_photo),
    "dashboard-listing-list": Route(ANY_MEMBER, NOT_A_PAGE),
    "dashboard-listing-create": Route(ANY_MEMBER, ANY_MEMBER),
    "dashboard-listing-detail": Route(THIS_GROUP, THIS_GROUP, _draft),
    "listing-preview": Route("302 404 200 404 200 200 404", NOT_A_PAGE, _draft),
    "dashboard-listing-receives": Route(ANY_MEMBER, NOT_A_PAGE),
    # Without a place there is nothing to choose.
    "dashboard-listing-products": Route("302 404 404 404 404 404 404", NOT_A_PAGE),
    "dashboard-listing-copy": Route(NOT_A_PAGE, THIS_GROUP_DOES, _draft),
    "dashboard-listing-move": Route(
        NOT_A_PAGE, THIS_GROUP_DOES, lambda world: {"pk": world.listing.pk}, lambda _world: {"do": "withdraw"}
    ),
    "dashboard-stock-list": Route(
        ANY_MEMBER,
        "302     404     302    404      404     404       404",
        form=lambda world: {"record": world.stock.pk, "do": "step", "units": "1", "token": "t"},
    ),
    "dashboard-stock-history": Route(THIS_GROUP, NOT_A_PAGE, _stock),
    "dashboard-file": Route(ANY_MEMBER, ANY_MEMBER),
    "dashboard-file-columns": Route(ANY_MEMBER, NOT_A_PAGE),
    "dashboard-file-template": Route(ANY_MEMBER, NOT_A_PAGE),
    "dashboard-file-export": Route(ANY_MEMBER, NOT_A_PAGE),
    "dashboard-file-job": Route(THIS_GROUP, THIS_GROUP_DOES, _job, lambda _world: {"do": "stop"}),
    "dashboard-file-errors": Route(THIS_GROUP, NOT_A_PAGE, _job),
    "dashboard-stock": Route(
        THIS_GROUP_DOES,
        THIS_GROUP_DOES,
        _stock,
        lambda world: {"units": 12, "seen": world.stock.num_in_stock},
    ),
    "dashboard-price": Route(THIS_GROUP_DOES, THIS_GROUP_DOES, _stock, lambda _world: {"price": "199.00"}),
}

#                visitor shopper member stranger officer moderator finance
STAFF = "302     302     302    302      200     200       200"
STAFF_LED_ON = "302     302     302    302      302     302       302"
OFFICERS_OF_MONEY = "302 302 302 302 403 403 200"
NOT_SENT_TO = "302 302 302 302 405 405 405"


def _this_group(world: World) -> Mapping[str, Any]:
    return {"code": world.this.code}


# The admin apart from its models
ADMIN: dict[str, Route] = {
    "admin:index": Route(STAFF, STAFF),
    "admin:payments_statement_groups": Route(OFFICERS_OF_MONEY, NOT_SENT_TO),
    "admin:payments_statement": Route(OFFICERS_OF_MONEY, NOT_SENT_TO, _this_group),
    "admin:payments_statement_pdf": Route(OFFICERS_OF_MONEY, NOT_SENT_TO, _this_group),
    "admin:payments_statement_csv": Route(OFFICERS_OF_MONEY, NOT_SENT_TO, _this_group),
    "admin:login": Route("200     200     200    200      302     302       302", "200"),
    "admin:logout": Route(
        "302     302     302    302      405     405       405", "302 200 200 200 200 200 200"
    ),
    "admin:password_change": Route(STAFF, STAFF),
    "admin:password_change_done": Route(STAFF, STAFF),
    "admin:autocomplete": Route("302     302     302    302      403     403       403", "-"),
    "admin:jsi18n": Route(STAFF, STAFF),
    # Of any row; here of one that only a superuser sees.
    "admin:history": Route(
        "302 302 302 302 403 403 403",
        "-",
        lambda world: {
            "app_label": "people",
            "model_name": "user",
            "object_id": world.people["shopper"].pk,
        },
    ),
    "admin:view_on_site": Route(
        "302     302     302    302      302     302       302",
        "-",
        lambda world: {"content_type_id": world.type_of_groups, "object_id": world.this.pk},
    ),
    "admin:app_list": Route(STAFF, STAFF, lambda _world: {"app_label": "partner"}),
    "admin:auth_user_password_change": Route(
        "302 302 302 302 403 403 403", "-", lambda world: {"id": world.people["shopper"].pk}
    ),
}

# Rights in the admin by model: what staff may do; nobody else may do anything, and what is not named is forbidden.
VIEW, CHANGE, ADD, DELETE, DECIDE = "view", "change", "add", "delete", "decide"
MODELS: dict[str, dict[str, set[str]]] = {
    "auth.group": {},
    "people.user": {},
    "communication.notice": {"moderator": {VIEW}},
    "communication.noticetext": {"moderator": {VIEW}},
    "regions.region": {},
    "regions.enteredchange": {},
    "regions.regionrole": {},
    "regions.scheme": {},
    "regions.identifiedproduct": {},
    "regions.committeemeeting": {"moderator": {VIEW, ADD, CHANGE}},
    "regions.nomination": {"officer": {VIEW, DECIDE}, "moderator": {VIEW, DECIDE}},
    "regions.geographicalindication": {"moderator": {VIEW}},
    "regions.giparty": {"moderator": {VIEW, ADD, CHANGE}},
    "programme.cannedreason": {"moderator": {VIEW, ADD, CHANGE}},
    "programme.claim": {"officer": {VIEW}, "moderator": {VIEW}},
    "programme.collection": {"officer": {VIEW, ADD, CHANGE}, "moderator": {VIEW, ADD, CHANGE, DECIDE}},
    "programme.announcement": {"officer": {VIEW, ADD, CHANGE}, "moderator": {VIEW, ADD, CHANGE, DECIDE}},
    "programme.story": {"officer": {VIEW, ADD, CHANGE}, "moderator": {VIEW, ADD, CHANGE, DECIDE}},
    "programme.featuredchoice": {"moderator": {VIEW, ADD, CHANGE}},
    "programme.featuredturn": {"moderator": {VIEW}},
    "programme.wordreport": {"officer": {VIEW}, "moderator": {VIEW}},
    "programme.misusecase": {"officer": {VIEW}, "moderator": {VIEW, DECIDE}},
    "programme.savedreport": {
        "officer": {VIEW, ADD},
        "moderator": {VIEW, ADD, CHANGE, DELETE},
        "finance": {VIEW, ADD},
    },
    "programme.reportrun": {"officer": {VIEW}, "moderator": {VIEW}, "finance": {VIEW}},
    "programme.servicelevel": {"moderator": {VIEW, ADD, CHANGE}},
    "audit.change": {"moderator": {VIEW}},
    "programme.broadcast": {"officer": {VIEW}, "moderator": {VIEW, ADD, CHANGE}},
    "programme.countryimpact": {"officer": {VIEW}, "moderator": {VIEW}, "finance": {VIEW}},
    "programme.schemecoverage": {"officer": {VIEW}, "moderator": {VIEW}},
    "partner.partner": {"officer": {VIEW}, "moderator": {VIEW, CHANGE, DECIDE}, "finance": {VIEW}},
    "partner.groupchange": {"officer": {VIEW}, "moderator": {VIEW, DECIDE}},
    "partner.requirement": {"officer": {VIEW}, "moderator": {VIEW, ADD, CHANGE}},
    "partner.certificate": {"officer": {VIEW, DECIDE}, "moderator": {VIEW, DECIDE}},
    "catalogue.product": {"officer": {VIEW}, "moderator": {VIEW, DECIDE}},
    "catalogue.listingchange": {"officer": {VIEW}, "moderator": {VIEW, DECIDE}},
    "catalogue.category": {"moderator": {VIEW}},
    "offer.conditionaloffer": {"moderator": {VIEW}, "finance": {VIEW, ADD, DECIDE}},
    "order.order": {"finance": {VIEW}},
    "order.vendororder": {"officer": {VIEW}, "finance": {VIEW}},
    "order.return": {"officer": {VIEW}, "moderator": {VIEW, DECIDE}, "finance": {VIEW}},
    "order.review": {"officer": {VIEW}, "moderator": {VIEW, DECIDE}},
    "order.reviewanswer": {"officer": {VIEW}, "moderator": {VIEW, DECIDE}},
    "order.commissionrule": {"finance": {VIEW, ADD, CHANGE}},
    "order.taxrate": {"finance": {VIEW, ADD, CHANGE}},
    "shipping.deliverymethod": {"officer": {VIEW}},
    "payments.paymentattempt": {"finance": {VIEW}},
    "payments.providerevent": {"finance": {VIEW}},
    "payments.refund": {"finance": {VIEW, DECIDE}},
    "payments.dispute": {"finance": {VIEW}},
    "payments.balancetransaction": {"finance": {VIEW}},
    "payments.refusedmessages": {"finance": {VIEW}},
    "payments.difference": {"finance": {VIEW, CHANGE}},
    "payments.payout": {"finance": {VIEW}},
    "payments.payoutbatch": {"finance": {VIEW, DECIDE}},
    "payments.payoutaccount": {"finance": {VIEW}},
    "payments.transfer": {"finance": {VIEW}},
    "payments.invoice": {"finance": {VIEW}},
    "payments.ledgerposting": {"finance": {VIEW}},
    "payments.bankreceipt": {"finance": {VIEW, ADD, DECIDE}},
    "payments.writeoff": {"finance": {VIEW, ADD, DECIDE}},
    "payments.cashrule": {"finance": {VIEW, ADD, CHANGE, DELETE}},
    "payments.cashcollection": {"finance": {VIEW, ADD, DECIDE}},
}
# Oscar's tables that we do not use yet: no role has any right, superusers apart.
UNUSED_MODELS = {
    "address.country",
    "reviews.productreview",
    "reviews.vote",
    "sites.site",
}
