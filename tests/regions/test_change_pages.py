"""The form in the admin in which staff enter a change of a place: preview, carrying out, refusals, taking back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from marketplace.lib.dates import today_in
from regions.models import EnteredChange, RegionChange
from regions.services.register_changes import enter
from tests.factories.people import PersonFactory
from tests.factories.regions import CountryFactory, RegionFactory
from tests.factories.register import an_entry
from tests.factories.vendors import VendorFactory

pytestmark = pytest.mark.django_db

ADD = reverse("admin:regions_enteredchange_add")
KINDS = RegionChange.Kind.values


@pytest.fixture
def registrar(client):
    person = PersonFactory(registrar=True)
    client.force_login(person)
    return person


@pytest.fixture
def paro():
    return RegionFactory(code="BT-11", name="Paro", level="dzongkhag", parent=CountryFactory())


@pytest.fixture
def doga(paro):
    return RegionFactory(code="BT-11-DOGA", name="Doga", parent=paro)


@pytest.fixture
def naja(paro):
    return RegionFactory(code="BT-11-NAJA", name="Naja", parent=paro)


def form_of(**values):
    return {"on": "2026-03-02", "source": "notification 7", "note": "by letter", "key": "k1", **values}


def previewed(client, kind, form):
    """The page with the preview; the form as it is then sent to carry it out."""
    page = client.post(f"{ADD}?kind={kind}", {**form, "preview": "1"})
    return page, {**form, "seen": page.context["fingerprint"], "carry": "1"}


def test_a_merger_is_previewed_and_then_carried_out_once(client, registrar, doga, naja):
    VendorFactory.create_batch(2, home_region=doga)
    form = form_of(place="Doga", other="BT-11-NAJA")

    page, ready = previewed(client, "merged", form)
    nothing = RegionChange.objects.count()
    answers = [client.post(f"{ADD}?kind=merged", ready) for _ in range(2)]

    assert "Doga ends and becomes part of Naja." in page.text
    assert "/places/BT-11-DOGA/" in page.text
    assert "leads to /places/BT-11-NAJA/" in page.text
    assert [(str(row.label), row.count) for row in page.context["foreseen"].standing] == [("groups", 2)]
    row = EnteredChange.objects.get()
    url = reverse("admin:regions_enteredchange_change", args=[row.pk])
    assert nothing == 0
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, url)] * 2
    change = RegionChange.objects.get()
    assert (change.source, change.note, change.entered_by) == ("notification 7", "by letter", registrar)
    assert "notification 7" in client.get(url).text


def test_what_was_changed_after_the_preview_is_previewed_again(client, registrar, doga, naja):
    form = form_of(place="BT-11-DOGA", name="Upper Doga")
    _page, ready = previewed(client, "renamed", form)

    page = client.post(f"{ADD}?kind=renamed", {**ready, "name": "Other"})

    assert not EnteredChange.objects.exists()
    assert "Doga is called Other." in page.text


def test_a_split_with_a_gap_between_its_rows_marks_the_row_that_is_wrong(client, registrar, doga, naja):
    form = form_of(
        place="BT-11-DOGA", code_1="bt-11-naja", code_3="BT-11-NEW", name_3="", code_4="BT-12-X", name_4="X"
    )

    page = client.post(f"{ADD}?kind=split", form)

    errors = page.context["form"].errors
    assert set(errors) == {"name_3", "code_4"}
    assert 'value="BT-12-X"' in page.text
    assert not EnteredChange.objects.exists()


def test_a_split_into_a_new_and_an_old_place_is_carried_out(client, registrar, doga, naja):
    form = form_of(place="BT-11-DOGA", code_1="bt-11-naja", code_3="BT-11-NEW", name_3="New")

    page, ready = previewed(client, "split", form)
    client.post(f"{ADD}?kind=split", ready)

    assert "Doga ends. Its land goes to: Naja, New (BT-11-NEW, new)." in page.text
    doga.refresh_from_db()
    assert doga.ended_on is not None
    assert {row.successor.code for row in doga.changes.all()} == {"BT-11-NAJA", "BT-11-NEW"}


@pytest.mark.parametrize("gap", ["on", "source", "place", "other"])
def test_a_gap_is_named_and_nothing_typed_is_lost(client, registrar, doga, naja, gap):
    form = form_of(place="BT-11-DOGA", other="BT-11-NAJA") | {gap: ""}

    page = client.post(f"{ADD}?kind=merged", form)

    assert page.status_code == 200
    assert list(page.context["form"].errors) == [gap]
    kept = [value for name, value in form.items() if value and name != "key"]
    assert all(f'value="{value}"' in page.text for value in kept)
    assert not EnteredChange.objects.exists()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"place": "Nowhere at all"}, "We know no such place"),
        ({"on": "31 February"}, "Enter a valid date"),
        ({"on": "0001-01-01"}, "latest change"),
        ({"source": " \u200b "}, "Say where"),
        ({"source": "a\0b"}, "Null characters"),
        ({"other": "BT-11-DOGA"}, "nothing becomes part of itself"),
        ({"key": "k" * 41}, "at most 40"),
    ],
)
def test_what_cannot_be_is_said_on_the_page(client, registrar, doga, naja, values, words):
    RegionChange.objects.create(kind="renamed", on="2020-01-01", place=doga, source="x", name_before="y")

    page = client.post(f"{ADD}?kind=merged", form_of(place="BT-11-DOGA", other="BT-11-NAJA") | values)

    assert page.status_code == 200
    assert words in page.text
    assert not EnteredChange.objects.exists()


def test_a_place_that_ended_is_named_with_its_day(client, registrar, doga, naja):
    enter(an_entry("abolished", doga), actor=PersonFactory(superuser=True), form_key="x")

    page = client.post(f"{ADD}?kind=renamed", form_of(place="BT-11-DOGA", name="X"))

    assert "Doga ended on 2 March 2026" in page.text


def test_a_coming_day_is_kept_and_may_be_taken_back_with_a_reason(client, registrar, doga):
    day = today_in("BT") + timedelta(days=9)
    form = form_of(place="BT-11-DOGA", on=day.isoformat())
    page, ready = previewed(client, "abolished", form)
    client.post(f"{ADD}?kind=abolished", ready)
    row = EnteredChange.objects.get()
    url = reverse("admin:regions_enteredchange_change", args=[row.pk])

    without = client.post(url, {"reason": "  "})
    states = [row.state, EnteredChange.objects.get().state]
    answer = client.post(url, {"reason": "not decided"})

    row.refresh_from_db()
    assert "Until" in page.text
    assert states == ["waiting", "waiting"]
    assert "Say why" in without.text
    assert (answer.status_code, row.state) == (302, "withdrawn")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_form_for_a_place(client, registrar, doga, kind):
    page = client.get(ADD, {"kind": kind, "place": "BT-11-DOGA"})

    assert page.status_code == 200
    assert 'value="BT-11-DOGA"' in page.text


def test_the_kinds_are_offered_and_the_list_shows_what_was_entered(client, registrar, doga):
    enter(an_entry("abolished", doga), actor=registrar, form_key="x")

    chooser = client.get(ADD, {"place": "BT-11-DOGA", "kind": "sold"})
    listed = client.get(reverse("admin:regions_enteredchange_changelist"))
    place = client.get(reverse("admin:regions_region_change", args=[doga.pk]))

    assert all(f"kind={kind}&amp;place=BT-11-DOGA" in chooser.text for kind in KINDS)
    assert "Doga" in listed.text
    assert place.status_code == 200


@pytest.mark.parametrize("trait", ["officer", "moderator", "finance", "staff"])
def test_nobody_else_enters_or_reads_changes(client, doga, trait):
    row = enter(an_entry("abolished", doga), actor=PersonFactory(superuser=True), form_key="x")
    client.force_login(PersonFactory(**{trait: True}))
    own = reverse("admin:regions_enteredchange_change", args=[row.pk])
    pages = [ADD, f"{ADD}?kind=renamed", own, reverse("admin:regions_enteredchange_changelist")]

    assert [client.get(page).status_code for page in pages] == [403] * 4
    assert client.post(f"{ADD}?kind=renamed", form_of(place="BT-11-DOGA", name="X")).status_code == 403
    assert client.post(own, {"reason": "x"}).status_code == 403


def test_an_officer_with_the_right_who_does_not_work_everywhere_does_not_enter(client, doga):
    officer = PersonFactory(officer=True)
    officer.user_permissions.add(
        *type(officer).user_permissions.rel.model.objects.filter(codename="change_register")
    )
    client.force_login(officer)

    assert client.get(ADD).status_code == 403
