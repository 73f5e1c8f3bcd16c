"""Every route for every role, against the table; ids of others; forms without a token."""

import copy

import pytest
from django.db import transaction
from django.urls import reverse

from catalogue.models import Product
from marketplace import health
from notices.models import Notice
from orders.basket.models import Line
from orders.models import Order, Shipment, VendorOrder
from tests.routes import resolver
from tests.routes.table import (
    ADD,
    ADMIN,
    CHANGE,
    DECIDE,
    DELETE,
    MODELS,
    NOT_A_PAGE,
    OWN,
    UNUSED_MODELS,
    VIEW,
)
from tests.routes.world import EXAMPLES, ROLES, World, build_world
from tests.support.sale import fake_provider
from vendors.models import Partner, StockRecord

__all__ = ["fake_provider"]

pytestmark = pytest.mark.django_db

WITHOUT_TOKEN = {"stripe-webhook": 400, "stripe-connect-webhook": 400}


@pytest.fixture
def world(fake_provider, monkeypatch):
    monkeypatch.setattr(health, "silent_parts", list)
    return build_world(fake_provider)


def asked(client, method, path, form=None):
    """Status of one request, whose writing is taken back so that the next one finds the same world."""
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        status = getattr(client, method)(path, form or {}).status_code
        transaction.set_rollback(True)
    client.cookies = cookies
    return status


def statuses(world: World, role, method, table):
    client = world.client(role)
    return {
        name: asked(client, method, reverse(name, kwargs=dict(route.names(world))), dict(route.form(world)))
        for name, route in table.items()
        if "-" not in (route.get, route.post) or method == "get"
    }


def in_table(role, method, table):
    return {
        name: route.status(method, role)
        for name, route in table.items()
        if "-" not in (route.get, route.post) or method == "get"
    }


def snapshot():
    """All that a forbidden request could have changed."""
    return {
        "vendor orders": list(VendorOrder.objects.order_by("pk").values_list("pk", "state")),
        "orders": list(Order.objects.order_by("pk").values_list("pk", "status")),
        "listings": list(Product.objects.order_by("pk").values_list("pk", "state", "title", "price_from")),
        "stock": list(
            StockRecord.objects.order_by("pk").values_list("pk", "num_in_stock", "num_allocated", "price")
        ),
        "groups": list(Partner.objects.order_by("pk").values_list("pk", "state", "name")),
        "others": [Shipment.objects.count(), Notice.objects.count(), Line.objects.count()],
    }


def test_every_route_stands_in_the_table():
    assert resolver.own_routes() == set(OWN)
    assert resolver.admin_routes() == set(ADMIN)
    assert set(resolver.admin_model_routes()) == set(MODELS) | UNUSED_MODELS


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", ROLES)
def test_route_answers_as_the_table_says(world, role, method):
    assert statuses(world, role, method, OWN) == in_table(role, method, OWN)


@pytest.mark.parametrize("role", ["visitor", "shopper", "member"])
def test_head_is_answered_as_get(world, role):
    client = world.client(role)

    answers = {
        name: asked(client, "head", reverse(name, kwargs=dict(route.names(world))), dict(route.form(world)))
        for name, route in OWN.items()
    }

    assert answers == in_table(role, "get", OWN)


@pytest.mark.parametrize("role", ROLES)
def test_admin_answers_as_the_table_says(world, role):
    assert statuses(world, role, "get", ADMIN) == in_table(role, "get", ADMIN)


@pytest.mark.parametrize("role", ROLES)
def test_admin_shows_and_changes_what_the_rights_allow(world, role):
    client, is_staff = world.client(role), role in ("officer", "moderator", "finance")

    found = {model: model_statuses(client, model) for model in MODELS}

    assert found == {
        model: expected_in_admin(rights.get(role, set()), is_staff, model) for model, rights in MODELS.items()
    }


