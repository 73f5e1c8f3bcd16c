"""One name is one product however it is spelled, none stands twice on a day; a nomination follows its place."""

from datetime import timedelta

import pytest

from regions.domain.names import same_name
from regions.errors import NominationError, NotYourPlace
from regions.models import IdentifiedProduct, Nomination, Region
from regions.services import nomination_decisions as decisions
from regions.services.settling import settling
from tests.factories.regions import IdentifiedProductFactory, RegionFactory
from tests.regions.given_nominations import office, officer
from tests.regions.test_nomination_approvals import DAY, approve, clock, recommended

__all__ = ["clock", "office"]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Forest honey", "FOREST  HONEY"),
        ("Forest honey", "Forest-honey"),
        ("Forest honey", "Forest\u200b honey"),
        ("Forest honey", "\uff26orest honey"),
        ("Caf\u00e9", "Cafe\u0301"),
        ("\u0958\u0939\u0935\u093e", "\u0915\u093c\u0939\u0935\u093e"),
        ("हल्दी", "हल्\u200dदी"),
    ],
)
@pytest.mark.parametrize("is_named", [True, False], ids=["named", "proposed"])
def test_what_is_read_as_one_name_is_proposed_once(office, one, other, is_named):
    if is_named:
        IdentifiedProductFactory(scheme=office.scheme, region=office.gewog, name=one)
    else:
        office.propose(one)

    with pytest.raises(NominationError) as refused:
        office.propose(other, key="other")

    assert refused.value.field == "name"
    assert Nomination.objects.count() == (0 if is_named else 1)


@pytest.mark.parametrize(
    ("one", "other"), [("हल्दी", "हल्दा"), ("Rice 5", "Rice 6"), ("Rice", "Riced"), ("!", "?")]
)
def test_what_is_read_as_two_names_is_two(one, other):
    assert same_name(one) != same_name(other)


def test_a_name_is_not_named_again_before_its_end(office):
    end = DAY + timedelta(days=60)
    place = {"scheme": office.scheme, "region": office.gewog, "name": "Forest honey"}
    IdentifiedProductFactory(**place, ended_on=end - timedelta(days=90))
    IdentifiedProductFactory(**place, ended_on=end)
    row = recommended(office, "forest honey")

    with pytest.raises(NominationError) as refused:
        approve(office, row, day=end - timedelta(days=1))

    assert refused.value.field == "effective_on"
    assert "until May 31, 2026" in str(refused.value.message)
    assert IdentifiedProduct.objects.count() == 2
    assert approve(office, row, day=end)


def moved(place, above):
    with settling():
        Region.objects.filter(pk=place.pk).update(parent=above)


def test_where_a_place_is_moved_the_place_above_of_today_recommends(office):
    row, other = office.propose(), RegionFactory(dzongkhag=True)

    moved(office.gewog, other)

    with pytest.raises(NotYourPlace):
        decisions.recommend(row, actor=office.recommender, version=1)
    assert decisions.recommend(row, actor=officer(other, decides=True), version=1)


def test_what_was_recommended_before_the_place_was_moved_goes_on(office):
    row, before = recommended(office), office.gewog.parent

    moved(office.gewog, RegionFactory(dzongkhag=True))

    row.refresh_from_db()
    assert (row.state, row.recommending_region) == ("recommended", before)
    assert approve(office, row)
