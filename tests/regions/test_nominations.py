"""A place proposes a product: what is taken in, what is refused in words and leaves nothing, what comes twice."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import Error

from marketplace.lib.photos import PictureRefused
from marketplace.lib.uploads import private_storage
from regions.errors import NominationError, NotYourPlace, ProposalFormUsed
from regions.models import (
    Nomination,
    NominationEvent,
    NominationFile,
    NominationVersion,
    Region,
)
from regions.selectors.nominations import visible_to, waiting_for
from regions.services import nomination_papers, nominations
from tests.catalogue.test_photos import picture
from tests.factories.nominations import NominationFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import (
    CountryFactory,
    GeographicalIndicationFactory,
    IdentifiedProductFactory,
    RegionFactory,
    SchemeFactory,
)
from tests.regions.given_nominations import Office, office, officer, paper
from tests.support.race import race
from tests.vendors.test_uploads import HOSTILE, files, media

__all__ = ["media", "office"]

pytestmark = pytest.mark.django_db


def nothing_is_kept(media):
    models = (Nomination, NominationVersion, NominationEvent, NominationFile)
    return not any(model.objects.exists() for model in models) and files(media) == []


def test_what_is_proposed_is_kept_with_its_grounds_version_and_history(office):
    gi = GeographicalIndicationFactory(country="BT")
    replaced = IdentifiedProductFactory(scheme=office.scheme, region=office.gewog, name="Ginger")

    made = office.propose(
        "  Forest \n honey\u202e ",
        ecosystem="Forty\r\nbeekeepers",
        export_list="Hub list 2025",
        gi=gi,
        other_grounds="\u3164",
        replaces=replaced,
    )

    made.refresh_from_db()
    assert (made.state, made.version, made.name) == ("proposed", 1, "Forest honey")
    assert (made.region, made.recommending_region) == (office.gewog, office.gewog.parent)
    assert (made.ecosystem, made.other_grounds, made.replaces) == ("Forty\nbeekeepers", "", replaced)
    assert [text for _heading, text in made.grounds] == ["Forty\nbeekeepers", "Hub list 2025", gi.name]
    version = made.versions.get()
    assert (version.version, version.by, version.ecosystem, version.gi) == (
        1,
        office.proposer,
        made.ecosystem,
        gi,
    )
    event = made.events.get()
    assert (event.from_state, event.to_state, event.actor, event.version) == (
        "",
        "proposed",
        office.proposer,
        1,
    )


def test_without_a_level_that_recommends_it_goes_to_the_centre_at_once():
    place = RegionFactory(province=True)
    scheme = SchemeFactory(code="OTOP", country=CountryFactory(code="TH"))
    person = officer(place)

    made = nominations.propose(
        scheme, place, nominations.Proposed("Silk", "Cloth", ecosystem="Weavers"), actor=person, form_key="k"
    )

    assert made.recommending_region is None
    assert not made.waits_for_recommendation


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"name": " \u200b "}, "name", "Write the product"),
        ({"name": "x" * 161}, "name", "longer than 160"),
        ({"category": ""}, "category", "Write the product"),
        ({"category": "x" * 61}, "category", "longer than 60"),
        ({"ecosystem": " \n"}, "ecosystem", "at least one of the grounds"),
        ({"other_grounds": "x" * 4001}, "other_grounds", "longer than 4000"),
    ],
)
def test_words_that_do_not_do_are_refused_with_what_to_do(office, media, changes, field, words):
    with pytest.raises(NominationError, match=words) as refused:
        office.propose(papers=[paper()], **{"name": "Honey", **changes})

    assert refused.value.field == field
    assert nothing_is_kept(media)


def test_products_of_elsewhere_or_there_already_are_refused(office, media):
    there = IdentifiedProductFactory(scheme=office.scheme, region=office.gewog, name="Forest Honey")
    elsewhere = IdentifiedProductFactory(scheme=office.scheme)
    other_list = IdentifiedProductFactory(region=office.gewog, scheme=SchemeFactory(code="OTHER"))
    left_behind = IdentifiedProductFactory(
        scheme=office.scheme, region=office.gewog, listed_for=office.gewog, name="Old"
    )

    for changes, field in [
        ({"name": there.name.lower()}, "name"),
        ({"name": "Tea", "replaces": elsewhere}, "replaces"),
        ({"name": "Tea", "replaces": other_list}, "replaces"),
        ({"name": "Tea", "replaces": left_behind}, "replaces"),
        ({"name": "Tea", "gi": GeographicalIndicationFactory()}, "gi"),
    ]:
        with pytest.raises(NominationError) as refused:
            office.propose(**changes)
        assert refused.value.field == field
    assert nothing_is_kept(media)


def test_places_that_do_not_propose_are_refused(office, media):
    boss = PersonFactory(moderator=True)
    ended = RegionFactory(ended_on="2026-01-01")
    abroad = RegionFactory(district=True)
    only_a_list = SchemeFactory(code="NONE", is_programme=False)

    for changes in (
        {"region": office.gewog.parent},
        {"region": office.country},
        {"region": ended},
        {"region": abroad},
        {"scheme": only_a_list},
    ):
        with pytest.raises(NominationError) as refused:
            office.propose(actor=boss, **changes)
        assert refused.value.field == ("scheme" if "scheme" in changes else "region")
    # The scheme says a level that this country's tree does not have above the place.
    Region.objects.filter(pk=office.gewog.parent.pk).update(level="province")
    with pytest.raises(NominationError, match="Ask the centre"):
        office.propose(actor=boss)
    assert nothing_is_kept(media)


def test_only_who_works_there_with_the_right_proposes(office, media):
    may = [office.proposer, office.recommender, office.approver, PersonFactory(moderator=True)]
    without_right = PersonFactory(staff=True)
    without_right.region_roles.create(region=office.gewog)
    gone = officer(office.gewog)
    gone.is_active = False
    may_not = [
        PersonFactory(),
        PersonFactory(finance=True),
        officer(RegionFactory(), decides=True),
        officer(RegionFactory(parent=office.gewog.parent)),
        without_right,
        gone,
    ]

    for person in may_not:
        with pytest.raises(NotYourPlace):
            office.propose(actor=person)
    assert nothing_is_kept(media)
    for number, person in enumerate(may):
        assert office.propose(f"Product {number}", actor=person).proposed_by == person


def test_each_reads_what_the_own_places_propose_and_is_shown_what_waits_for_her_or_him(office):
    made = office.propose()
    at_the_centre = NominationFactory(region=office.gewog, to_the_centre=True)
    elsewhere = NominationFactory()
    both = {made, at_the_centre}
    moderator = PersonFactory(moderator=True)
    neighbour = officer(RegionFactory(parent=office.gewog.parent), decides=True)

    assert set(visible_to(office.proposer)) == set(visible_to(office.recommender)) == both
    assert set(visible_to(office.approver)) == set(visible_to(moderator)) == {*both, elsewhere}
    assert set(visible_to(neighbour)) == set(visible_to(PersonFactory(finance=True))) == set()
    assert set(visible_to(PersonFactory())) == set()
    assert set(waiting_for(office.proposer)) == set(waiting_for(neighbour)) == set()
    assert set(waiting_for(office.recommender)) == {made}
    assert set(waiting_for(office.approver)) == set(waiting_for(moderator)) == {*both, elsewhere}
    own = office.propose("Silk", actor=moderator)
    assert own not in waiting_for(moderator)


def test_the_same_form_twice_makes_one_and_another_form_with_the_same_is_refused(office, media):
    one = office.propose(key="k", papers=[paper()])

    assert office.propose(key="k", papers=[paper()]) == one
    assert office.propose("forest-honey", key="k") == one
    with pytest.raises(ProposalFormUsed):
        office.propose("Other words", key="k")
    with pytest.raises(NominationError, match="and is being decided about") as refused:
        office.propose("FOREST HONEY", key="other")
    # A key that somebody else's form had shows nothing of that person's.
    with pytest.raises(NominationError, match="Look at the list"):
        office.propose("Silk", key="k", actor=office.recommender)

    assert refused.value.field == "name"
    assert (Nomination.objects.count(), NominationEvent.objects.count(), len(files(media))) == (1, 1, 1)


def test_one_product_is_replaced_by_one_open_nomination(office):
    replaced = IdentifiedProductFactory(scheme=office.scheme, region=office.gewog)
    office.propose("Tea", replaces=replaced)

    with pytest.raises(NominationError, match="in place of") as refused:
        office.propose("Silk", replaces=replaced)

    assert refused.value.field == "replaces"
    assert Nomination.objects.count() == 1


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_photo_is_refused_beside_good_ones_and_leaves_nothing(office, media, kind):
    with pytest.raises(PictureRefused) as refused:
        office.propose(papers=[paper(), paper(HOSTILE[kind])])

    assert str(refused.value)
    assert ("JPEG" in str(refused.value)) or kind not in ("pdf", "pdf behind blanks", "text", "html")
    assert nothing_is_kept(media)


def test_papers_are_written_anew_where_no_address_leads(office, media):
    made = office.propose(papers=[paper(name="../../x.html"), paper(), paper(picture("PNG"))])

    kept = list(made.files.all())
    assert [(each.version, each.uploaded_by, each.width) for each in kept] == [(1, office.proposer, 600)] * 2
    assert all(private_storage().open(each.name).read(12)[8:] == b"WEBP" for each in kept)
    assert all("private" in str(path) and path.suffix == ".webp" for path in files(media))
    assert len(files(media)) == 2


def test_too_many_papers_are_refused(office, media, monkeypatch):
    monkeypatch.setattr(nomination_papers, "MOST_PAPERS", 2)

    with pytest.raises(NominationError, match="At most 2"):
        office.propose(papers=[paper(), paper(picture("PNG")), paper(picture("WEBP"))])

    assert nothing_is_kept(media)


def test_the_database_itself_keeps_what_must_never_be(office):
    made = office.propose()
    third = PersonFactory()
    rows = Nomination.objects.filter(pk=made.pk)
    for never in (
        {"recommended_by": office.proposer},
        {"state": "recommended"},
        {"state": "approved"},
        {"state": "approved", "approved_by": third, "effective_on": "2026-01-01"},
        {
            "state": "approved",
            "recommended_by": third,
            "approved_by": third,
            "effective_on": "2026-01-01",
        },
        {
            "state": "approved",
            "recommended_by": third,
            "approved_by": office.proposer,
            "effective_on": "2026-01-01",
        },
        {"effective_on": "2026-01-01"},
        {"ecosystem": ""},
        {"version": 0},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**never)
    for change in (lambda: made.versions.update(name="Other"), lambda: made.versions.all().delete()):
        with pytest.raises(Error), transaction.atomic():
            change()
    assert made.versions.get().name == "Forest honey"


INDEXES = {"twin": "nomination_open_once", "replaced": "nomination_replaces_once"}


def without_index(name):
    """Take a unique index away until the test is over; returns what puts it back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [name])
        (definition,) = cursor.fetchone()
        cursor.execute(f"DROP INDEX {name}")
    return definition


