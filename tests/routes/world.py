"""One of everything that an address may name, and one person of each role."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.test import Client
from django.utils import timezone

from audit.models import Change
from catalogue.models import ListingChange, Product, ProposedPhoto
from catalogue.services import importing
from notices.models import Notice, NoticeText
from notices.services.texts import Place, save_text
from orders.models import CommissionRule, Order, Return, Review, ReviewAnswer, TaxRate, VendorOrder
from orders.offers.models import ConditionalOffer
from orders.shipping.models import DeliveryMethod
from payments.models import (
    BalanceTransaction,
    BankReceipt,
    CashCollection,
    CashRule,
    Difference,
    Dispute,
    Invoice,
    LedgerPosting,
    PaymentAttempt,
    Payout,
    PayoutAccount,
    PayoutBatch,
    ProviderEvent,
    Refund,
    RefusedMessages,
    Transfer,
    WriteOff,
)
from payments.services.attempts import start_payment
from payments.services.balance import fetch_balance_transactions
from payments.services.cash import collect_cash
from payments.services.debts import propose_write_off
from payments.services.invoices import invoice_for
from payments.services.reconciling import reconcile
from payments.services.settling import settle
from people.models import User
from programme.models import (
    Announcement,
    Broadcast,
    CannedReason,
    Claim,
    Collection,
    CountryImpact,
    FeaturedChoice,
    FeaturedTurn,
    MisuseCase,
    ReportRun,
    SavedReport,
    ServiceLevel,
    Story,
    WordReport,
)
from programme.services.canned_reasons import create_canned_reasons
from programme.services.claims import take
from programme.services.featuring import draw_today
from regions.models import (
    CommitteeMeeting,
    EnteredChange,
    GeographicalIndication,
    GiParty,
    IdentifiedProduct,
    Nomination,
    Region,
    RegionRole,
    Scheme,
)
from tests.dashboard.given import photo
from tests.factories.broadcasts import BroadcastFactory
from tests.factories.catalogue import CategoryFactory, ListingFactory, ProposedPhotoFactory
from tests.factories.nominations import NominationFactory
from tests.factories.offers import an_offer
from tests.factories.orders import (
    CommissionRuleFactory,
    DeliveryMethodFactory,
    TaxRateFactory,
    UserAddressFactory,
)
from tests.factories.people import PersonFactory
from tests.factories.programme import (
    AnnouncementFactory,
    CollectionFactory,
    FeaturedChoiceFactory,
    StoryFactory,
)
from tests.factories.regions import GeographicalIndicationFactory, IdentifiedProductFactory
from tests.factories.register import an_entry
from tests.factories.reports import ReportRunFactory, SavedReportFactory
from tests.factories.reviews import ReviewAnswerFactory
from tests.factories.vendors import (
    CertificateFactory,
    GroupChangeFactory,
    GroupPersonFactory,
    MembershipFactory,
    RequirementFactory,
    VendorFactory,
)
from tests.orders.returned import a_return
from tests.payments.given import a_receipt, cash_order, sent
from tests.support.payouts import payout_rows
from tests.support.provider_fake import FakeProvider
from tests.support.sale import placed_order
from vendors.models import Certificate, GroupChange, Partner, Requirement, StockRecord
from vendors.services.documents import add_document

ROLES = ("visitor", "shopper", "member", "stranger", "officer", "moderator", "finance")


@dataclass(frozen=True)
class World:
    """Everything belongs to the group "this"; the member works for it, the stranger for another group.

    order is paid and not accepted yet, unpaid waits for its payment; both are the shopper's.
    """

    this: Partner
    other: Partner
    listing: Product
    draft: Product
    proposed_photo: ProposedPhoto
    order: Order
    unpaid: Order
    people: dict[str, User]

    def client(self, role: str, **options: Any) -> Client:
        """Somebody of that role, signed in; nobody in particular for the visitor."""
        client = Client(raise_request_exception=True, **options)
        if role != "visitor":
            client.force_login(self.people[role])
        return client

    @property
    def part(self) -> VendorOrder:
        """The group's part of the paid order."""
        return self.order.vendor_orders.get()

    @property
    def case(self) -> Return:
        """A return of that part, which the group has not answered yet."""
        return Return.objects.get(vendor_order=self.part)

    @property
    def type_of_groups(self) -> int:
        """Key by which the admin names the model of groups."""
        return ContentType.objects.get_for_model(Partner).pk

    @property
    def stock(self) -> StockRecord:
        """The listing's stock."""
        return StockRecord.objects.get(product=self.listing)


