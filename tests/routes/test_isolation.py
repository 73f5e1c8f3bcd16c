"""Every route of shop, desk and admin, asked for with another group's ids: not there, and nothing changes."""

from urllib.parse import urlencode

import pytest
from django.db.models import CharField, Value
from django.db.models.functions import Concat
from django.urls import reverse

from catalogue.models import ImportJob, Product
from catalogue.services import importing
from marketplace import health
from orders.shipping.models import DeliveryMethod
from people.models import User
from regions.models import Nomination
from tests.dashboard.given import paid_part, photo
from tests.factories.catalogue import ListingFactory, ProposedPhotoFactory
from tests.factories.offers import an_offer
from tests.factories.orders import DeliveryMethodFactory
from tests.factories.people import PersonFactory
from tests.factories.reviews import ReviewAnswerFactory
from tests.factories.vendors import (
    CertificateFactory,
    GroupPersonFactory,
    GroupPhotoFactory,
    MembershipFactory,
    VendorFactory,
)
from tests.orders.returned import a_return
from tests.routes import resolver
from tests.routes.table import ADMIN, MODELS, NOT_A_PAGE, OWN, UNUSED_MODELS, VIEW
from tests.routes.world import EXAMPLES, World, build_world
from tests.support.sale import fake_provider
from tests.support.whole import changed_tables, lost_rows, whole_database
from vendors.models import GroupDocument, GroupPerson, GroupPhoto
from vendors.services.documents import add_document

__all__ = ["fake_provider"]

pytestmark = [pytest.mark.django_db, pytest.mark.isolation]

# Everybody may see what these show, and nobody's rows but the visitor's own can be changed by them.
PUBLIC = {
    "healthz",
    "media",
    "stripe-webhook",
    "stripe-connect-webhook",
    "home",
    "how-it-works",
    "impact",
    "impact-file",
    "language",
    "band",
    "known-picture",
    "robots",
    "shared-picture",
    "suggestion-list",
    "place-option-list",
    "sitemap-index",
    "sitemap-section",
    "product-feed",
    "place-suggest",
    "place-list",
    "place-detail",
    "category-detail",
    "listing-list",
    "listing-count",
    "listing-detail",
    "listing-save",
    "place-follow",
    "vendor-follow",
    "listing-stock",
    "report-listing",
    "wrong-word",
    "report-group",
    "report-review",
    "vendor-list",
    "vendor-detail",
    "announcement-dismiss",
    "seen-forget",
    "story-list",
    "story-detail",
    "collection-list",
    "collection-detail",
    "style",
    "sell",
    "deliver-to",
    "basket",
    "basket-add",
    "basket-aside",
    "basket-code",
    "order-find",
    "account-login",
    "account-join",
}
# Pages of the one who asks: their addresses and forms name nobody's row.
ONES_OWN = {
    "sell-begin",
    "checkout-address",
    "checkout-delivery",
    "checkout-review",
    "checkout-place",
    "account-home",
    "account-saved",
    "account-following",
    "account-addresses",
    "account-address-new",
    "account-stock",
    "account-reach",
    "account-close",
    "account-closed",
    "account-data",
    "account-data-ask",
    "account-keep-orders",
    "account-confirm",
    "account-confirm-code",
    "account-code",
    "account-code-again",
    "account-new",
    "account-password",
    "account-logout",
    "dashboard-home",
    "dashboard-reach",
    "dashboard-our-group",
    "dashboard-closure",
    "dashboard-delivery",
    "dashboard-delivery-create",
    "dashboard-group-facts",
    "dashboard-group-place",
    "dashboard-story",
    "dashboard-group-people",
    "dashboard-members",
    "dashboard-invite",
    "dashboard-order-list",
    "dashboard-pick-list",
    "dashboard-orders-csv",
    "dashboard-figures",
    "dashboard-figures-csv",
    "dashboard-return-list",
    "dashboard-review-list",
    "dashboard-money",
    "dashboard-statement",
    "dashboard-statement-pdf",
    "dashboard-statement-csv",
    "dashboard-certificates",
    "dashboard-payout-account",
    "dashboard-stripe",
    "dashboard-stripe-begin",
    "dashboard-listing-list",
    "dashboard-file-columns",
    "dashboard-file-template",
    "dashboard-file-export",
}
# Addresses without an id whose forms may name rows: sent below with another group's, beside one's own.
NAMED_IN_FORMS = {
    "dashboard-offer-list",
    "basket-line",
    "order-received",
    "dashboard-group",
    "dashboard-on-behalf",
    "dashboard-application",
    "dashboard-group-photos",
    "dashboard-group-papers",
    "dashboard-certificate-create",
    "dashboard-member",
    "dashboard-listing-create",
    "dashboard-listing-receives",
    "dashboard-listing-products",
    "dashboard-stock-list",
    "dashboard-file",
}

# Addresses whose id is of no group, or of a row that the example does not have.
NOT_OF_A_GROUP = {"dashboard-on-behalf"}


