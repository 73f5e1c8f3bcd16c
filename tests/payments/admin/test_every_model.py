"""Every money model in the admin, found by itself: read by finance officers, edited and deleted by nobody."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.urls import reverse

from orders.models import Order, VendorOrder
from tests.factories.people import PersonFactory
from tests.routes.world import EXAMPLES, build_world

pytestmark = pytest.mark.django_db

# What an officer enters; its service writes the row.
ENTERED = {"payments.bankreceipt", "payments.cashcollection", "payments.writeoff"}
# Where cash is offered is a setting, no money; a difference gets an owner and a note.
SETTINGS = {"payments.cashrule"}
NOTED = {"payments.difference": {"owner_id", "note"}}
ODD = ("%00", "99999999999999999999", "%F0%9F%92%A9", "'--", "-1")


def money_admins() -> Iterator[tuple[type[models.Model], admin.ModelAdmin]]:
    """All of payments, and the rows of orders on which its amounts are frozen; a new one is among them at once."""
    for model, registered in admin.site._registry.items():
        is_money = model._meta.app_label == "payments" or model in (Order, VendorOrder)
        if is_money and model._meta.label_lower not in SETTINGS:
            yield model, registered


def books(*, but=frozenset()):
    """All rows of money, apart from the named columns."""
    tables = [*apps.get_app_config("payments").get_models(), Order, VendorOrder]
    return {
        model._meta.label_lower: [
            {
                name: value
                for name, value in row.items()
                if name not in but | NOTED.get(model._meta.label_lower, set())
            }
            for row in model.objects.order_by("pk").values()
        ]
        for model in tables
    }


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def lying(row):
    """A form that sends something else for every column of a row, and deletes all rows beside it."""
    sent = {"_save": "Save"}
    for field in row._meta.concrete_fields:
        sent[field.name] = sent[field.attname] = sent[f"form-0-{field.name}"] = "1"
    for relation in row._meta.related_objects:
        name = relation.get_accessor_name()
        sent |= {f"{name}-TOTAL_FORMS": "1", f"{name}-INITIAL_FORMS": "1", f"{name}-0-DELETE": "on"}
        first = relation.related_model.objects.order_by("pk").first()
        sent |= {f"{name}-0-id": first.pk if first else "", f"{name}-0-amount": "9999.99"}
    return sent | {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": row.pk}


@pytest.fixture
def world(fake_provider):
    return build_world(fake_provider)


@pytest.fixture(params=["finance", "superuser"])
def staff(request, client, world):
    client.force_login(PersonFactory(**{request.param: True}))
    return client


def test_no_money_row_can_be_added_edited_or_deleted_by_hand(staff, subtests):
    before = books()
    for model, _registered in money_admins():
        label = model._meta.label_lower
        with subtests.test(label):
            row = EXAMPLES[label].objects.order_by("pk").first()
            listed, page = (
                staff.get(address(model, "changelist")),
                staff.get(address(model, "change", row.pk)),
            )
            fields = page.context["adminform"].form.fields if page.context["has_change_permission"] else ()
            bulk = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}

            statuses = [staff.get(address(model, "delete", row.pk)).status_code]
            statuses += [staff.post(address(model, "delete", row.pk), {"post": "yes"}).status_code]
            if label not in ENTERED:
                statuses += [staff.get(address(model, "add")).status_code]
                statuses += [staff.post(address(model, "add"), lying(row)).status_code]
            staff.post(address(model, "change", row.pk), lying(row))
            staff.post(address(model, "changelist"), bulk)
            staff.post(address(model, "changelist"), lying(row))

            assert (listed.status_code, page.status_code, set(statuses)) == (200, 200, {403})
            assert "delete_selected" not in listed.content.decode()
            assert {model._meta.get_field(name).attname for name in fields} <= NOTED.get(label, set())
            for inline in page.context["inline_admin_formsets"]:
                rights = (
                    inline.has_add_permission,
                    inline.has_change_permission,
                    inline.has_delete_permission,
                )
                assert rights == (False, False, False)
            assert books() == before


def test_no_word_in_an_address_breaks_a_list_or_a_page(staff, subtests):
    for model, registered in money_admins():
        with subtests.test(model._meta.label_lower):
            listed = address(model, "changelist")
            asked = [f"{listed}?q={odd}" for odd in ODD] + [f"{listed}{odd}/change/" for odd in ODD]
            asked += [f"{listed}?p={odd}&o={odd}" for odd in ODD]
            if registered.date_hierarchy:
                asked += [f"{listed}?{registered.date_hierarchy}__year={odd}" for odd in (*ODD, "0", "9999")]

            statuses = {url: staff.get(url).status_code for url in asked}

            assert {
                url: status for url, status in statuses.items() if status not in (200, 302, 400, 404)
            } == {}


def test_every_action_may_be_sent_twice(staff, subtests):
    asked_again = {"next_try_at", "tries", "last_error", "asked_at"}
    for model, registered in money_admins():
        listed = address(model, "changelist")
        shown = staff.get(listed)
        rows = [str(pk) for pk in model.objects.values_list("pk", flat=True)]
        for name in registered.get_actions(shown.wsgi_request):
            with subtests.test(f"{model._meta.label_lower} {name}"):
                sent = {"action": name, "_selected_action": rows, "reason": "twice", "post": "yes"}

                first = staff.post(f"{listed}?state=all", sent)
                between = books(but=asked_again)
                second = staff.post(f"{listed}?state=all", sent)

                assert {first.status_code, second.status_code} <= {200, 302}
                assert books(but=asked_again) == between