def build_world(provider: FakeProvider) -> World:
    """Build it. provider: what all services talk to."""
    this, other = VendorFactory(name="This", code="this"), VendorFactory(name="Other", code="other")
    listing = ListingFactory(vendor=this, categories=[CategoryFactory(name="Cloth", slug="cloth")])
    people = {
        "shopper": PersonFactory(),
        "member": MembershipFactory(vendor=this).user,
        "stranger": MembershipFactory(vendor=other).user,
        "officer": PersonFactory(officer=True),
        "moderator": PersonFactory(moderator=True),
        "finance": PersonFactory(finance=True),
    }
    UserAddressFactory(user=people["shopper"], is_default_for_shipping=True)
    order = placed_order((listing, 2), user=people["shopper"])
    attempt = start_payment(order)
    provider.pay(attempt.session_id)
    settle(attempt.pk)
    now = timezone.now()
    Refund.objects.create(
        attempt=attempt,
        key="refund:1",
        amount=attempt.amount,
        currency="INR",
        reason=Refund.Reason.PAID_TWICE,
        next_try_at=now,
    )
    Dispute.objects.create(
        attempt=attempt,
        provider_id="dp_1",
        amount=attempt.amount,
        currency="INR",
        state=Dispute.State.WON,
        closed_at=now,
    )
    ProviderEvent.objects.create(
        provider="stripe",
        event_id="evt_1",
        kind="checkout.session.completed",
        occurred_at=now,
        next_try_at=now,
    )
    # Not begun yet, so that every field can still be changed.
    begins = timezone.localdate() + timedelta(days=3)
    CommissionRuleFactory(vendor=this, valid_from=begins)
    TaxRateFactory(valid_from=begins)
    fetch_balance_transactions("stripe")
    RefusedMessages.objects.create(provider="stripe", day=now.date(), why="bad signature", count=3)
    # The refund above was never posted, which is a difference.
    reconcile(with_provider=False)
    a_receipt()
    importing.take_in(this, b"sku,title,price\nA,Tea,1\n", name="a.csv", token="t", actor=people["member"])
    collect_cash(
        sent(cash_order((ListingFactory(vendor=other), 1)).vendor_orders.get()), actor=people["stranger"]
    )
    # The commission on that cash is a debt.
    propose_write_off(other, amount=Decimal("1.00"), currency="INR", reason="closed", actor=people["finance"])
    invoice_for(VendorOrder.objects.select_related("order").get(order=order))
    payout_rows(order.vendor_orders.get())
    GroupPersonFactory(vendor=this)
    GroupChangeFactory(vendor=this)
    CertificateFactory(vendor=this)
    place = Place("order_paid", "sms", "en")
    save_text(place, subject="", text="Paid: {number}", actor=people["moderator"], seen=0)
    RequirementFactory()
    CollectionFactory(published=True, slug="losar", region=this.home_region)
    FeaturedChoiceFactory(listing=listing)
    StoryFactory(published=True, slug="red-rice", region=this.home_region)
    StoryFactory(region=this.home_region)
    AnnouncementFactory(audience="members", region=this.home_region)
    draw_today()
    # What the public sees is changed by those who publish; a draft by whoever writes.
    CollectionFactory(region=this.home_region)
    add_document(this, photo(), kind="identity", number="", actor=people["member"])
    DeliveryMethodFactory(vendor=this, code="own")
    # In a currency in which nothing is sold, so that nobody's prices change.
    an_offer(payer=this, currency="BTN", code="THIS1")
    IdentifiedProductFactory(region=this.home_region)
    nomination = NominationFactory(region=this.home_region, proposed_by=people["officer"])
    CommitteeMeeting.objects.create(
        scheme=nomination.scheme,
        held_on=date(2026, 3, 2),
        title="Third meeting",
        recorded_by=people["moderator"],
        form_key="meeting",
    )
    waits = an_entry("abolished", this.home_region, entered_by=people["moderator"], form_key="waits")
    waits.save()
    GiParty.objects.create(gi=GeographicalIndicationFactory(), part="A", name="Board")
    a_return(VendorOrder.objects.get(order=order))
    BroadcastFactory(author=people["moderator"], region=this.home_region)
    shared = {"kind": "groups", "is_shared": True, "owner": people["moderator"]}
    ReportRunFactory(report=SavedReportFactory(region=this.home_region, **shared))
    part = VendorOrder.objects.get(order=order)
    ReviewAnswerFactory(review__line=part.lines.get(), review__listing=listing)
    create_canned_reasons()
    ServiceLevel.objects.create(kind="group", hours=24)
    MisuseCase.objects.create(vendor=this, listing=listing)
    WordReport.objects.create(language="hi", wrong="Basket", reporter="a reader")
    take("certificate", this.certificates.get().pk, people["moderator"])
    return World(
        this=this,
        other=other,
        listing=listing,
        draft=ListingFactory(vendor=this, draft=True),
        proposed_photo=ProposedPhotoFactory(change__listing=listing),
        order=Order.objects.get(pk=order.pk),
        unpaid=placed_order((listing, 1), user=people["shopper"]),
        people=people,
    )