@pytest.fixture
def theirs(fake_provider, monkeypatch):
    """Another group and its buyer, whose names all say so."""
    monkeypatch.setattr(health, "silent_parts", list)
    world = build_world(fake_provider)
    GroupPhotoFactory(vendor=world.this)
    for model, field in (
        (Product, "title"),
        (GroupPerson, "name"),
        (GroupPhoto, "alt_text"),
        (User, "name"),
        (DeliveryMethod, "name"),
    ):
        foreign = Concat(Value("Foreign "), field, output_field=CharField())
        whose = {"memberships__vendor": world.this} if model is User else {"vendor": world.this}
        model.objects.filter(pk__in=list(model.objects.filter(**whose).values_list("pk", flat=True))).update(
            **{field: foreign}
        )
    world.this.name = "Foreign group"
    world.this.save(update_fields=["name"])
    return world


def private_routes(world):
    """Routes whose address names a row that is not for everybody."""
    return {
        name: route
        for name, route in OWN.items()
        if name not in PUBLIC | ONES_OWN | NAMED_IN_FORMS and route.names(world)
    }


def test_every_route_is_public_or_ones_own_or_walked_with_foreign_ids(theirs):
    assert resolver.own_routes() == PUBLIC | ONES_OWN | NAMED_IN_FORMS | set(private_routes(theirs))


def answers_of(client, world):
    """Status by route and method, of all private routes with the world's ids."""
    return {
        (name, method): getattr(client, method)(
            reverse(name, kwargs=dict(route.names(world))), dict(route.form(world))
        ).status_code
        for name, route in private_routes(world).items()
        for method in ("get", "post")
    }


@pytest.mark.parametrize("who", ["chair", "bookkeeper", "packer", "shopper"])
def test_rows_of_another_group_and_of_its_buyer_are_not_found(client, theirs, who):
    person = PersonFactory() if who == "shopper" else MembershipFactory(vendor=VendorFactory(), role=who).user
    client.force_login(person)
    before = whole_database()

    answers = answers_of(client, theirs)

    # It leads whoever comes to the order, which is not there for them; the money's own state decides the rest.
    assert answers.pop(("checkout-return", "get")) == 302
    allowed = {
        (name, method): {404, 405} if getattr(OWN[name], method) == NOT_A_PAGE else {404}
        for name, method in answers
    }
    assert {key: status for key, status in answers.items() if status not in allowed[key]} == {}
    # Whoever comes back from a payment page is counted, so that nobody has the provider asked without end.
    assert changed_tables(before, whole_database()) <= {"people_tally"}


def admin_pages(world):
    """Addresses of the admin: its own, and each page of each model with a row of the group or of its like."""
    own = {
        name: reverse(name, kwargs=dict(route.names(world)))
        for name, route in ADMIN.items()
        if name not in ("admin:login", "admin:logout")
    }
    group = {"app_label": "order", "model_name": "returnitem", "field_name": "line", "term": "Foreign"}
    own["admin:autocomplete"] += "?" + urlencode(group)
    named = {
        "communication_noticetext_write": ["order_paid", "sms", "en"],
        "partner_partner_paper": [world.this.pk, world.this.documents.get().pk],
        "regions_nomination_propose": [],
        "regions_region_waiting": [],
        "regions_nomination_paper": [Nomination.objects.first().pk, 1],
        "order_return_photo": [world.case.photos.get().pk],
        "programme_claim_next": [],
        "programme_claim_item": ["certificate", world.this.certificates.get().pk],
        "programme_claim_leave": ["certificate", world.this.certificates.get().pk],
        "payments_refund_ask": [world.order.number],
        "payments_payoutbatch_import": [],
        "audit_change_csv": [],
        "programme_wordreport_coverage": [],
        "programme_wordreport_csv": [],
        "programme_wordreport_rows": ["listings", "hi"],
        "payments_payout_waiting": [],
        "payments_bankreceipt_import": [],
    }
    for model, pages in resolver.admin_model_routes().items():
        row = EXAMPLES[model].objects.first().pk if model in EXAMPLES else 1
        for page in pages:
            key = f"{model.replace('.', '_')}_{page}"
            takes_row = page not in ("changelist", "add")
            ids = [row] if takes_row else []
            own[key] = reverse(f"admin:{key}", args=named.get(key, ids))
    return own


@pytest.mark.parametrize("who", ["member", "stranger", "shopper"])
def test_admin_is_closed_to_members_and_changes_nothing(theirs, who):
    client = theirs.client(who)
    before = whole_database()

    answers = {
        (name, method): getattr(client, method)(path)
        for name, path in admin_pages(theirs).items()
        for method in ("get", "post")
    }

    assert {key for key, answer in answers.items() if answer.status_code != 302} == set()
    assert {key for key, answer in answers.items() if "/admin/login/" not in answer.url} == set()
    assert changed_tables(before, whole_database()) == set()


def is_closed(answer):
    """Refused; or led to the first page, as Django does for the history of a row that does not exist."""
    return answer.status_code in (403, 404, 405) or getattr(answer, "url", "") == reverse("admin:index")


