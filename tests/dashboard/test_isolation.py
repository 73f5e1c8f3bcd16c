"""Every route of the dashboard, asked for with another group's ids: 404, and nothing changes."""

import pytest
from django.urls import reverse

from catalogue.models import ImportJob, ListingChange, Product
from catalogue.services import importing
from dashboard.urls import urlpatterns
from notices.models import Notice
from orders.models import Package, Return, ReviewAnswer, Shipment, VendorOrderEvent
from orders.shipping.models import DeliveryMethod
from payments.models import Invoice
from tests.dashboard.given import METHOD, member_of, paid_part, photo, stock_record
from tests.factories.catalogue import ListingFactory, ProposedPhotoFactory
from tests.factories.offers import an_offer
from tests.factories.orders import DeliveryMethodFactory
from tests.factories.people import PersonFactory
from tests.factories.reviews import ReviewFactory
from tests.factories.vendors import (
    CertificateFactory,
    GroupPersonFactory,
    GroupPhotoFactory,
    MembershipFactory,
    VendorFactory,
)
from tests.orders.returned import a_return
from tests.support.sale import a_listing
from vendors.models import Certificate, GroupDocument, GroupPerson, GroupPhoto, Invitation, Membership
from vendors.services.documents import add_document
from vendors.services.invitations import invite

pytestmark = [pytest.mark.django_db, pytest.mark.isolation]

WITHOUT_IDS = {
    "dashboard-return-list",
    "dashboard-figures",
    "dashboard-figures-csv",
    "dashboard-home",
    "dashboard-our-group",
    "dashboard-order-list",
    "dashboard-pick-list",
    "dashboard-orders-csv",
    "dashboard-listing-list",
    "dashboard-listing-create",
    "dashboard-file",
    "dashboard-file-columns",
    "dashboard-file-template",
    "dashboard-file-export",
    "dashboard-money",
    "dashboard-stripe",
    "dashboard-application",
    "dashboard-group-facts",
    "dashboard-group-place",
    "dashboard-story",
    "dashboard-group-photos",
    "dashboard-group-people",
    "dashboard-group-papers",
    "dashboard-certificates",
    "dashboard-review-list",
    "dashboard-certificate-create",
    "dashboard-statement",
    "dashboard-statement-pdf",
    "dashboard-statement-csv",
    "dashboard-payout-account",
    "dashboard-closure",
    "dashboard-delivery",
    "dashboard-delivery-create",
    "dashboard-reach",
    "dashboard-members",
    "dashboard-offer-list",
}


