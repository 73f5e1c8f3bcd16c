"""Changes of a listing on sale wait as data, and become the listing whole or not at all."""

from decimal import Decimal

import pytest

from catalogue.errors import (
    ChangeMoved,
    ChangeOutdated,
    ListingIncomplete,
    ListingLocked,
    PhotoRefused,
    PriceOutOfRange,
    ProductOfAnotherPlace,
)
from catalogue.models import ListingChange, Product, ProposedPhoto
from catalogue.selectors.snapshots import photo_key, snapshot
from catalogue.services import change_review, changes, review
from catalogue.services.arranging import PhotoEdit
from catalogue.services.changes import Wanted, propose
from catalogue.services.photos import MOST_PHOTOS
from marketplace.lib.states import IllegalTransition
from notices.models import Notice
from tests.factories.catalogue import CategoryFactory, ListingFactory, PhotoFactory, SizeFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import IdentifiedProductFactory, RegionFactory
from tests.factories.vendors import MembershipFactory
from vendors.errors import ReasonMissing
from vendors.models import StockRecord

pytestmark = pytest.mark.django_db
State = ListingChange.State


@pytest.fixture
def listing():
    """On sale, with one photo."""
    found = ListingFactory(title="Red rice", description="From the terraces.")
    PhotoFactory(product=found)
    return found


@pytest.fixture
def member():
    return PersonFactory()


def as_shoppers_see(listing):
    found = Product.objects.get(pk=listing.pk)
    return snapshot(found) | {"slug": found.slug, "state": found.state}


def sent(listing, member, send=True, **values):
    return propose(listing, Wanted(values), member, send=send)


def test_change_waits_with_what_differs_while_the_listing_sells_as_it_is(listing, member):
    before = as_shoppers_see(listing)

    change = sent(listing, member, title="Red rice of Paro", storage="Keep it dry.", ingredients="")

    assert as_shoppers_see(listing) == before
    assert change.state == State.SUBMITTED
    assert change.proposed == {"title": "Red rice of Paro", "storage": "Keep it dry."}
    assert change.base == {"title": "Red rice", "storage": ""}
    assert list(change.events.values_list("from_state", "to_state", "actor")) == [
        (State.DRAFT, State.SUBMITTED, member.pk)
    ]


def test_same_proposal_twice_is_one_change_and_one_step(listing, member):
    first = sent(listing, member, title="Red rice of Paro")

    second = sent(listing, member, title="Red rice of Paro")

    assert first.pk == second.pk
    assert second.version == first.version
    assert second.events.count() == 1


def test_proposing_again_edits_the_open_change_and_counts_its_version_up(listing, member):
    first = sent(listing, member, title="Red rice of Paro")

    second = sent(listing, member, storage="Keep it dry.")

    assert second.pk == first.pk
    assert second.proposed == {"title": "Red rice of Paro", "storage": "Keep it dry."}
    assert second.version == first.version + 1


def test_change_that_is_saved_but_not_sent_is_in_no_queue(listing, member):
    change = sent(listing, member, send=False, title="Red rice of Paro")

    assert change.state == State.DRAFT
    with pytest.raises(IllegalTransition):
        change_review.approve(change, PersonFactory(), version=change.version)


def test_nothing_new_makes_no_change_and_undoing_all_withdraws_it(listing, member):
    assert sent(listing, member, title="Red rice") is None
    assert not ListingChange.objects.exists()
    sent(listing, member, send=False, title="Red rice of Paro")

    assert sent(listing, member, title="Red rice") is None

    assert ListingChange.objects.get().state == State.WITHDRAWN


def test_approved_change_becomes_the_listing(listing, member):
    place = RegionFactory()
    known = IdentifiedProductFactory(region=place)
    kind = CategoryFactory()
    moderator = PersonFactory()
    change = sent(
        listing,
        member,
        title="Red rice of Paro",
        region=place.pk,
        identified_product=known.pk,
        categories=[kind.pk],
    )

    change_review.approve(change, moderator, version=change.version)

    found = Product.objects.get(pk=listing.pk)
    change.refresh_from_db()
    assert (found.title, found.slug, found.region, found.identified_product) == (
        "Red rice of Paro",
        "red-rice-of-paro",
        place,
        known,
    )
    assert place.name in found.search_words
    assert list(found.categories.all()) == [kind]
    assert found.state == Product.State.LIVE
    assert change.state == State.APPROVED
    assert change.events.last().actor == moderator