EXAMPLES: dict[str, type[models.Model]] = {
    "audit.change": Change,
    "auth.group": Group,
    "people.user": User,
    "communication.notice": Notice,
    "communication.noticetext": NoticeText,
    "regions.region": Region,
    "regions.enteredchange": EnteredChange,
    "regions.regionrole": RegionRole,
    "regions.scheme": Scheme,
    "programme.broadcast": Broadcast,
    "programme.cannedreason": CannedReason,
    "programme.claim": Claim,
    "programme.wordreport": WordReport,
    "programme.misusecase": MisuseCase,
    "programme.savedreport": SavedReport,
    "programme.reportrun": ReportRun,
    "programme.servicelevel": ServiceLevel,
    "programme.schemecoverage": Scheme,
    "programme.countryimpact": CountryImpact,
    "programme.announcement": Announcement,
    "programme.story": Story,
    "programme.collection": Collection,
    "programme.featuredchoice": FeaturedChoice,
    "programme.featuredturn": FeaturedTurn,
    "regions.identifiedproduct": IdentifiedProduct,
    "regions.nomination": Nomination,
    "regions.committeemeeting": CommitteeMeeting,
    "regions.geographicalindication": GeographicalIndication,
    "regions.giparty": GiParty,
    "partner.partner": Partner,
    "partner.requirement": Requirement,
    "partner.certificate": Certificate,
    "partner.groupchange": GroupChange,
    "catalogue.product": Product,
    "catalogue.listingchange": ListingChange,
    "catalogue.category": CategoryFactory._meta.model,
    "order.order": Order,
    "offer.conditionaloffer": ConditionalOffer,
    "order.vendororder": VendorOrder,
    "order.return": Return,
    "order.review": Review,
    "order.reviewanswer": ReviewAnswer,
    "order.commissionrule": CommissionRule,
    "order.taxrate": TaxRate,
    "shipping.deliverymethod": DeliveryMethod,
    "payments.paymentattempt": PaymentAttempt,
    "payments.providerevent": ProviderEvent,
    "payments.refund": Refund,
    "payments.dispute": Dispute,
    "payments.balancetransaction": BalanceTransaction,
    "payments.refusedmessages": RefusedMessages,
    "payments.difference": Difference,
    "payments.payout": Payout,
    "payments.payoutbatch": PayoutBatch,
    "payments.payoutaccount": PayoutAccount,
    "payments.transfer": Transfer,
    "payments.invoice": Invoice,
    "payments.ledgerposting": LedgerPosting,
    "payments.bankreceipt": BankReceipt,
    "payments.cashrule": CashRule,
    "payments.writeoff": WriteOff,
    "payments.cashcollection": CashCollection,
}
