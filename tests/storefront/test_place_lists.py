"""The list of places: every gewog, what a place is known for; the filters of a place's page; names of countries."""

import re

import pytest
from django.utils.translation import override

from marketplace.lib.countries import country_name
from tests.factories.catalogue import ListingFactory
from tests.factories.regions import IdentifiedProductFactory, RegionFactory
from tests.factories.vendors import CertificateFactory, VendorFactory

pytestmark = pytest.mark.django_db


def html(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_every_gewog_stands_in_a_folded_list_of_its_dzongkhag(client, paro):
    RegionFactory(parent=paro, code="BT-11-LAMG", name="Lamgong")
    ListingFactory(region=paro.doga)

    page = html(client, "/places/")
    folded = re.findall(r'<details class="gewogs"> <summary> Paro .*?</details>', page)

    assert len(folded) == 1
    assert "2 gewogs" in folded[0]
    assert re.findall(r'<a href="([^"]+)">([^< ]+)', folded[0]) == [
        ("/places/BT-11-DOGA/", "Doga"),
        ("/places/BT-11-LAMG/", "Lamgong"),
    ]
    assert re.findall(r'<span class="num">(\d+)<', folded[0]) == ["1", "1"]


def test_the_list_says_what_a_place_is_known_for_though_nothing_is_on_sale(client, paro):
    IdentifiedProductFactory(region=paro.doga, name="Red rice")
    IdentifiedProductFactory(region=paro, name="Zaw")

    places = client.get("/places/").context["countries"][0]["places"]

    assert [(row.name, row.known_for) for row in places] == [("Paro", "Zaw")]


def test_a_place_leads_to_what_is_ready_and_what_is_proven_with_counts(client, paro):
    group = VendorFactory(home_region=paro.doga)
    ListingFactory(title="Honey", region=paro.doga, vendor=group)
    ListingFactory(title="Mead", region=paro.doga, vendor=group, sold_out=True)
    CertificateFactory(vendor=group, goods="honey")

    page = html(client, "/places/BT-11/")

    assert 'href="/products/?place=BT-11&amp;in_stock=1">Ready to send 1<' in page
    assert 'href="/products/?place=BT-11&amp;certificate=organic">Organic 1<' in page
    assert "certificate=gi" not in page
    assert client.get("/products/?place=BT-11&in_stock=1").context["total"] == 1
    assert client.get("/products/?place=BT-11&certificate=organic").context["total"] == 1


def test_the_price_filter_says_its_currency(client, settings):
    settings.CHARGE_CURRENCY = "INR"

    assert "<legend> Price in ₹ </legend>" in html(client, "/products/")


def test_a_certificate_names_its_holder_number_and_last_day(client, paro):
    group = VendorFactory(home_region=paro.doga, name="Doga Bees")
    CertificateFactory(vendor=group, holder="Federation of Bees", number="OC 77", valid_until="2099-12-31")

    page = html(client, group.get_absolute_url())

    assert "Held by Federation of Bees." in page
    assert "OC 77" in page
    assert "Until 31 December 2099." in page


@pytest.mark.parametrize(("language", "name"), [("hi", "भूटान"), ("dz", "འབྲུག"), ("en", "Kingdom of Bhutan")])
def test_countries_are_called_in_the_language_of_the_page(language, name):
    with override(language):
        assert country_name("BT", "Kingdom of Bhutan") == name
        assert country_name("ZZ9", "Nowhere") == "Nowhere"


def test_the_checkout_offers_countries_in_the_language_of_the_page(client, paro):
    page = html(client, "/hi/deliver-to/")

    assert "भूटान" in page


def test_a_place_is_not_named_twice_in_the_same_words(client, paro):
    type(paro).objects.filter(code="BT").update(local_name="འབྲུག", local_language="dz")

    assert '<span class="local" lang="dz">འབྲུག</span>' in html(client, "/places/BT/")
    assert re.search(r"<h1>འབྲུག ?</h1>", html(client, "/dz/places/BT/"))
    assert html(client, "/dz/").count('<span class="local"') == 1
