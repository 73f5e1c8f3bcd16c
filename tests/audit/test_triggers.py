"""What the triggers write, whoever writes the row and however."""

import io
from importlib import import_module

import pytest
from django.db import Error, IntegrityError, connection, models, transaction

from audit import triggers
from audit.models import Change
from audit.tracked import TRACKED
from marketplace.lib.audit import note, noting
from orders.models import VendorOrder
from regions.models import Region, RegionAlias
from tests.factories.catalogue import ListingFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import VendorFactory
from tests.orders.returned import a_return
from tests.support.sale import a_listing, fake_provider, open_shop, placed_order
from vendors.models import StockRecord

__all__ = ["fake_provider"]

pytestmark = pytest.mark.django_db


def changes_of(row) -> list[Change]:
    return list(Change.objects.filter(model=row._meta.label_lower, row=str(row.pk)).order_by("pk"))


def test_a_row_is_written_down_when_it_is_added_changed_and_deleted():
    # given, when
    region = RegionFactory(name="Paro", local_name="")
    pk = region.pk
    region.name = "Paro Dzongkhag"
    region.save()
    region.delete()
    # then
    added, changed, deleted = Change.objects.filter(model="regions.region", row=str(pk)).order_by("pk")
    assert (added.action, added.before, added.after["name"]) == ("added", {}, "Paro")
    assert "local_name" not in added.after
    assert (changed.action, changed.before, changed.after) == (
        "changed",
        {"name": "Paro"},
        {"name": "Paro Dzongkhag"},
    )
    assert (deleted.action, deleted.before["name"], deleted.after) == ("deleted", "Paro Dzongkhag", {})
    assert {added.place_id, changed.place_id, deleted.place_id} == {pk}


def test_update_bulk_create_copy_and_raw_sql_are_caught():
    # given
    one, two = RegionFactory(name="One"), RegionFactory(name="Two")
    # when
    RegionAlias.objects.bulk_create(
        [RegionAlias(region=one, alias=alias, kind="") for alias in ("Uno", "Ein")]
    )
    copied = io.StringIO(f"{two.pk},Zwei,spelling\n")
    with noting(reason="From a list"), connection.cursor() as cursor:
        Region.objects.filter(pk=two.pk).update(local_name="Dos")
        cursor.cursor.copy_expert(
            "COPY regions_regionalias (region_id, alias, kind) FROM STDIN WITH (FORMAT csv)", copied
        )
    Region.objects.filter(pk__in=[one.pk, two.pk]).update(status_note="renamed in 2026")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE regions_region SET name = 'Uno' WHERE id = %s", [one.pk])
    # then
    assert [each.after for each in changes_of(one)[1:]] == [
        {"status_note": "renamed in 2026"},
        {"name": "Uno"},
    ]
    assert [each.after for each in changes_of(two)[1:]] == [
        {"local_name": "Dos"},
        {"status_note": "renamed in 2026"},
    ]
    aliases = Change.objects.filter(model="regions.regionalias").order_by("pk")
    assert [(each.after["alias"], each.about_row, each.reason) for each in aliases] == [
        ("Uno", str(one.pk), ""),
        ("Ein", str(one.pk), ""),
        ("Zwei", str(two.pk), "From a list"),
    ]


def test_a_save_that_changes_nothing_and_counters_of_a_sale_write_nothing():
    # given
    listing = ListingFactory()
    stock = listing.stockrecords.get()
    kept = Change.objects.count()
    # when
    listing.save()
    stock.save()
    StockRecord.objects.filter(pk=stock.pk).update(num_allocated=1, num_in_stock=stock.num_in_stock + 2)
    # then
    assert Change.objects.count() == kept
    # control: its price is written down, on the page of the listing too
    StockRecord.objects.filter(pk=stock.pk).update(price="99.00")
    (change,) = Change.objects.order_by("pk")[kept:]
    assert (change.after, change.about_row) == ({"price": 99.00}, str(listing.pk))


def test_who_and_on_whose_behalf_and_why_travel_with_the_statement():
    # given
    officer = PersonFactory()
    region = RegionFactory()
    # when
    with noting(person=officer.pk, via="POST somewhere"):
        note(on_behalf_of="Weavers of Radi")
        with noting(reason="Spelt wrongly", via=""):
            Region.objects.filter(pk=region.pk).update(name="Radhi")
        Region.objects.filter(pk=region.pk).update(name="Rodi")
    # then
    first, second = changes_of(region)[1:]
    assert (first.person, first.on_behalf_of, first.reason) == (officer, "Weavers of Radi", "Spelt wrongly")
    assert (second.person, second.on_behalf_of, second.reason) == (officer, "Weavers of Radi", "")
    assert first.via == second.via == "POST somewhere"
    assert first.operation == second.operation is not None