@pytest.mark.parametrize("who", ["officer", "moderator", "finance"])
def test_staff_without_the_right_see_and_change_nothing_in_the_admin(theirs, who):
    client = theirs.client(who)
    without = {
        model for model in set(MODELS) | UNUSED_MODELS if VIEW not in MODELS.get(model, {}).get(who, set())
    }
    pages = {
        name: path
        for name, path in admin_pages(theirs).items()
        if any(name.startswith(f"{model.replace('.', '_')}_") for model in without)
        and not any(name.startswith(f"{model.replace('.', '_')}_") for model in set(MODELS) - without)
    }
    before = whole_database()

    answers = {
        (name, method): getattr(client, method)(path, {"do": "approve", "name": "Mine now"})
        for name, path in pages.items()
        for method in ("get", "post")
    }

    assert len(pages) > 20
    assert {key for key, answer in answers.items() if not is_closed(answer)} == set()
    assert changed_tables(before, whole_database()) == set()


def build_mine(theirs):
    """Another group with one of everything, made after the first."""
    group = VendorFactory(name="Mine", code="mine")
    member = MembershipFactory(vendor=group).user
    listing = ListingFactory(vendor=group, title="My tea")
    part = paid_part(listing, 2)
    GroupPersonFactory(vendor=group)
    CertificateFactory(vendor=group)
    GroupPhotoFactory(vendor=group)
    DeliveryMethodFactory(vendor=group, code="own")
    importing.take_in(group, b"sku,title,price\nB,Tea,1\n", name="b.csv", token="u", actor=member)
    add_document(group, photo(), kind="identity", number="", actor=member)
    a_return(part)
    an_offer(payer=group, currency="BTN", code="MINE1")
    ReviewAnswerFactory(review__line=part.lines.get(), review__listing=listing)
    return World(
        this=group,
        other=theirs.this,
        listing=listing,
        draft=ListingFactory(vendor=group, draft=True),
        proposed_photo=ProposedPhotoFactory(change__listing=listing),
        order=part.order,
        unpaid=part.order,
        people={"member": member},
    )


def foreign_fields(world):
    """Every name under which a form may carry the id of a row, with the other group's."""
    draft_photo = world.draft.images.first() or world.listing.images.first()
    line = world.part.lines.first()
    group_photo = world.this.photos.get()
    fields = {
        "group": world.this.code,
        "vendor": world.this.pk,
        "listing": world.listing.pk,
        "product": world.listing.pk,
        "record": world.stock.pk,
        "requirement": 2**31,
        "package": 1,
        "packages": [1],
        f"units-{line.pk}": 0,
        "method": world.this.delivery_methods.get(code="own").pk,
        "job": ImportJob.objects.get(vendor=world.this).pk,
        "person": world.this.people.get().pk,
        "document": GroupDocument.objects.get(vendor=world.this).pk,
        "remove": group_photo.pk,
        "first": group_photo.pk,
        "earlier": group_photo.pk,
        f"alt-{group_photo.pk}": "Mine now",
        "account": 1,
        "invitation": 1,
        "membership": world.this.memberships.first().pk,
        f"size-{world.listing.pk}-price": "1",
        f"{world.stock.pk}-price": "1",
        "seen": 0,
    }
    if draft_photo is not None:
        fields |= {
            "photo": [str(draft_photo.pk)],
            f"alt-{draft_photo.pk}": "Mine now",
            "photo-do": f"remove:{draft_photo.pk}",
        }
    return fields


DEEDS = ("save", "send", "remove", "size", "withdraw", "drop_change", "begin", "stop", "off", "keep")


def desk_pages(world):
    """Address by route of the desk, with a group's own ids, and what its form sends."""
    return {
        name: (reverse(name, kwargs=dict(route.names(world))), dict(route.form(world)))
        for name, route in OWN.items()
        if name.startswith("dashboard-") and name not in NOT_OF_A_GROUP
    }


def test_ids_of_another_group_in_the_fields_of_ones_own_forms_change_nothing_of_it(client, theirs):
    before = whole_database()
    mine = build_mine(theirs)
    client.force_login(mine.people["member"])
    fields = foreign_fields(theirs)

    statuses = {
        client.post(path, {**form, **fields, "do": do}).status_code
        for path, form in desk_pages(mine).values()
        for do in DEEDS
    }

    assert statuses <= {200, 302, 400, 404, 405}
    assert lost_rows(before, whole_database()) == {}


def test_pages_lists_choices_and_files_of_ones_own_name_nothing_of_another_group(client, theirs):
    mine = build_mine(theirs)
    client.force_login(mine.people["member"])
    place = theirs.this.home_region

    pages = {name: client.get(path) for name, (path, _form) in desk_pages(mine).items()}
    pages["suggested places"] = client.get(
        reverse("place-suggest"), {"name": "region", "region_words": "Foreign"}
    )
    pages["suggested products"] = client.get(reverse("dashboard-listing-products"), {"region": place.pk})
    texts = {name: _bytes(page).decode("utf-8", errors="replace") for name, page in pages.items()}

    assert {name for name, text in texts.items() if "Foreign" in text.replace('value="Foreign"', "")} == set()
    assert {name for name, text in texts.items() if theirs.part.number in text} == set()


def _bytes(answer):
    return b"".join(answer) if answer.streaming else answer.content