def test_address_with_the_old_name_leads_to_the_new_one(client, listing, member):
    old = listing.get_absolute_url()
    change = sent(listing, member, title="Rice of the terraces")
    change_review.approve(change, PersonFactory(), version=change.version)

    answer = client.get(old)

    assert answer.status_code == 301
    assert answer.url == f"/products/rice-of-the-terraces-{listing.pk}/"


def test_price_and_stock_are_no_part_of_a_change(listing, member):
    change = sent(listing, member, title="Red rice of Paro")
    StockRecord.objects.filter(product=listing).update(price=Decimal("300.00"), num_in_stock=4)

    change_review.approve(change, PersonFactory(), version=change.version)

    record = StockRecord.objects.get(product=listing)
    assert (record.price, record.num_in_stock) == (Decimal("300.00"), 4)


def test_size_is_added_and_described_when_the_change_is_approved(listing, member):
    record = StockRecord.objects.get(product=listing)
    own = {"pk": listing.pk, "label": "small bag", "net_quantity": "500", "net_unit": "g"}
    new = {"pk": None, "label": "", "net_quantity": "1000", "net_unit": "g", "price": "450.00", "units": 6}
    change = sent(listing, member, sizes=[own, new])
    assert Product.objects.get(pk=listing.pk).structure == Product.STANDALONE

    change_review.approve(change, PersonFactory(), version=change.version)

    found = Product.objects.get(pk=listing.pk)
    first, second = Product.objects.filter(parent=listing).order_by("pk")
    record.refresh_from_db()
    assert (found.structure, found.price_from) == (Product.PARENT, Decimal("250.00"))
    assert (first.size_label, first.net_quantity, record.product) == ("small bag", Decimal(500), first)
    assert (first.state, second.state, second.is_public) == ("live", "live", True)
    assert second.stockrecords.get().price == Decimal("450.00")
    assert second.stockrecords.get().num_in_stock == 6


def test_weight_and_whether_it_spoils_wait_with_the_change(listing, member):
    size = {"pk": listing.pk, "label": "", "net_quantity": None, "net_unit": "", "weight_grams": 650}
    change = sent(listing, member, is_perishable=True, sizes=[size])
    listing.refresh_from_db()
    assert (listing.weight_grams, listing.is_perishable) == (400, False)

    change_review.approve(change, PersonFactory(), version=change.version)

    listing.refresh_from_db()
    assert (listing.weight_grams, listing.is_perishable) == (650, True)


def test_label_of_a_size_waits_too(member):
    size = SizeFactory(size_label="250 g")
    PhotoFactory(product=size.parent)
    wanted = {"pk": size.pk, "label": "quarter", "net_quantity": "250", "net_unit": "g"}
    change = sent(size.parent, member, sizes=[wanted])
    size.refresh_from_db()
    assert size.size_label == "250 g"

    change_review.approve(change, PersonFactory(), version=change.version)

    size.refresh_from_db()
    assert size.size_label == "quarter"


def test_photos_of_a_change_lie_where_no_address_leads_until_it_is_approved(listing, member, files, photo):
    old = listing.images.get()
    change = propose(listing, Wanted(uploads=[photo(), photo("navy")]), member, send=True)
    public, private = files()
    assert public == []
    assert len(private) == 4
    assert photo_key(change.proposed["photos"][0]) == str(old.pk)
    assert list(listing.images.all()) == [old]

    seen = [photo_key(each) for each in change.proposed["photos"]]
    edit = PhotoEdit(seen, {seen[1]: "The bag "}, do="up", key=seen[1])
    change = propose(listing, Wanted(photos=edit), member, send=True)
    change_review.approve(change, PersonFactory(), version=change.version)

    shown = list(listing.images.order_by("display_order"))
    assert [each.alt_text for each in shown] == ["The bag", "A jar on a cloth", ""]
    assert shown[1] == old
    assert files()[0] == sorted(str(each.original.name) for each in shown if each != old)
    assert not ProposedPhoto.objects.exists()


