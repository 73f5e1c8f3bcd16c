"""Sessions and ways out of the sign-in: nothing of a visitor before, or of somebody else, is left in them."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notices.models import Notice
from tests.factories.people import PASSWORD, PersonFactory
from tests.factories.vendors import MembershipFactory
from vendors.services import invitations

pytestmark = pytest.mark.django_db
PHONE = "+97517123456"
COOKIE = "sessionid"


def code_of(contact):
    return Notice.objects.filter(kind="one_time_code", address=contact).latest("pk").context["code"]


def by_password(client, person):
    client.post("/account/login/", {"contact": person.email, "password": PASSWORD})


def by_code(client, person):
    client.post("/account/login/", {"contact": person.email, "by": "code"})
    client.post("/account/code/", {"code": code_of(person.email)})


@pytest.mark.parametrize("sign_in", [by_password, by_code])
def test_a_session_from_before_the_sign_in_opens_nothing_afterwards(client, sign_in):
    person = PersonFactory()
    client.post("/account/join/", {"contact": "+97517999999"})
    planted = client.cookies[COOKIE].value

    sign_in(client, person)

    assert client.get("/account/").wsgi_request.user == person
    assert client.cookies[COOKIE].value != planted
    thief = Client()
    thief.cookies[COOKIE] = planted
    assert thief.get("/account/").status_code == 302


def test_whoever_comes_in_by_an_invitation_while_another_is_signed_in_takes_over_nothing(client):
    other = MembershipFactory(user__phone=None)
    client.force_login(other.user)
    session = client.session
    session["on-behalf-group"] = other.vendor_id
    session.save()
    before = client.cookies[COOKIE].value
    chair = MembershipFactory()
    asked = invitations.invite(chair.vendor, PHONE, name="Pema", role="packer", actor=chair.user)
    client.post(reverse("invitation", args=[asked.token]))

    client.post(reverse("invitation-code", args=[asked.token]), {"code": code_of(PHONE)})

    page = client.get("/dashboard/")
    assert page.wsgi_request.user.phone == PHONE
    assert page.context["desk"].vendor == chair.vendor
    assert "on-behalf-group" not in client.session
    assert client.cookies[COOKIE].value != before
    assert not other.vendor.memberships.filter(user__phone=PHONE).exists()


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http:evil.example",
        "https:///evil.example",
        "http://testserver:8443/",
        "http://testserver@evil.example/",
        "http://testserver.evil.example/",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//testserver",
        "data:text/html,x",
        "\x01javascript:alert(1)",
        "\t//evil.example",
        "/\t/evil.example",
        " //evil.example",
        "//evil.example\x00",
        "ftp://testserver/",
    ],
)
@pytest.mark.parametrize("sign_in", ["password", "code", "signed in"])
def test_no_way_in_leads_out_of_the_shop(client, target, sign_in):
    person = PersonFactory()
    typed = {"contact": person.email, "next": target}
    if sign_in == "password":
        answer = client.post("/account/login/", {**typed, "password": PASSWORD})
    elif sign_in == "code":
        client.post("/account/login/", {**typed, "by": "code"})
        answer = client.post("/account/code/", {"code": code_of(person.email)})
    else:
        client.force_login(person)
        answer = client.get("/account/login/", {"next": target})

    assert answer["Location"] == "/account/"


@pytest.mark.parametrize(
    ("route", "more"),
    [("/account/join/", {}), ("/account/login/", {"by": "code"}), ("/account/login/", {"password": "wrong"})],
)
def test_known_and_unknown_contacts_get_one_answer_for_the_same_work(route, more):
    PersonFactory(email="known@example.org")
    PersonFactory(email="staff@example.org", is_staff=True)
    PersonFactory(email="ended@example.org", is_active=False)
    # The first try from an address makes the row in which its tries are counted.
    Client().post(route, {"contact": "first@example.org", **more})
    seen = set()
    for contact in ("known@example.org", "other@example.org", "staff@example.org", "ended@example.org"):
        client = Client()
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(route, {"contact": contact, **more})
        words = answer.content.decode().replace(contact, "")
        token = answer.context and answer.context.get("csrf_token")
        words = words.replace(str(token), "") if token else words
        seen.add((answer.status_code, answer.get("Location"), len(queries), words))

    assert len(seen) == 1, [each[:3] for each in seen]
