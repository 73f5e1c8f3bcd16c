"""What load_demo promises of the rows it writes."""

from collections import Counter
from decimal import Decimal
from io import StringIO
from itertools import pairwise

import pytest
from django.contrib.postgres.search import SearchQuery
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Q
from django.utils import timezone
from oscar.core.loading import get_model

from catalogue.models import Product, ProductImage
from catalogue.services.review import missing_parts
from marketplace.demo import loading
from marketplace.demo.people import LOGINS, OWN_GROUP, PASSWORD
from orders.domain.delivery import Package
from orders.domain.numbers import read_order_number
from orders.models import Order, Return, Shipment, VendorOrder
from orders.services.fulfilment import ShipmentData, accept, ship
from orders.shipping.models import DeliveryMethod
from orders.shipping.options import delivery_options
from payments.models import PaymentAttempt
from people.models import User
from regions.models import Region
from tests.demo.rows import everything
from vendors.models import Membership, Partner, StockRecord


def test_size(demo):
    live = Product.objects.live().whole()

    assert Partner.objects.public().count() >= 60
    assert live.values("region").distinct().count() >= 45
    assert Product.objects.whole().count() == demo.listings == 400
    assert demo.orders == Order.objects.count() == 353
    countries = {
        Region.objects.get(pk=pk).country_code for pk in live.values_list("region", flat=True).distinct()
    }
    assert countries == {"BT", "IN"}


def test_second_run_changes_nothing(demo):
    before = everything()

    again = loading.load(say=lambda line: None)

    assert everything() == before
    assert (again.groups, again.listings, again.orders) == (0, 0, 0)


def test_further_listings_are_added_to_what_is_there(demo, monkeypatch):
    monkeypatch.setattr(loading, "BATCH", 70)
    said = []

    report = loading.load(600, say=said.append)

    assert report.listings == 200
    assert Product.objects.whole().count() == 600
    assert len(said) == 3
    assert "600 of 600 listings" in said[-1]
    assert Partner.objects.filter(code__startswith="example-group-").count() == 4
    assert loading.load(600).listings == 0


def test_every_example_is_marked(demo):
    assert not Partner.objects.filter(~Q(is_example=True) | ~Q(story__startswith="Example:")).exists()
    assert (
        not Product.objects.whole()
        .filter(~Q(is_example=True) | ~Q(description__startswith="Example:"))
        .exists()
    )
    assert not User.objects.filter(is_example=False).exists()
    assert not Order.objects.filter(is_example=False).exists()
    assert not User.objects.exclude(name__contains="xample").exists()


def test_listings_are_made_from_identified_products_of_their_place(demo):
    for listing in Product.objects.whole().select_related("identified_product__region", "region"):
        assert listing.identified_product.region.contains(listing.region), listing.title


def test_what_is_on_sale_would_pass_review(demo):
    for listing in Product.objects.live().whole():
        assert missing_parts(listing) == [], listing.title


def test_every_state_is_there(demo):
    states = set(Product.objects.whole().values_list("state", flat=True))
    vendors = set(Partner.objects.values_list("state", flat=True))
    orders = set(Order.objects.values_list("status", flat=True))
    parts = set(VendorOrder.objects.values_list("state", flat=True))

    assert states == set(Product.State.values)
    assert vendors == set(Partner.State.values) - {"closed"}
    assert orders == set(Order.Status.values)
    assert parts == set(VendorOrder.State.values)
    assert Partner.objects.exclude(closed_from=None).exists()
    assert StockRecord.objects.filter(num_in_stock=F("num_allocated")).count() > 5
    assert StockRecord.objects.filter(num_in_stock=F("num_allocated") + 1).count() > 5


def test_lowest_price_stands_beside_each_listing(demo):
    for listing in Product.objects.whole().prefetch_related("stockrecords", "children__stockrecords"):
        holders = list(listing.children.all()) or [listing]
        prices = [record.price for holder in holders for record in holder.stockrecords.all()]
        assert listing.price_from == min(prices), listing.title
        assert all(price >= 5 and price % 5 == 0 for price in prices), listing.title


def test_sizes_follow_their_listing(demo):
    sizes = Product.objects.filter(structure=Product.CHILD)

    assert sizes.count() > 400
    for name in ("state", "vendor", "region", "is_public", "published_at"):
        assert (
            not sizes.exclude(**{name: F(f"parent__{name}")}).exclude(**{f"{name}__isnull": True}).exists()
        ), name
    assert not sizes.filter(size_label="", net_quantity=None).exists()


def test_sums_agree_from_line_to_charge(demo):
    for order in Order.objects.prefetch_related("lines", "vendor_orders", "attempts"):
        parts = list(order.vendor_orders.all())
        goods = sum(line.line_price_incl_tax for line in order.lines.all())
        assert order.total_incl_tax == sum(part.total for part in parts) == goods + order.shipping_incl_tax
        paid = [
            attempt for attempt in order.attempts.all() if attempt.state == PaymentAttempt.State.SUCCEEDED
        ]
        assert len(paid) == (order.paid_at is not None)
        assert all(attempt.amount_received == order.total_incl_tax for attempt in paid)
        assert read_order_number(order.number) == order.number


def test_history_tells_how_each_order_came_where_it_is(demo):
    for order in Order.objects.prefetch_related("events", "vendor_orders__events"):
        for row, moves, state in [
            (order, Order.MOVES, order.status),
            *((part, VendorOrder.MOVES, part.state) for part in order.vendor_orders.all()),
        ]:
            events = list(row.events.all())
            assert events[0].from_state == ""
            assert events[-1].to_state == state
            for one, other in pairwise(events):
                assert one.to_state == other.from_state
                assert other.to_state in moves[one.to_state]
                assert one.created_at <= other.created_at