def test_contacts_are_masked_and_secrets_are_not_there():
    # given
    person = PersonFactory(email="tshering@example.org", phone="+97517123456", name="Tshering")
    # when
    person.phone, person.email = "+97517999456", "t@example.org"
    person.set_password("a-new-secret")
    person.save()
    # then
    added, changed = changes_of(person)
    assert (added.after["email"], added.after["phone"], added.after["name"]) == ("…", "…3456", "…")
    assert (changed.before, changed.after) == (
        {"email": "…", "phone": "…3456"},
        {"email": "…", "phone": "…9456"},
    )
    assert "password" not in added.after


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Call Sangay at +975 17 12 34 56 or s.d@mail.example.bt.", "Call Sangay at …34 56 or …."),
        ("98765-43210, 17123456;1712345", "…3210, …3456;1712345"),
        ("From 2026-11-28 to 2027-01-03, BT-11-DOGA, price 1200.00", None),
        ("पता: ram@example.in, फ़ोन 9876543210", "पता: …, फ़ोन …3210"),
        ("No contact here", None),
    ],
)
def test_contacts_among_private_words_and_reasons_are_masked(said, kept, fake_provider):
    # given
    case = a_return(placed_order().vendor_orders.get())
    # when
    with noting(reason=said):
        type(case).objects.filter(pk=case.pk).update(words=f"Broken. {said}")
    # then
    change = changes_of(case)[-1]
    assert (change.reason, change.after["words"]) == (kept or said, f"Broken. {kept or said}")


@pytest.mark.parametrize("each", TRACKED, ids=lambda each: each.label)
def test_a_tracked_table_is_not_emptied_behind_the_back_of_the_audit(each):
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE "{each.model._meta.db_table}" CASCADE')


def test_what_belongs_to_a_group_is_about_it_and_at_its_place():
    # given
    vendor = VendorFactory()
    # when
    person = vendor.people.create(name="Sangay", work="weaver")
    # then
    (change,) = changes_of(person)
    assert (change.about_model, change.about_row) == ("partner.partner", str(vendor.pk))
    assert change.place_id == vendor.home_region_id


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_change SET reason = 'x'", "DELETE FROM audit_change", "TRUNCATE audit_change"]
)
def test_the_audit_can_neither_be_edited_nor_emptied(statement):
    # given
    region = RegionFactory()
    before = list(Change.objects.values())
    # when
    with (
        pytest.raises(IntegrityError, match="append only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    # then
    assert list(Change.objects.values()) == before
    assert changes_of(region)


@pytest.mark.parametrize(
    ("guard", "statement"),
    [
        ("audit_change_append_only", "UPDATE audit_change SET reason = 'x'"),
        ("audit_change_append_only", "DELETE FROM audit_change"),
        ("audit_change_never_emptied", "TRUNCATE audit_change"),
    ],
)
def test_without_its_guard_the_audit_could_be_edited(guard, statement):
    # given
    RegionFactory()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE audit_change DISABLE TRIGGER {guard}")
        # when
        cursor.execute(statement)
    # then
    assert not Change.objects.filter(reason="").exists()


def test_a_trigger_that_is_missing_is_named_and_brought_back():
    # given
    assert triggers.all_installed(databases=["default"]) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_audit_change%%'")
        name = cursor.fetchone()[0]
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = %s", [name])
        table = cursor.fetchone()[0]
        cursor.execute(f"DROP TRIGGER {name} ON {table}")
    # when
    (warning,) = triggers.all_installed(databases=["default"])
    triggers.after_migrations("default")
    # then
    assert "audit_change" in warning.msg
    # Or migrating, which brings it back, would be refused.
    assert not warning.is_serious()
    assert triggers.all_installed(databases=["default"]) == []


def test_a_trigger_that_nothing_declares_any_more_is_removed():
    # given
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_audit_change%%'")
        name = cursor.fetchone()[0]
        cursor.execute(
            f"CREATE TRIGGER pgtrigger_audit_old AFTER UPDATE ON django_site FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
        # when
        triggers.after_migrations("default")
        # then
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname = 'pgtrigger_audit_old'")
        assert cursor.fetchone() == (0,)


def test_a_sale_writes_nothing_and_each_move_of_a_part_one_row(fake_provider):
    # given
    goods = a_listing()
    kept = Change.objects.count()
    # when
    open_shop()
    methods = Change.objects.count()
    part = placed_order((goods, 1)).vendor_orders.get()
    # then
    assert kept < methods == Change.objects.count()
    # control
    VendorOrder.objects.filter(pk=part.pk).update(state="cancelled")
    assert changes_of(part)[0].after == {"state": "cancelled"}


def test_the_type_of_a_tracked_column_can_be_changed_and_it_stays_tracked():
    # given
    old, new = Region._meta.get_field("status_note"), models.TextField(default="")
    new.set_attributes_from_name("status_note")
    # when
    with connection.schema_editor() as editor:
        editor.alter_field(Region, old, new)
    triggers.after_migrations("default")
    # then
    assert triggers.all_installed(databases=["default"]) == []
    region = RegionFactory()
    Region.objects.filter(pk=region.pk).update(status_note="x" * 1000)
    assert changes_of(region)[-1].after == {"status_note": "x" * 1000}


def test_without_the_room_its_triggers_are_gone_and_rows_can_be_written():
    # given
    backward = import_module("audit.migrations.0002_written_by_triggers").BACKWARD
    # when
    with connection.cursor() as cursor:
        cursor.execute(backward)
    # then
    assert RegionFactory().pk
    assert Change.objects.count() == 0
