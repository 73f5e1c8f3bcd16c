"""Listings, categories and delivery methods in Django admin."""

import pytest
from django.urls import reverse
from oscar.core.loading import get_model

from catalogue.models import Product
from catalogue.services import review
from catalogue.services.listings import ListingData, update_listing
from orders.shipping.models import DeliveryMethod
from tests.factories.catalogue import CategoryFactory, ListingFactory, SizeFactory
from tests.factories.orders import DeliveryMethodFactory
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory

pytestmark = pytest.mark.django_db
LIST = "admin:catalogue_product_changelist"
Category = get_model("catalogue", "Category")


@pytest.fixture
def moderator(client):
    person = PersonFactory(moderator=True)
    client.force_login(person)
    return person


def change_url(listing):
    return reverse("admin:catalogue_product_change", args=[listing.pk])


def decide(client, listing, decision, reason="", **sent):
    url = reverse("admin:catalogue_product_decide", args=[listing.pk])
    return client.post(url, {"decision": decision, "reason": reason, **sent}, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_moderator_approves_and_shoppers_may_buy(client, moderator):
    listing = ListingFactory(submitted=True)
    assert not Product.objects.live().exists()

    response = decide(client, listing, "approve")

    assert said(response) == ["Approve: 1 done."]
    assert Product.objects.live().get() == listing
    assert listing.events.get().actor == moderator


def test_what_was_submitted_anew_meanwhile_is_read_again_first(client, moderator):
    listing = ListingFactory(submitted=True, title="Red rice")
    seen = client.get(change_url(listing)).context["seen_version"]
    review.take_back(listing, None)
    update_listing(
        listing,
        ListingData(title="Miracle rice", region=listing.region, category_pks=[listing.categories.get().pk]),
    )
    review.submit(listing, None)

    response = decide(client, listing, "approve", version=seen)

    assert "Read it again" in said(response)[0]
    assert not Product.objects.live().exists()
    again = client.get(change_url(listing)).context["seen_version"]
    for _ in range(2):
        decide(client, listing, "approve", version=again)
    assert Product.objects.live().get().title == "Miracle rice"
    assert listing.events.filter(to_state="live").count() == 1


def test_moderator_asks_for_changes_with_a_note(client, moderator):
    listing = ListingFactory(submitted=True)

    assert "needs a reason" in said(decide(client, listing, "ask_for_changes"))[0]
    decide(client, listing, "ask_for_changes", "Please show the label.")

    listing.refresh_from_db()
    assert (listing.state, listing.events.get().reason) == ("returned", "Please show the label.")


def test_moderator_rejects_with_a_reason(client, moderator):
    listing = ListingFactory(submitted=True)

    decide(client, listing, "reject", "Not made in this place.")

    listing.refresh_from_db()
    assert listing.state == "rejected"


def test_gaps_are_shown_and_named_when_approving(client, moderator):
    listing = ListingFactory(submitted=True)
    listing.images.all().delete()
    assert "photo" in client.get(change_url(listing)).content.decode()

    response = decide(client, listing, "approve")

    assert "Still missing: photo." in said(response)[0]
    listing.refresh_from_db()
    assert listing.state == "submitted"


def test_listing_of_a_group_that_is_not_approved_stays(client, moderator):
    listing = ListingFactory(submitted=True, vendor=VendorFactory(applied=True))

    response = decide(client, listing, "approve")

    assert "The group has not been approved." in said(response)[0]
    assert not Product.objects.live().exists()


@pytest.mark.parametrize(("trait", "status"), [("officer", 403), ("finance", 403), (None, 302)])
def test_others_do_not_decide(client, trait, status):
    client.force_login(PersonFactory(**({trait: True} if trait else {})))
    listing = ListingFactory(submitted=True)

    url = reverse("admin:catalogue_product_decide", args=[listing.pk])
    assert client.post(url, {"decision": "approve"}).status_code == status

    listing.refresh_from_db()
    assert listing.state == "submitted"
    assert not listing.events.exists()


def test_actions_decide_row_by_row(client, moderator):
    waiting, on_sale = ListingFactory(submitted=True), ListingFactory()
    chosen = {"action": "reject", "_selected_action": [waiting.pk, on_sale.pk], "reason": "Not of here."}

    response = client.post(f"{reverse(LIST)}?state=all", chosen, follow=True)

    assert len(said(response)) == 2
    assert list(Product.objects.filter(state="rejected")) == [waiting]


def test_nothing_is_approved_from_a_list_where_nobody_has_read_it(client, moderator):
    listing = ListingFactory(submitted=True)

    client.post(reverse(LIST), {"action": "approve", "_selected_action": [listing.pk]})

    listing.refresh_from_db()
    assert listing.state == "submitted"
    assert "approve" not in client.get(reverse(LIST)).content.decode()


def test_texts_are_the_groups_own(client):
    client.force_login(PersonFactory(superuser=True))
    listing = ListingFactory(submitted=True, title="Honey")

    assert client.post(change_url(listing), {"title": "Gold", "state": "live"}).status_code == 403
    assert client.get(reverse("admin:catalogue_product_add")).status_code == 403

    listing.refresh_from_db()
    assert (listing.title, listing.state) == ("Honey", "submitted")


def test_queue_shows_what_waits_longest_first_and_no_sizes(client, moderator):
    first, second = (
        ListingFactory(submitted=True, title="Early"),
        ListingFactory(submitted=True, title="Late"),
    )
    SizeFactory(parent=second)
    ListingFactory(title="On sale")

    page = client.get(reverse(LIST))

    assert [row.pk for row in page.context["cl"].result_list] == [first.pk, second.pk]
    assert f'href="{change_url(second)}"' in client.get(change_url(first)).content.decode()


def test_page_shows_sizes_stock_and_photos(client, moderator):
    size = SizeFactory(parent__submitted=True, size_label="250 g pouch", stock__price="180.00")

    page = client.get(change_url(size.parent)).content.decode()

    assert "250 g pouch ₹180 · 10 free of 10" in page
    assert "photos/test-" in page


def test_list_takes_as_many_queries_for_one_listing_as_for_twenty(
    client, moderator, django_assert_max_num_queries, django_assert_num_queries
):
    ListingFactory(submitted=True)
    with django_assert_max_num_queries(12) as one:
        client.get(reverse(LIST))

    ListingFactory.create_batch(19, submitted=True)

    with django_assert_num_queries(len(one)):
        client.get(reverse(LIST))


def test_categories_are_added_below_others_and_never_deleted(client):
    client.force_login(PersonFactory(superuser=True))
    food = CategoryFactory(name="Food")
    fields = {"name": "Cheese", "slug": "cheese", "is_public": "on", "parent": food.pk}

    response = client.post(reverse("admin:catalogue_category_add"), fields)

    assert response.status_code == 302
    cheese = Category.objects.get(slug="cheese")
    assert (cheese.depth, cheese.path.startswith(food.path)) == (2, True)
    change = reverse("admin:catalogue_category_change", args=[cheese.pk])
    renamed = {"name": "Cheese and butter", "slug": "cheese", "is_public": "on"}
    assert client.post(change, renamed).status_code == 302
    cheese.refresh_from_db()
    assert (cheese.name, cheese.depth) == ("Cheese and butter", 2)
    assert client.post(reverse("admin:catalogue_category_delete", args=[cheese.pk])).status_code == 403
    assert client.get(reverse("admin:catalogue_category_changelist")).status_code == 200


def test_two_categories_never_share_an_address(client):
    client.force_login(PersonFactory(superuser=True))
    CategoryFactory(name="Other", slug="other")
    below = CategoryFactory(name="Cloth", slug="cloth")
    fields = {"name": "Other", "slug": "other", "is_public": "on", "parent": below.pk}

    page = client.post(reverse("admin:catalogue_category_add"), fields)

    assert page.status_code == 200
    assert page.context["errors"] == [["Another category has this address. Choose another word."]]
    assert Category.objects.filter(slug="other").count() == 1
    assert client.get("/category/other/").status_code == 200


def test_delivery_methods_are_edited(client):
    client.force_login(PersonFactory(superuser=True))
    method = DeliveryMethodFactory()

    assert client.get(reverse("admin:shipping_deliverymethod_changelist")).status_code == 200
    delete = reverse("admin:shipping_deliverymethod_delete", args=[method.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert DeliveryMethod.objects.filter(pk=method.pk).exists()