def test_units_are_held_for_what_has_not_been_sent(demo):
    open_states = ("awaiting_payment", "new", "accepted", "packed")
    held = Counter()
    for part in VendorOrder.objects.filter(state__in=open_states).prefetch_related("lines"):
        for line in part.lines.all():
            held[line.stockrecord_id] += line.to_send

    allocated = StockRecord.objects.filter(num_allocated__gt=0).values_list("pk", "num_allocated")
    assert dict(allocated) == held


def test_a_group_can_go_on_with_its_orders(demo):
    chair = User.objects.get(email="chair@example.org")
    part = VendorOrder.objects.visible_to(chair).filter(state="new").first()

    accept(part, actor=chair)
    ship(part, ShipmentData(carrier=Shipment.Carrier.COURIER, tracking_number="EE123"), actor=chair)

    part.refresh_from_db()
    assert part.state == "shipped"


def test_the_own_group_has_goods_in_pieces_a_short_supply_and_a_return_to_answer(demo):
    own = VendorOrder.objects.filter(vendor__name=OWN_GROUP)
    in_pieces = own.annotate(boxes=Count("packages")).filter(boxes=2)

    assert sorted(in_pieces.values_list("state", "last_package")) == [("packed", 2), ("shipped", 2)]
    assert sorted(part.shipments.count() for part in in_pieces) == [1, 2]
    for part in in_pieces.prefetch_related("lines"):
        to_send = sum(line.to_send for line in part.lines.all())
        assert (to_send > 0, sum(line.to_pack for line in part.lines.all())) == (part.state == "packed", 0)
    short = own.filter(state="accepted", lines__cancelled_quantity__gt=0)
    assert list(short.values_list("order__status", flat=True)) == ["part_refunded"]
    case = Return.objects.get(vendor_order__in=own)
    assert (case.state, case.items.count(), case.due_at > case.created_at) == ("asked", 1, True)
    assert case.vendor_order.payable_from > timezone.now()


def test_every_login_has_its_role(demo):
    people = {login.label: User.objects.get(email=login.email) for login in LOGINS}

    assert all(person.check_password(PASSWORD) for person in people.values())
    assert [people[label].is_staff for label in ("officer of Bumthang", "moderator", "finance officer")] == [
        True
    ] * 3
    assert people["moderator"].has_perm("catalogue.review_product")
    assert not people["officer of Bumthang"].has_perm("catalogue.review_product")
    assert people["finance officer"].has_perm("payments.view_ledgerentry")
    own = Membership.objects.filter(vendor__name=OWN_GROUP)
    assert set(own.values_list("user__email", "role")) >= {
        ("chair@example.org", "chair"),
        ("packer@example.org", "packer"),
    }
    assert people["shopper"].orders.count() == 24
    assert (
        User.objects.exclude(email__in=[login.email for login in LOGINS]).filter(is_staff=True).count() == 0
    )


def test_nobody_else_can_sign_in(demo):
    others = User.objects.exclude(email__in=[login.email for login in LOGINS])

    assert others.count() > 200
    assert not any(person.has_usable_password() for person in others)


def test_every_group_has_one_chair_and_a_way_to_send(demo):
    chairs = Partner.objects.annotate(chairs=Count("memberships", filter=Q(memberships__role="chair")))
    goods = {
        vendor: Package(Decimal(500), 1000, spoils=False)
        for vendor in Partner.objects.select_related("home_region")
    }

    assert set(chairs.values_list("chairs", flat=True)) == {1}
    assert DeliveryMethod.objects.filter(vendor=None).count() == 3
    for country in ("BT", "IN", "JP"):
        offered = delivery_options(goods, currency="INR", to_path=f"{country}/")
        assert all(offered[vendor.pk].options for vendor in goods), country
    for vendor in goods:
        fresh = {vendor: Package(Decimal(500), 1000, spoils=True)}
        to_path = f"{vendor.home_region.country_code}/"
        assert delivery_options(fresh, currency="INR", to_path=to_path)[vendor.pk].options, vendor


def test_every_listing_has_a_category_and_a_drawn_picture(demo, drawn):
    names = {name for drawing in drawn for name in drawing.names}
    whole = Product.objects.whole()

    assert not whole.filter(categories=None).exists()
    assert not whole.filter(images=None).exists()
    assert get_model("catalogue", "Category").objects.filter(depth=1).count() == 3
    for photo in ProductImage.objects.all():
        assert {photo.rendition_name(width) for width in (320, 640, 1280)} <= names
        assert photo.alt_text.startswith("Drawing: ")
    assert not [drawing for drawing in drawn if drawing.kind == "parcel"]


def test_listings_are_found_by_place_and_group(demo):
    for words in ("lakadong", "meghalaya", "tang women", "bumthang"):
        query = SearchQuery(words, config="simple", search_type="phrase")
        assert Product.objects.live().whole().filter(search_vector=query).exists(), words


def test_command_prints_the_logins(demo):
    out = StringIO()

    call_command("load_demo", print_logins=True, stdout=out)

    assert PASSWORD in out.getvalue()
    assert all(login.email in out.getvalue() for login in LOGINS)


@pytest.mark.parametrize("listings", [0, -1, 1_000_001])
def test_senseless_number_is_refused(demo, listings):
    before = everything()

    with pytest.raises(CommandError, match="1 to 1000000"):
        call_command("load_demo", listings=listings)

    assert everything() == before