def put_back(definition):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM regions_nominationevent")
        cursor.execute("ALTER TABLE regions_nominationversion DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM regions_nominationversion")
        cursor.execute("ALTER TABLE regions_nominationversion ENABLE TRIGGER USER")
        cursor.execute("DELETE FROM regions_nomination")
        cursor.execute(definition)


@pytest.mark.parametrize("kind", INDEXES)
@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_of_four_forms_with_the_same_at_once_one_is_taken_in(monkeypatch, media, kind, guarded):
    office = Office()
    replaced = IdentifiedProductFactory(scheme=office.scheme, region=office.gewog)
    forms = iter("abcd")
    definition = None if guarded else without_index(INDEXES[kind])
    monkeypatch.setattr(nominations, "refuse_open_twin", lambda *args, **kwargs: None)

    def send():
        form = next(forms)
        wanted = {"name": "Honey"} if kind == "twin" else {"name": form, "replaces": replaced}
        return office.propose(key=form, papers=[paper()], **wanted)

    try:
        outcomes = race(send, contenders=4)
        made = Nomination.objects.count()
        assert made == (1 if guarded else 4)
        assert sum(isinstance(outcome, NominationError) for outcome in outcomes) == 4 - made
        assert NominationFile.objects.count() == len(files(media)) == made
    finally:
        if definition:
            NominationFile.objects.all().delete()
            put_back(definition)


@pytest.mark.django_db(transaction=True)
def test_the_same_form_four_times_at_once_makes_one(media):
    office = Office()

    outcomes = race(lambda: office.propose(key="k", papers=[paper()]), contenders=4)

    assert outcomes == [None] * 4
    assert (
        Nomination.objects.count()
        == NominationVersion.objects.count()
        == NominationEvent.objects.count()
        == 1
    )
    assert NominationFile.objects.count() == len(files(media)) == 1
