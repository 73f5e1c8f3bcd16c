"""Changes of places that meet in one place on one day, and one that nobody foresaw, which holds up no other."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from marketplace.lib.dates import today_in
from regions.models import EnteredChange
from regions.services import register_changes
from regions.services.register_changes import carry_out_due, follow_late
from tests.factories.catalogue import ListingFactory
from tests.factories.regions import IdentifiedProductFactory
from tests.factories.register import DAY, an_entry
from tests.factories.vendors import VendorFactory
from tests.regions.test_register_changes import (
    DOGA,
    HAA,
    NAJA,
    PARO,
    actor,
    entered,
    place,
    refused,
    register,
)

__all__ = ["actor", "register"]

pytestmark = pytest.mark.django_db


def test_a_place_is_not_moved_twice_on_a_day_by_what_happens_above_it(register, actor):
    entered(an_entry("moved", place(DOGA), place(HAA)), actor, "first")
    name = place(DOGA).name

    why = refused(an_entry("merged", place(HAA), place(PARO)), actor)

    assert why == [("on", f"{name} has such a change on this day already. Choose another day.")]


def test_what_lies_in_a_merged_place_does_not_move_before_its_latest_change(register, actor):
    entered(an_entry("moved", place(DOGA), place(HAA)), actor, "first")
    name = place(DOGA).name

    why = refused(an_entry("merged", place(HAA), place(PARO), on=DAY - timedelta(days=1)), actor)

    words = f"The latest change of {name} was on 2 March 2026; choose that day or a later one."
    assert why == [("on", words)]


def test_a_place_is_split_once_on_a_day(register, actor):
    doga = place(DOGA)
    entered(
        an_entry("split", doga, pieces=[("BT-11-DOGA-UPPER", "Upper Doga")], goes_on=True), actor, "first"
    )

    lower = [("BT-11-DOGA-LOWER", "Lower Doga")]
    why = refused(an_entry("split", place(DOGA), pieces=lower, goes_on=True), actor)

    assert why == [("on", f"{doga.name} has such a change on this day already. Choose another day.")]


def test_a_change_that_nobody_foresaw_does_not_hold_up_the_others(register, actor, monkeypatch):
    tomorrow = today_in("BT") + timedelta(days=1)
    entered(an_entry("renamed", place(DOGA), name="X", on=tomorrow), actor, "first")
    entered(an_entry("renamed", place(NAJA), name="Y", on=tomorrow), actor, "second")
    carry_out = register_changes._carry_out

    def fails_for_doga(entry):
        carry_out(entry)
        if entry.place.code == DOGA:
            raise ValueError("nobody foresaw this")

    monkeypatch.setattr(register_changes, "_carry_out", fails_for_doga)
    monkeypatch.setattr("regions.models.entered.today_in", lambda country: tomorrow)

    done = carry_out_due()

    first, second = EnteredChange.objects.order_by("pk")
    assert (done, place(NAJA).name, second.state) == (1, "Y", "done")
    assert (place(DOGA).name, first.state) == ("Doga", "failed")
    assert str(first.pk) in first.refusal


def test_a_form_that_was_sent_swallows_no_other_change(register, actor):
    entered(an_entry("renamed", place(DOGA), name="X"), actor)

    why = refused(an_entry("renamed", place(NAJA), name="Y"), actor)

    assert [field for field, _words in why] == [""]
    assert "This form was sent before" in why[0][1]


def test_after_back_in_the_browser_another_change_is_previewed_and_carried_out(register, actor, client):
    client.force_login(actor)
    page = reverse("admin:regions_enteredchange_add") + "?kind=renamed"
    form = {"place": DOGA, "name": "X", "on": "2026-03-02", "source": "s", "key": "k"}

    for name, where in (("X", DOGA), ("Y", NAJA)):
        asked = {**form, "place": where, "name": name}
        preview = client.post(page, asked)
        key, seen = preview.context["form"]["key"].value(), preview.context["fingerprint"]
        client.post(page, {**asked, "key": key, "seen": seen, "carry": "1"})

    assert [place(code).name for code in (DOGA, NAJA)] == ["X", "Y"]
    assert EnteredChange.objects.count() == 2


@pytest.fixture
def tied():
    """A listing of Doga whose known product is that of Paro, and so cannot go to a gewog of Haa."""
    product = IdentifiedProductFactory(region=place(PARO), name="Paro rice")
    return ListingFactory(
        vendor=VendorFactory(home_region=place(DOGA)), region=place(DOGA), identified_product=product
    )


def a_gewog_of_haa():
    return place(HAA).children.standing().first()


def test_a_merger_that_would_part_a_listing_from_its_product_is_refused_in_words(register, actor, tied):
    [(field, words)] = refused(an_entry("merged", place(DOGA), a_gewog_of_haa()), actor)

    assert field == "other"
    assert "belongs to the product Paro rice" in words


def test_such_a_merger_says_so_when_its_day_has_come(register, actor, tied, monkeypatch):
    tomorrow = today_in("BT") + timedelta(days=1)
    entered(an_entry("merged", place(DOGA), a_gewog_of_haa(), on=tomorrow), actor)
    monkeypatch.setattr("regions.models.entered.today_in", lambda country: tomorrow)

    assert carry_out_due() == 0

    row = EnteredChange.objects.get()
    assert (row.state, place(DOGA).ended_on) == ("failed", None)
    assert "belongs to the product Paro rice" in row.refusal


def test_what_was_written_late_at_a_merged_place_and_cannot_go_holds_up_no_other_change(register, actor):
    entered(an_entry("merged", place(DOGA), a_gewog_of_haa()), actor)
    product = IdentifiedProductFactory(region=place(PARO), name="Paro rice")
    late = ListingFactory(
        vendor=VendorFactory(home_region=a_gewog_of_haa()), region=place(DOGA), identified_product=product
    )

    entered(an_entry("renamed", place(HAA), name="Haa of today"), actor, key="second")
    assert follow_late() == 0
    call_command("load_reference_data", stdout=StringIO())

    assert place(HAA).name == "Haa of today"
    late.refresh_from_db()
    assert late.region == place(DOGA)


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (lambda: an_entry("renamed", place(DOGA), name="\u200b"), "name"),
        (lambda: an_entry("created", None, place(PARO), code="BT-11-NEW", name="\u2800"), "name"),
        (
            lambda: an_entry("split", place(DOGA), pieces=[("BT-11-NEW", "\u200b")], goes_on=True),
            "name_1",
        ),
    ],
    ids=["renamed", "created", "split"],
)
def test_a_name_that_nobody_sees_is_none(register, actor, entry, field):
    assert field in [name for name, _words in refused(entry(), actor)]
