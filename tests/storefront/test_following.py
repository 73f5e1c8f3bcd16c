"""Pages of following: the buttons, the list in the account, the link that stops the message."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue.models import Follow, FollowNews
from catalogue.services import following
from tests.factories.catalogue import ListingFactory
from tests.factories.people import PASSWORD, PersonFactory
from tests.factories.vendors import VendorFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return PersonFactory()


@pytest.fixture
def mine(client, person):
    """The browser of a person who is signed in."""
    client.force_login(person)
    return client


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def rows(client):
    return [(row["name"], row["url"]) for row in client.get("/account/following/").context["rows"]]


def test_a_place_is_followed_and_left_and_both_presses_are_safe_twice(mine, paro, person):
    for _ in range(2):
        assert mine.post("/places/BT-11/follow/", {"next": "/places/BT-11/"})["Location"] == "/places/BT-11/"
    assert rows(mine) == [("Paro", "/places/BT-11/")]
    assert "You follow this" in mine.get("/places/BT-11/").content.decode()

    for _ in range(2):
        mine.post("/places/BT-11/follow/", {"do": "drop"})
    assert rows(mine) == []


def test_a_group_is_followed_and_one_that_is_not_in_the_shop_is_not_found(mine):
    group, hidden = VendorFactory(code="khoma", name="Khoma weavers"), VendorFactory(suspended=True)
    mine.post("/groups/khoma/follow/")
    assert "You follow this" in mine.get("/groups/khoma/").content.decode()

    assert mine.post(f"/groups/{hidden.code}/follow/").status_code == 404
    assert mine.get("/places/BT-99/follow/").status_code == 404
    assert rows(mine) == [("Khoma weavers", group.get_absolute_url())]

    type(group).objects.filter(pk=group.pk).update(state="suspended")
    assert rows(mine) == [("Khoma weavers", "")]


def test_a_script_gets_the_button_alone(mine, paro):
    text = mine.post("/places/BT-11/follow/", {}, HTTP_X_LIVE="yes").content.decode()

    assert "<html" not in text
    assert 'value="drop"' in text


def test_a_visitor_gets_a_link_and_follows_after_the_sign_in(paro, person):
    client = Client()
    with CaptureQueriesContext(connection) as asked:
        text = client.get("/places/BT-11/").content.decode()
    assert 'href="/places/BT-11/follow/"' in text
    assert "csrfmiddlewaretoken" not in text
    assert not [query for query in asked if "catalogue_follow" in query["sql"]]
    VendorFactory(code="khoma", name="Khoma weavers")
    for address in ("/places/BT-11/follow/", "/groups/khoma/follow/"):
        assert client.get(address).status_code == 200
        answer = client.post(address)

    answer = client.post(answer["Location"], {"contact": person.email, "password": PASSWORD}, follow=True)

    assert answer.redirect_chain[-1][0] == "/account/following/"
    assert {"You follow Paro.", "You follow Khoma weavers."} <= set(said(answer))
    assert Follow.objects.filter(person=person).count() == 2


def test_the_page_shows_what_is_new_and_switches_the_message(mine, paro, person):
    following.follow_place(person, paro)
    ListingFactory(title="Red rice", region=paro.doga)
    page = mine.get("/account/following/")
    assert [card.title for card in page.context["new"]] == ["Red rice"]
    assert page.context["is_told"]

    for _ in range(2):
        mine.post("/account/following/", {"news": "off"})
    assert not mine.get("/account/following/").context["is_told"]
    mine.post("/account/following/", {"news": "on"})
    assert mine.get("/account/following/").context["is_told"]


def test_one_is_left_there_and_of_another_person_nothing(mine, paro, person):
    following.follow_place(person, paro)
    other = PersonFactory()
    following.follow_place(other, paro)
    keys = list(Follow.objects.values_list("pk", flat=True))

    for key in [*keys, *keys, "x", "9" * 30]:
        assert mine.post("/account/following/", {"follow": key}).status_code == 302

    assert list(Follow.objects.values_list("person", flat=True)) == [other.pk]


def test_the_link_of_the_message_stops_it_without_signing_in_and_reading_it_stops_nothing(paro, person):
    following.follow_place(person, paro)
    news, client = FollowNews.objects.get(), Client()
    link = f"/following/stop/{news.token}/"
    client.get(link)
    news.refresh_from_db()
    assert news.is_wanted

    for _ in range(2):
        assert client.post(link).status_code == 302

    news.refresh_from_db()
    assert not news.is_wanted
    assert "We write no more of this" in client.get(link).content.decode()
    assert client.post(f"/following/stop/{news.pk}:x/").status_code == 404


def test_many_new_things_cost_as_many_queries_as_one(mine, paro, person):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            mine.get("/account/following/")
        return len(queries)

    following.follow_place(person, paro)
    ListingFactory(region=paro.doga)
    mine.get("/account/following/")
    with_one = asked()
    for _ in range(5):
        following.follow_group(person, VendorFactory(home_region=paro.doga))
        ListingFactory(region=paro.doga)

    assert asked() == with_one
