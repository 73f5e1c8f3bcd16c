"""Terms of returns and the contact of the programme office on the page that explains."""

import pytest


@pytest.fixture
def office(settings):
    settings.SITE_CONTACT_EMAIL = "office@example.org"
    settings.SITE_CONTACT_PHONE = "+975 2 111 222"
    return settings


def test_the_page_says_the_terms_of_returns_that_hold(db, client, office):
    office.RETURN_DAYS, office.RETURN_ANSWER_DAYS = 21, 1
    office.RETURN_SEND_DAYS, office.RETURN_OBJECT_DAYS = 9, 6

    page = client.get("/how-it-works/").content.decode()

    assert "Until 21 days after goods have reached you" in page
    assert "The group answers within 1 day." in page
    assert "you have 9 days to send the goods" in page
    assert "you have 6 days to object" in page
    assert "Food that spoils within days is not sent back" in page


def test_food_is_sent_back_where_the_programme_wants_it(db, client, office):
    office.RETURN_PERISHABLES_STAY = False

    assert "Food that spoils" not in client.get("/how-it-works/").content.decode()


def test_the_office_can_be_written_to_and_rung(db, client, office):
    page = client.get("/how-it-works/").content.decode()

    assert 'href="mailto:office@example.org"' in page
    assert 'href="tel:+9752111222"' in page


def test_without_a_contact_no_empty_link_is_shown(db, client, office):
    office.SITE_CONTACT_EMAIL = office.SITE_CONTACT_PHONE = ""

    page = client.get("/how-it-works/").content.decode()

    assert "mailto:" not in page
    assert "tel:" not in page


@pytest.mark.parametrize("part", ["delivery", "returns", "contact"])
def test_every_page_leads_to_the_terms_from_its_foot(db, client, part):
    foot = client.get("/places/").content.decode().partition('<footer class="site-foot">')[2]

    assert f'href="/how-it-works/#{part}"' in foot
    assert f'id="{part}"' in client.get("/how-it-works/").content.decode()