def test_private_files_go_after_the_commit(listing, member, files, photo, django_capture_on_commit_callbacks):
    change = propose(listing, Wanted(uploads=[photo()]), member, send=True)

    with django_capture_on_commit_callbacks(execute=True):
        change_review.approve(change, PersonFactory(), version=change.version)

    public, private = files()
    # The worker makes the renditions, which here runs at once.
    assert len(public) >= 1
    assert private == []


def test_same_photo_sent_twice_is_proposed_once(listing, member, files, photo):
    for _ in range(2):
        change = propose(listing, Wanted(uploads=[photo()]), member, send=True)

    assert len(change.proposed["photos"]) == 2
    assert len(files()[1]) == 2


def test_photo_taken_out_of_a_change_again_leaves_no_file(
    listing, member, files, photo, django_capture_on_commit_callbacks
):
    change = propose(listing, Wanted(uploads=[photo()]), member, send=True)
    key = photo_key(change.proposed["photos"][1])

    with django_capture_on_commit_callbacks(execute=True):
        propose(listing, Wanted(photos=PhotoEdit(seen=[key], do="remove", key=key)), member, send=True)

    change.refresh_from_db()
    assert change.state == State.WITHDRAWN
    assert files() == ([], [])


def test_removed_photo_goes_with_its_files_when_the_change_is_approved(
    listing, member, files, django_capture_on_commit_callbacks
):
    keep = PhotoFactory(product=listing)
    gone = listing.images.exclude(pk=keep.pk).get()
    edit = PhotoEdit(do="remove", key=str(gone.pk))
    change = propose(listing, Wanted(photos=edit), member, send=True)
    assert listing.images.count() == 2

    change_review.approve(change, PersonFactory(), version=change.version)

    assert list(listing.images.all()) == [keep]


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"title": ""}, ListingIncomplete),
        (
            {
                "sizes": [
                    {"pk": None, "label": "", "net_quantity": None, "net_unit": "", "price": "0", "units": 1}
                ]
            },
            PriceOutOfRange,
        ),
    ],
)
def test_change_that_could_not_be_sold_is_refused_whole(listing, member, values, error):
    with pytest.raises(error):
        sent(listing, member, **values)

    assert not ListingChange.objects.exists()


def test_identified_product_of_another_place_is_refused(listing, member):
    with pytest.raises(ProductOfAnotherPlace):
        sent(listing, member, identified_product=IdentifiedProductFactory().pk)


def test_last_photo_stays_and_a_ninth_is_refused(listing, member, files, photo):
    only = str(listing.images.get().pk)
    with pytest.raises(ListingIncomplete, match="photos"):
        propose(listing, Wanted(photos=PhotoEdit(do="remove", key=only)), member, send=True)
    PhotoFactory.create_batch(MOST_PHOTOS - 1, product=listing)

    with pytest.raises(PhotoRefused, match="at most 8"):
        propose(listing, Wanted(uploads=[photo()]), member, send=True)

    assert files() == ([], [])
    assert not ListingChange.objects.exists()


@pytest.mark.parametrize("trait", ["draft", "submitted", "returned", "withdrawn", "rejected"])
def test_only_a_listing_on_sale_has_changes(trait, member):
    with pytest.raises(ListingLocked):
        sent(ListingFactory(**{trait: True}), member, title="Other")

    assert not ListingChange.objects.exists()


def test_moderator_decides_about_what_was_read(listing, member):
    change = sent(listing, member, title="Red rice of Paro")
    read = change.version
    sent(listing, member, title="Miracle rice")
    moderator = PersonFactory()

    with pytest.raises(ChangeMoved):
        change_review.approve(change, moderator, version=read)
    with pytest.raises(ChangeMoved):
        change_review.ask_for_changes(change, moderator, "No.", version=read)
    with pytest.raises(ChangeMoved):
        change_review.reject(change, moderator, "No.", version=read)

    assert as_shoppers_see(listing)["title"] == "Red rice"
    change.refresh_from_db()
    assert change.state == State.SUBMITTED