class Theirs:
    """What another group has, and every address that names it."""

    def __init__(self):
        self.listing = a_listing(title="Foreign honey")
        self.draft = ListingFactory(draft=True, vendor=self.listing.vendor, title="Foreign draft")
        self.part = paid_part(self.listing, 2, phone="+97517999999")
        self.record = stock_record(self.listing)
        self.offer = an_offer(payer=self.listing.vendor, currency="BTN")
        self.member = MembershipFactory(vendor=self.listing.vendor, user__name="Foreign Pema", role="packer")
        self.invitation = invite(
            self.listing.vendor,
            "+97517888888",
            name="Foreign Sonam",
            role="packer",
            actor=self.member.user,
        )
        self.job = importing.take_in(
            self.listing.vendor,
            b"sku,title,price\nA,Foreign tea,1\nB,,2\n",
            name="Foreign.csv",
            token="t",
            actor=member_of(self.listing.vendor),
        )
        importing.run(self.job.pk)
        self.person = GroupPersonFactory(vendor=self.listing.vendor, name="Foreign Dema")
        self.photo = GroupPhotoFactory(vendor=self.listing.vendor, alt_text="Foreign loom")
        self.paper = add_document(
            self.listing.vendor, photo(), kind="identity", number="Foreign 1", actor=PersonFactory()
        )
        self.certificate = CertificateFactory(vendor=self.listing.vendor, number="Foreign 2")
        self.case = a_return(self.part)
        self.method = DeliveryMethodFactory(vendor=self.listing.vendor, name="Foreign bus")
        self.review = ReviewFactory(line=self.part.lines.get(), words="Foreign words")
        self.waiting = ProposedPhotoFactory(change__listing=self.listing)

    def requests(self):
        """(route, method, ids, what is sent)."""
        number, record = [self.part.number], [self.record.pk]
        yield "dashboard-offer-stop", "post", [self.offer.pk], {}
        yield "dashboard-offer-codes", "post", [self.offer.pk], {}
        ship = {"carrier": "courier", "tracking_number": "1"}
        for listing in (self.listing, self.draft):
            yield "dashboard-listing-detail", "get", [listing.pk], {}
            yield "dashboard-listing-detail", "post", [listing.pk], {"title": "Mine now", "photos": photo()}
            yield "dashboard-listing-move", "post", [listing.pk], {"do": "withdraw"}
            yield "dashboard-listing-move", "post", [listing.pk], {"do": "drop_change"}
            yield "dashboard-listing-copy", "post", [listing.pk], {}
            yield "dashboard-listing-receives", "get", [], {"price": "10", "listing": listing.pk}
        yield "dashboard-order-detail", "get", number, {}
        yield "dashboard-order-accept", "post", number, {}
        units = {f"units-{line.pk}": 0 for line in self.part.lines.all()}
        no = {"reason": "sold_out", "words": "none left"}
        yield "dashboard-order-decline", "get", number, {}
        yield "dashboard-order-decline", "post", number, no
        yield "dashboard-order-short", "get", number, {}
        yield "dashboard-order-short", "post", number, {**no, **units}
        yield "dashboard-order-pack", "get", number, {}
        yield "dashboard-order-pack", "post", number, {**units, "seen": 0}
        yield "dashboard-order-unpack", "post", number, {"package": 1}
        yield "dashboard-order-delivered", "post", number, {}
        yield "dashboard-order-slip", "get", number, {}
        yield "dashboard-order-ship", "get", number, {}
        yield "dashboard-order-ship", "post", number, ship
        yield "dashboard-order-cash", "post", number, {}
        yield "dashboard-order-invoice", "get", number, {}
        yield "dashboard-stock", "get", record, {}
        yield "dashboard-stock", "post", record, {"units": 0, "seen": 10, "back": "home"}
        yield "dashboard-stock-history", "get", record, {}
        for sent in ({"do": "step", "units": "1", "token": "t"}, {"do": "count", "units": "1", "seen": "10"}):
            yield "dashboard-stock-list", "post", [], {"record": self.record.pk, **sent}
        for do in ("price", "notice"):
            sent = {"record": self.record.pk, "do": do, "price": "1", "threshold": "9"}
            yield "dashboard-stock-list", "post", [], sent
        yield "dashboard-file-job", "get", [self.job.pk], {}
        for do in ("begin", "stop"):
            yield "dashboard-file-job", "post", [self.job.pk], {"do": do}
        yield "dashboard-file-errors", "get", [self.job.pk], {}
        yield "dashboard-price", "get", record, {}
        yield "dashboard-price", "post", record, {"price": "1"}
        yield "dashboard-delivery-detail", "get", [self.method.pk], {}
        for sent in (METHOD, {"do": "off"}, {"do": "on"}):
            yield "dashboard-delivery-detail", "post", [self.method.pk], sent
        yield "dashboard-group-person", "get", [self.person.pk], {}
        yield "dashboard-group-person", "post", [self.person.pk], {"name": "Mine now"}
        yield "dashboard-group-person", "post", [self.person.pk], {"do": "remove"}
        yield "dashboard-group-paper", "get", [self.paper.pk], {}
        yield "dashboard-group-papers", "post", [], {"remove": self.paper.pk}
        yield "dashboard-certificate", "get", [self.certificate.pk], {}
        yield "dashboard-certificate", "post", [self.certificate.pk], {"reason": "Mine now", "version": 1}
        yield "dashboard-review", "get", [self.review.pk], {}
        yield "dashboard-review", "post", [self.review.pk], {"words": "Mine now"}
        yield "dashboard-member", "get", [self.member.pk], {}
        for do in ("resend", "withdraw"):
            yield "dashboard-invitation", "post", [self.invitation.pk], {"do": do}
        yield "dashboard-member", "post", [self.member.pk], {"role": "chair"}
        yield "dashboard-member", "post", [self.member.pk], {"do": "remove"}
        yield "dashboard-on-behalf", "post", [], {"group": self.listing.vendor.code}
        yield "dashboard-listing-products", "get", [], {"region": 2**29}
        for do in ("send-back", "keep", "refuse", "received"):
            yield "dashboard-return", "post", [self.case.pk], {"do": do, "reason": "No"}
        yield "dashboard-return", "get", [self.case.pk], {}
        yield "dashboard-return-photo", "get", [self.case.pk, self.case.photos.get().pk], {}
        yield "proposed-photo", "get", [self.waiting.pk], {}
        yield "dashboard-group", "post", [], {"group": self.listing.vendor.code}

    def desk_requests(self):
        """Those of the desk alone: staff look at photos that wait in the admin, under the same address."""
        return [request for request in self.requests() if request[0] != "proposed-photo"]

    def state(self):
        """All that a request could have changed."""
        return {
            "listings": list(
                Product.objects.order_by("pk").values_list("pk", "title", "state", "price_from", "vendor")
            ),
            "stock": list(
                type(self.record).objects.order_by("pk").values_list("price", "num_in_stock", "num_allocated")
            ),
            "moves": VendorOrderEvent.objects.count(),
            "returns": list(Return.objects.values_list("pk", "state")),
            "shipments": Shipment.objects.count(),
            "packages": Package.objects.count(),
            "photos": self.draft.images.count(),
            "changes": list(ListingChange.objects.values_list("state", "proposed", "version")),
            "files": list(ImportJob.objects.values_list("state", flat=True)),
            "invitations": list(Invitation.objects.values_list("state", "sent_count")),
            "members": list(Membership.objects.order_by("pk").values_list("pk", "role")),
            "notices": Notice.objects.count(),
            "papers": Invoice.objects.count(),
            "story": list(GroupPerson.objects.values_list("pk", "name")),
            "photos of groups": list(GroupPhoto.objects.values_list("pk", "alt_text", "display_order")),
            "ways of sending": list(DeliveryMethod.objects.order_by("pk").values_list("name", "is_active")),
            "answers": ReviewAnswer.objects.count(),
            "certificates": list(Certificate.objects.values_list("pk", "state")),
            "papers of groups": list(GroupDocument.objects.values_list("pk", flat=True)),
        }


