"""Changes of places that meet in one place on one day, and one that nobody foresaw, which holds up no other."""

from datetime import timedelta

import pytest

from marketplace.lib.dates import today_in
from regions.models import EnteredChange
from regions.services import register_changes
from regions.services.register_changes import carry_out_due
from tests.factories.register import DAY, an_entry
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
