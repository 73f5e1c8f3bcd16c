"""What the audit tracks, room by room, and what it does not, with the reason. Every model stands in one of the two.

Stock counters, search columns and other values that are computed are left out, so that a sale writes nothing here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from django.apps import apps
from django.db.models import Field, Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Of a model that is its own place.
ITSELF = "pk"


@dataclass(frozen=True)
class Tracked:
    """One model. label: "partner.Partner".

    only: fields that are tracked, all of them if it is empty; without: fields that are not, beside those that keep the time
    of the last change. masked: contacts and names of people, of which the audit says that they changed, but not to what.
    private: words that people write to few, in which phone numbers and e-mail addresses are masked.
    about: foreign key to the row on whose page it is shown too. place: foreign key to the region; without one the place is
    that of what it is about. has_added: whether a new row is written down, or only what is done to it later.
    """

    label: str
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    about: str = ""
    place: str = ""
    has_added: bool = True

    @property
    def model(self) -> type[Model]:
        """The class."""
        return apps.get_model(self.label)

    def fields(self) -> "list[Field[Any, Any]]":
        """The fields whose values are written down."""
        return [field for field in self.model._meta.concrete_fields if self._tells(field)]

    def column(self, name: str) -> str:
        """The column of a field, or of the key."""
        field = self.model._meta.pk if name == ITSELF else self.model._meta.get_field(name)
        return cast("str", cast("Field[Any, Any]", field).column)

    @property
    def above(self) -> type[Model] | None:
        """The model of what it is about."""
        return self.model._meta.get_field(self.about).related_model if self.about else None

    def _tells(self, field: "Field[Any, Any]") -> bool:
        if field.primary_key or field.generated or getattr(field, "auto_now", False):
            return False
        return field.name in self.only if self.only else field.name not in self.without


_PEOPLE = (
    Tracked(
        "people.User",
        # What proves who somebody is never leaves its table.
        without=("password", "last_login", "username", "date_joined"),
        masked=("name", "email", "phone"),
    ),
    Tracked("people.User_groups", about="user"),
    Tracked("people.User_user_permissions", about="user"),
    Tracked("auth.Group"),
    Tracked("auth.Group_permissions", about="group"),
)
_REGIONS = (
    Tracked("regions.Region", without=("path", "depth"), place=ITSELF),
    Tracked("regions.RegionAlias", about="region"),
    Tracked("regions.RegionChange", without=("entered_at",), about="place"),
    Tracked("regions.EnteredChange", without=("form_key", "entered_at"), about="place"),
    Tracked("regions.RegionRole", without=("created_at",), about="region"),
    Tracked("regions.Scheme"),
    Tracked("regions.IdentifiedProduct", about="region"),
    Tracked("regions.GeographicalIndication"),
    Tracked("regions.GeographicalIndication_regions", about="geographicalindication"),
    Tracked("regions.GiParty", about="gi"),
    Tracked("regions.CommitteeMeeting", without=("form_key", "created_at"), about="scheme"),
    Tracked("regions.Nomination", without=("created_at",), place="region"),
    Tracked(
        "regions.NominationFile",
        without=("name", "digest", "width", "height", "created_at"),
        about="nomination",
    ),
)
_VENDORS = (
    Tracked(
        "partner.Partner",
        without=("begun_key", "created_at"),
        masked=("email", "phone", "address"),
        place="home_region",
    ),
    Tracked("partner.Membership", without=("created_at",), about="vendor"),
    Tracked(
        "partner.Invitation", without=("created_at", "sent_count"), masked=("name", "contact"), about="vendor"
    ),
    Tracked("partner.Certificate", without=("form_key", "last_warning", "version"), about="vendor"),
    Tracked("partner.Certificate_products", about="certificate"),
    Tracked("partner.Requirement"),
    Tracked(
        "partner.RequirementMark",
        without=("created_at",),
        masked=("name",),
        private=("reason",),
        about="vendor",
    ),
    Tracked(
        "partner.GroupDocument",
        without=("name", "digest", "width", "height", "created_at"),
        # Of an identity card, among others.
        masked=("number",),
        about="vendor",
    ),
    Tracked(
        "partner.GroupPhoto",
        without=("digest", "width", "height", "has_renditions", "created_at"),
        about="vendor",
    ),
    Tracked("partner.GroupPerson", without=("form_key", "shown"), masked=("name",), about="vendor"),
    Tracked("partner.GroupChange", about="vendor"),
    Tracked(
        "partner.StockRecord",
        only=("partner_sku", "price", "price_currency", "low_stock_threshold"),
        about="product",
    ),
)
_CATALOGUE = (
    Tracked(
        "catalogue.Product",
        without=(
            "rating",
            "date_created",
            "price_from",
            "price_currency",
            "returned_as",
            "rating_count",
            "search_words",
            "search_vector",
        ),
        about="parent",
        place="region",
    ),
    Tracked("catalogue.ProductCategory", about="product"),
    Tracked(
        "catalogue.ProductImage",
        without=("width", "height", "has_renditions", "date_created"),
        about="product",
    ),
    Tracked("catalogue.ListingChange", without=("created_at",), about="listing"),
    Tracked("catalogue.Category", without=("path", "depth", "numchild", "ancestors_are_public")),
)
_ORDERS = (
    Tracked("order.CommissionRule", without=("created_at",)),
    Tracked("order.TaxRate", without=("created_at",)),
    # Its terms are written once, with it; what it is used for, its counters say.
    Tracked(
        "offer.ConditionalOffer",
        only=(
            "title",
            "payer",
            "currency",
            "offer_type",
            "start_datetime",
            "end_datetime",
            "max_global_applications",
            "max_discount",
            "is_once",
            "state",
            "made_by",
            "approved_by",
        ),
    ),
    Tracked("voucher.VoucherSet", only=("offer", "count", "fetched_at")),
    # A sale makes the part; here stands what is done to it later, past the services too.
    Tracked(
        "order.VendorOrder",
        only=(
            "state",
            "goods_total",
            "discount_total",
            "promotion_total",
            "delivery_price",
            "total",
            "commission_rate",
            "commission",
        ),
        about="order",
        has_added=False,
    ),
    Tracked(
        "order.Return",
        without=("form_key", "created_at"),
        private=("words", "sent_how"),
        about="vendor_order",
    ),
    Tracked("shipping.DeliveryMethod", about="vendor"),
    Tracked("shipping.WeightStep", about="method"),
)
_PAYMENTS = (
    Tracked("payments.CashRule", without=("created_at",), place="region"),
    Tracked(
        "payments.PayoutAccount",
        without=("created_at",),
        masked=("holder", "account_number", "stripe_account_id", "group_phone", "group_email"),
        about="vendor",
    ),
    Tracked("payments.BankReceipt", without=("created_at",), private=("note", "remark")),
    Tracked("payments.WriteOff", without=("created_at", "decided_at"), private=("reason",), about="vendor"),
    Tracked(
        "payments.Refund",
        only=("state", "amount", "reason", "remark", "approved_by", "bank_reference", "given_by", "taken_in"),
        private=("remark",),
        has_added=False,
    ),
    Tracked("payments.RefundProposal", without=("said_at",), private=("words", "remark"), about="refund"),
    Tracked("payments.Dispute", only=("state", "amount", "answer_by"), has_added=False),
    Tracked("payments.DisputeProposal", without=("said_at",), private=("words",), about="dispute"),
    Tracked(
        "payments.CashCollection",
        only=("amount", "take_back_asked_by", "taken_back_by", "taken_back_from", "taken_back_reason"),
        private=("taken_back_reason",),
        about="vendor_order",
        has_added=False,
    ),
    Tracked("payments.PayoutBatch", without=("content", "sha256", "created_at")),
    Tracked(
        "payments.Payout",
        only=("state", "amount", "remark"),
        private=("remark",),
        about="vendor",
        has_added=False,
    ),
    Tracked(
        "payments.Difference",
        only=("owner", "note", "resolved_at"),
        private=("note",),
        has_added=False,
    ),
)
_PROGRAMME = (
    Tracked("programme.CannedReason"),
    Tracked("programme.ServiceLevel"),
    Tracked("programme.Announcement", without=("created_at",), place="region"),
    Tracked("programme.Collection", without=("created_at",), place="region"),
    Tracked("programme.CollectionListing", about="collection"),
    Tracked("programme.Story", without=("created_at",), place="region"),
    Tracked(
        "programme.StoryPhoto",
        without=("digest", "width", "height", "has_renditions", "created_at"),
        about="story",
    ),
    Tracked("programme.FeaturedChoice", without=("created_at",), about="listing"),
    Tracked(
        "programme.Broadcast",
        without=("form_key", "created_at", "person_count", "group_count"),
        place="region",
    ),
    Tracked("programme.SavedReport", without=("form_key", "created_at"), place="region"),
    Tracked(
        "programme.ReportRun",
        only=("name", "kind", "region", "filters", "asked_by", "state", "row_count", "error"),
        place="region",
    ),
    Tracked("programme.ReportDownload", without=("at",), about="run"),
)
TRACKED: tuple[Tracked, ...] = (
    *_PEOPLE,
    *_REGIONS,
    *_VENDORS,
    *_CATALOGUE,
    *_ORDERS,
    *_PAYMENTS,
    *_PROGRAMME,
)

_ITSELF_HISTORY = _("This is itself a history, to which rows are only added.")
_OF_A_SALE = _("This is written by a sale, as it was then, and changed by nobody of the staff.")
_LEDGER = _("This is fixed by the ledger and its triggers.")
_MACHINE = _("This is kept by the machine; people decide nothing there.")
_OWN_HISTORY = _("What was decided about it stands in its own history.")
_OWN_WISH = _("This is a person's own wish or list.")
_TERMS = _("The terms of an offer are written once, with it.")
UNTRACKED: Mapping[str, str | Promise] = {
    **dict.fromkeys(
        (
            "admin.LogEntry",
            "audit.Change",
            "communication.Notice",
            "communication.NoticeText",
            "partner.VendorEvent",
            "partner.CertificateEvent",
            "partner.CertificateCorrection",
            "partner.GroupChangeEvent",
            "partner.MemberEvent",
            "partner.InvitationEvent",
            "partner.StockMovement",
            "catalogue.ImportJobEvent",
            "catalogue.ListingEvent",
            "catalogue.ListingChangeEvent",
            "order.OrderEvent",
            "offer.OfferEvent",
            "order.VendorOrderEvent",
            "order.ReturnEvent",
            "order.ReviewEvent",
            "order.ReviewAnswerEvent",
            "programme.MisuseEvent",
            "payments.ProviderEvent",
            "programme.BroadcastEvent",
            "regions.MeetingMinutes",
            "regions.NominationEvent",
            "regions.NominationVersion",
            "regions.ReferenceLoad",
            "programme.AnnouncementEvent",
            "programme.CollectionEvent",
            "programme.StoryEvent",
        ),
        _ITSELF_HISTORY,
    ),
    **dict.fromkeys(
        (
            "offer.OfferPerson",
            "order.Order",
            "order.Line",
            "order.OrderDiscount",
            "order.OrderLineDiscount",
            "order.ShippingAddress",
            "order.Shipment",
            "order.Package",
            "order.PackageLine",
            "order.ReturnItem",
            "order.ReturnPhoto",
            "basket.Basket",
            "basket.Line",
            "payments.PaymentAttempt",
        ),
        _OF_A_SALE,
    ),
    **dict.fromkeys(
        (
            "payments.LedgerPosting",
            "payments.LedgerEntry",
            "payments.RefundItem",
            "payments.DisputeItem",
            "payments.Invoice",
            "payments.PayoutItem",
            "payments.Transfer",
            "payments.TransferReversal",
            "payments.BalanceTransaction",
        ),
        _LEDGER,
    ),
    **dict.fromkeys(
        (
            "people.OneTimeCode",
            "people.ProvenContact",
            "privacy.DataExport",
            "privacy.LeftFile",
            "people.Tally",
            "catalogue.FormerCategorySlug",
            "catalogue.ListingTally",
            "catalogue.SearchWord",
            "catalogue.ImportJob",
            "catalogue.ImportRow",
            "catalogue.ProposedPhoto",
            "payments.RefusedMessages",
            "programme.BroadcastRecipient",
            "programme.Claim",
            "programme.FeaturedTurn",
            "programme.FormerCollectionSlug",
            "programme.FormerStorySlug",
            "programme.PublishedImpact",
            "programme.FeaturedListing",
            "regions.MapTile",
            "auth.Permission",
            "contenttypes.ContentType",
            "sessions.Session",
            "sites.Site",
            "address.Country",
        ),
        _MACHINE,
    ),
    **dict.fromkeys(
        (
            "order.Review",
            "order.ReviewAnswer",
            "programme.MisuseCase",
            "programme.MisuseReport",
            "programme.WordReport",
        ),
        _OWN_HISTORY,
    ),
    **dict.fromkeys(
        (
            "communication.NoticePreference",
            "address.UserAddress",
            "catalogue.SavedListing",
            "catalogue.StockRequest",
            "catalogue.Follow",
            "catalogue.FollowNews",
            "basket.SetAside",
        ),
        _OWN_WISH,
    ),
    **dict.fromkeys(("offer.Benefit", "offer.Condition", "offer.Range", "voucher.Voucher"), _TERMS),
}
# Apps of Oscar of which no model that is not named above is written.
UNUSED_APPS = frozenset(
    {
        "address",
        "basket",
        "catalogue",
        "communication",
        "customer",
        "offer",
        "order",
        "partner",
        "reviews",
        "shipping",
        "voucher",
    }
)


@cache
def reasons() -> Mapping[str, str | Promise]:
    """Why what is not tracked is not, by the label in small letters."""
    return {label.lower(): reason for label, reason in UNTRACKED.items()}


@cache
def by_label() -> Mapping[str, Tracked]:
    """What is tracked, by the label that stands in the audit: "partner.partner"."""
    return {each.model._meta.label_lower: each for each in TRACKED}


@cache
def parts_of(label: str) -> frozenset[str]:
    """Labels of what is shown in the history of such a row too."""
    parts = {name: each.above for name, each in by_label().items()}
    return frozenset(name for name, above in parts.items() if above and above._meta.label_lower == label)
