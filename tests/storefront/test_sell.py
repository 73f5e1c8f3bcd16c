"""Beginning to sell, and the page of a group."""

import pytest
from django.urls import reverse

from people.models import User
from regions.models import Region, RegionAlias
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import (
    GroupPersonFactory,
    GroupPhotoFactory,
    MembershipFactory,
    RequirementFactory,
    VendorFactory,
)
from vendors.models import Partner

pytestmark = pytest.mark.django_db
BEGIN = "sell-begin"


@pytest.fixture
def tang():
    region = RegionFactory(name="Tang", code="BT-33-TANG", local_name="སྟང་", local_language="dz")
    RegionAlias.objects.create(region=region, alias="Taang", kind="spelling")
    return region


@pytest.fixture
def weaver(client):
    person = PersonFactory(phone_only=True, name="Sangay")
    client.force_login(person)
    return person


def sent(**changes):
    return {
        "key": "k",
        "name": "Tang weavers",
        "kind": "producer_group",
        "region": str(Region.objects.filter(code="BT-33-TANG").values_list("pk", flat=True).first()),
    } | changes


def test_page_says_what_is_asked_of_whom(client):
    RequirementFactory()
    RequirementFactory(check_name="registration_number", kinds=["cooperative"])

    page = client.get(reverse("sell")).content.decode()

    assert "One line about your group" in page
    assert "co-operative" in page


def test_whoever_is_not_signed_in_is_led_to_it_and_back(client):
    answer = client.get(reverse(BEGIN))

    assert answer.url == f"{reverse('account-login')}?next={reverse(BEGIN)}"


def test_form_sent_twice_begins_one_group_and_leads_to_its_desk(client, weaver, tang):
    for _ in range(2):
        answer = client.post(reverse(BEGIN), sent())
        assert answer.url == reverse("dashboard-application")

    group = Partner.objects.get()
    assert (group.name, group.state, group.home_region) == ("Tang weavers", "draft", tang)
    assert group.memberships.get().user == weaver
    assert "Tang weavers" in client.get(answer.url).content.decode()


@pytest.mark.parametrize("words", ["tang", "སྟང", "Taang", "BT-33-TANG"])
def test_place_is_found_in_both_scripts_by_other_names_and_by_code(client, weaver, tang, words):
    looked_up = client.post(reverse(BEGIN), sent(region="", region_words=words, do="find"))
    assert 'value="Tang weavers"' in looked_up.content.decode()
    assert not Partner.objects.exists()

    client.post(reverse(BEGIN), sent(region="", region_words=words))

    assert Partner.objects.get().home_region == tang


def test_of_several_places_one_must_be_chosen(client, weaver, tang):
    RegionFactory(name="Tang", code="BT-32-TANG")

    page = client.post(reverse(BEGIN), sent(region="", region_words="tang")).content.decode()

    assert "Choose which place you mean" in page
    assert f'value="{tang.pk}"' in page
    assert not Partner.objects.exists()


@pytest.mark.parametrize(
    "change",
    [{"name": " "}, {"kind": "programme_shop"}, {"kind": "x"}, {"region": ""}, {"region": "\0"}, {"key": ""}],
)
def test_what_is_wrong_is_said_and_begins_nothing(client, weaver, tang, change):
    answer = client.post(reverse(BEGIN), sent(**change))

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Partner.objects.exists()


def test_whole_country_is_no_home(client, weaver, tang):
    page = client.post(reverse(BEGIN), sent(region=str(tang.parent.parent_id))).content.decode()

    assert "not the whole country" in page
    assert not Partner.objects.exists()


def test_whoever_is_no_officer_cannot_name_another_chair(client, weaver, tang):
    client.post(reverse(BEGIN), sent(chair_name="Somebody", chair_contact="17998877"))

    assert Partner.objects.get().memberships.get().user == weaver
    assert not User.objects.filter(phone="+97517998877").exists()


def test_officer_names_the_chair(client, tang):
    client.force_login(PersonFactory(officer=True))

    refused = client.post(reverse(BEGIN), sent(chair_name="Karma", chair_contact="none"))
    assert "neither a phone number nor an e-mail" in refused.content.decode()
    client.post(reverse(BEGIN), sent(chair_name="Karma", chair_contact="17112233"))

    assert Partner.objects.get().memberships.get().user.phone == "+97517112233"


def test_page_of_a_group_shows_people_who_agreed_and_photos(client):
    group = VendorFactory(story="First.\n\nSecond.", member_count=24)
    GroupPersonFactory(vendor=group, name="Yangzom")
    GroupPersonFactory(vendor=group, name="Secret Dema", consented_at=None)
    GroupPhotoFactory(vendor=group, alt_text="A loom")

    page = client.get(group.get_absolute_url()).content.decode()

    assert "Yangzom" in page
    assert "Secret Dema" not in page
    assert "A loom" in page
    assert "<p>Second.</p>" in page


@pytest.mark.isolation
@pytest.mark.parametrize("trait", ["draft", "applied", "returned", "suspended", "closed"])
def test_page_that_shoppers_do_not_see_is_there_for_the_group_and_staff_only(client, trait):
    membership = MembershipFactory(vendor=VendorFactory(**{trait: True}))
    url = membership.vendor.get_absolute_url()
    assert client.get(url).status_code == 404

    statuses = []
    for person in (membership.user, PersonFactory(moderator=True), MembershipFactory().user, PersonFactory()):
        client.force_login(person)
        answer = client.get(url)
        statuses.append(answer.status_code)
        if answer.status_code == 200:
            assert "no-store" in answer.headers["Cache-Control"]
            assert "noindex" in answer.content.decode()

    assert statuses == [200, 200, 404, 404]