def model_statuses(client, model):
    key = model.replace(".", "_")
    row = EXAMPLES[model].objects.first()
    pages = {
        "changelist": asked(client, "get", reverse(f"admin:{key}_changelist")),
        "add": asked(client, "get", reverse(f"admin:{key}_add")),
        "change": asked(client, "get", reverse(f"admin:{key}_change", args=[row.pk])),
        "history": asked(client, "get", reverse(f"admin:{key}_history", args=[row.pk])),
        "delete": asked(client, "get", reverse(f"admin:{key}_delete", args=[row.pk])),
        "saving": asked(client, "post", reverse(f"admin:{key}_change", args=[row.pk])),
    }
    if "decide" in resolver.admin_model_routes()[model]:
        pages["decide"] = asked(client, "post", reverse(f"admin:{key}_decide", args=[row.pk]))
    return pages


def expected_in_admin(rights, is_staff, model):
    """Seen or not; a form sent empty by somebody who may change is shown again, a decision without a name is none."""
    forbidden = 403 if is_staff else 302
    pages = {
        "changelist": 200 if VIEW in rights else forbidden,
        "add": 200 if ADD in rights else forbidden,
        "change": 200 if VIEW in rights else forbidden,
        "history": 200 if VIEW in rights else forbidden,
        "delete": 200 if DELETE in rights else forbidden,
        "saving": 200 if CHANGE in rights else forbidden,
    }
    if "decide" in resolver.admin_model_routes()[model]:
        pages["decide"] = 404 if DECIDE in rights else forbidden
    return pages


@pytest.mark.parametrize("role", ["officer", "moderator", "finance"])
def test_staff_have_no_way_into_tables_that_are_not_used(world, role):
    client = world.client(role)
    pages = [
        reverse(f"admin:{model.replace('.', '_')}_{page}", args=[1] if page == "change" else [])
        for model in UNUSED_MODELS
        for page in ("changelist", "add", "change")
    ]

    assert {page: asked(client, "get", page) for page in pages} == dict.fromkeys(pages, 403)


@pytest.mark.parametrize("role", ["shopper", "stranger", "officer", "moderator", "finance"])
def test_form_with_the_id_of_another_group_is_not_found_and_changes_nothing(world, role):
    before = snapshot()
    client = world.client(role)
    rows = {
        name: route for name, route in OWN.items() if name.startswith("dashboard-") and route.names(world)
    }

    answers = {
        name: client.post(reverse(name, kwargs=dict(route.names(world))), dict(route.form(world))).status_code
        for name, route in rows.items()
    }

    expected = dict.fromkeys(rows, 404)
    assert answers == {
        name: 405 if OWN[name].post == NOT_A_PAGE else status for name, status in expected.items()
    }
    assert snapshot() == before


def test_basket_of_another_visitor_cannot_be_changed(world):
    owner, other = world.client("visitor"), world.client("visitor")
    owner.post(reverse("basket-add"), {"product": world.listing.pk, "quantity": 1})
    line = Line.objects.get(basket__status="Open")
    other.post(reverse("basket-add"), {"product": world.listing.pk, "quantity": 3})
    before = snapshot()

    answer = other.post(reverse("basket-line", args=[line.pk]), {"quantity": 5})
    other.post(reverse("basket-line", args=[line.pk]), {"remove": 1})

    assert answer.status_code == 404
    assert snapshot() == before
    assert sorted(Line.objects.filter(basket__status="Open").values_list("quantity", flat=True)) == [1, 3]


@pytest.mark.parametrize("role", ["visitor", "shopper", "member"])
def test_form_without_its_token_is_refused_everywhere_and_changes_nothing(world, role):
    before = snapshot()
    client = world.client(role, enforce_csrf_checks=True)

    answers = {
        name: client.post(reverse(name, kwargs=dict(route.names(world))), dict(route.form(world))).status_code
        for name, route in OWN.items()
    }

    assert answers == {name: WITHOUT_TOKEN.get(name, 403) for name in OWN}
    assert snapshot() == before