@pytest.fixture
def theirs():
    return Theirs()


def ask(client, route, method, ids, sent):
    return getattr(client, method)(reverse(route, args=ids), sent)


def test_requests_below_cover_every_route(theirs):
    covered = {route for route, *_rest in theirs.requests()}

    assert covered | WITHOUT_IDS | {"dashboard-stripe-begin", "dashboard-invite"} == {
        pattern.name for pattern in urlpatterns
    }


@pytest.mark.parametrize("role", ["chair", "bookkeeper", "packer"])
def test_ids_of_another_group_are_not_found(client, theirs, role):
    client.force_login(member_of(VendorFactory(), role))
    before = theirs.state()

    answers = {
        (route, method, ids[0] if ids else ""): ask(client, route, method, ids, sent).status_code
        for route, method, ids, sent in theirs.requests()
    }

    assert set(answers.values()) == {404}, answers
    assert theirs.state() == before


def test_lists_of_a_member_name_nothing_of_another_group(client, theirs):
    client.force_login(member_of(VendorFactory()))

    pages = [
        client.get(reverse(route)).content.decode("utf-8", errors="replace") for route in sorted(WITHOUT_IDS)
    ]

    for text in pages:
        assert "Foreign" not in text
        assert theirs.part.number not in text
        assert theirs.listing.vendor.name not in text


@pytest.mark.parametrize("trait", ["superuser", "officer", "moderator", "finance", ""])
def test_desk_is_not_there_for_people_without_a_group(client, theirs, trait):
    person = PersonFactory(**({trait: True} if trait else {}))
    client.force_login(person)
    before = theirs.state()

    statuses = {ask(client, *request).status_code for request in theirs.desk_requests()}
    statuses |= {client.get(reverse(route)).status_code for route in WITHOUT_IDS}
    statuses |= {client.post(reverse("dashboard-listing-create"), {"title": "x"}).status_code}

    assert statuses == {404}
    assert theirs.state() == before


def test_staff_who_serve_one_group_see_that_group_only(client, theirs):
    officer = PersonFactory(officer=True)
    member_of(VendorFactory(), user=officer)
    client.force_login(officer)

    statuses = {ask(client, *request).status_code for request in theirs.desk_requests()}
    orders = client.get(reverse("dashboard-order-list"))

    assert statuses == {404}
    assert orders.context["rows"] == []


def test_visitors_are_asked_to_sign_in(client, theirs):
    before = theirs.state()

    answers = [ask(client, *request) for request in theirs.requests()]
    answers += [client.get(reverse(route)) for route in WITHOUT_IDS]

    assert {answer.status_code for answer in answers} == {302}
    assert all(answer.url.startswith(reverse("account-login")) for answer in answers)
    assert theirs.state() == before


def test_a_member_who_left_the_group_sees_nothing_any_more(client, theirs):
    leaver = member_of(theirs.listing.vendor)
    client.force_login(leaver)
    assert client.get(reverse("dashboard-order-detail", args=[theirs.part.number])).status_code == 200
    theirs.listing.vendor.memberships.filter(user=leaver).delete()

    statuses = {ask(client, *request).status_code for request in theirs.requests()}

    assert statuses == {404}