def test_second_decision_is_told_that_it_comes_late(listing, member):
    change = sent(listing, member, title="Red rice of Paro")
    change_review.approve(change, PersonFactory(), version=change.version)

    for decide in (change_review.ask_for_changes, change_review.reject):
        with pytest.raises(IllegalTransition):
            decide(change, PersonFactory(), "No.", version=change.version)
    with pytest.raises(IllegalTransition):
        change_review.approve(change, PersonFactory(), version=change.version)

    assert change.events.count() == 2


def test_change_on_a_listing_that_moved_is_not_written_over_it(listing, member, files, photo):
    change = propose(listing, Wanted({"title": "Red rice of Paro"}, uploads=[photo()]), member, send=True)
    Product.objects.filter(pk=listing.pk).update(title="Red rice, washed")

    with pytest.raises(ChangeOutdated, match="name"):
        change_review.approve(change, PersonFactory(), version=change.version)

    assert as_shoppers_see(listing)["title"] == "Red rice, washed"
    assert files()[0] == []
    again = sent(listing, member, title="Red rice of Paro")
    change_review.approve(again, PersonFactory(), version=again.version)
    assert as_shoppers_see(listing)["title"] == "Red rice of Paro"


def test_move_elsewhere_in_the_listing_does_not_matter(listing, member):
    change = sent(listing, member, title="Red rice of Paro")
    Product.objects.filter(pk=listing.pk).update(storage="Keep it dry.")

    change_review.approve(change, PersonFactory(), version=change.version)

    assert as_shoppers_see(listing)["storage"] == "Keep it dry."
    assert as_shoppers_see(listing)["title"] == "Red rice of Paro"


def test_returned_change_names_its_fields_and_comes_again(listing, member):
    change = sent(listing, member, title="Red rice of Paro")

    change_review.ask_for_changes(
        change, PersonFactory(), "Which Paro?", version=change.version, fields=["title", "nonsense"]
    )

    change.refresh_from_db()
    assert (change.state, change.noted_fields) == (State.RETURNED, ["title"])
    again = sent(listing, member, title="Red rice, Paro valley")
    assert (again.pk, again.state, again.noted_fields) == (change.pk, State.SUBMITTED, [])


def test_no_is_never_said_without_a_reason(listing, member):
    change = sent(listing, member, title="Red rice of Paro")

    for decide in (change_review.ask_for_changes, change_review.reject):
        with pytest.raises(ReasonMissing):
            decide(change, PersonFactory(), " ", version=change.version)

    change.refresh_from_db()
    assert change.state == State.SUBMITTED


def test_withdrawn_change_is_over_and_another_may_follow(listing, member):
    change = sent(listing, member, title="Red rice of Paro")

    assert changes.withdraw(change, member)
    assert not changes.withdraw(change, member)

    with pytest.raises(IllegalTransition):
        change_review.approve(change, PersonFactory(), version=change.version)
    assert sent(listing, member, title="Other rice").pk != change.pk


def test_listing_that_leaves_the_sale_takes_its_change_along(listing, member):
    change = sent(listing, member, title="Red rice of Paro")

    review.withdraw(listing, member)

    change.refresh_from_db()
    assert change.state == State.WITHDRAWN


def test_group_is_told_what_was_decided(listing, member):
    person = MembershipFactory(vendor=listing.vendor).user
    change = sent(listing, member, title="Red rice of Paro")
    change_review.ask_for_changes(change, PersonFactory(), "Which Paro?", version=change.version)
    change = sent(listing, member, title="Red rice, Paro valley")
    change_review.approve(change, PersonFactory(), version=change.version)

    told = Notice.objects.filter(person=person).order_by("pk")

    assert list(dict.fromkeys(told.values_list("kind", flat=True))) == ["change_returned", "change_approved"]
    assert told[0].context["note"] == "Which Paro?"
