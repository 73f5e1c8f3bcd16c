"""Certificates: handed in by the group, decided about by staff who belong to no such group, told to the group."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalogue.selectors.claims import claims_on, goods_of
from marketplace.lib.states import IllegalTransition
from notices.models import Notice
from regions.models import GiParty
from tests.dashboard.given import photo
from tests.factories.catalogue import ListingFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import GeographicalIndicationFactory, RegionFactory
from tests.factories.vendors import (
    CertificateFactory,
    GroupDocumentFactory,
    MembershipFactory,
    VendorFactory,
)
from tests.support.race import race
from vendors.errors import ApplicationError, CertificateError, FormUsed, OwnGroup, ReasonMissing
from vendors.models import Certificate, CertificateEvent, GroupDocument
from vendors.selectors.certificate_doubts import doubts, lacks_user, same_number
from vendors.services import certificates, documents
from vendors.services.certificates import CertificateData

pytestmark = pytest.mark.django_db

Kind, State = Certificate.Kind, Certificate.State


def data(vendor, **changes):
    values = {
        "kind": Kind.ORGANIC,
        "number": "ORG 12",
        "holder": "Khoma farmers",
        "region": vendor.home_region,
        "valid_from": vendor.today,
        "valid_until": vendor.today + timedelta(days=300),
        "goods": "honey",
    }
    return CertificateData(**{**values, **changes})


def hand_in(vendor, *, key="k", colour="firebrick", **changes):
    paper = photo(colour=colour)
    return certificates.propose(
        vendor, data(vendor, **changes), actor=PersonFactory(), form_key=key, paper=paper
    )


def kinds_told():
    return list(Notice.objects.order_by("pk").values_list("kind", flat=True))


def test_group_hands_in_a_certificate_with_its_paper_and_the_form_sent_twice_is_one():
    vendor = VendorFactory()

    first = hand_in(vendor, number=" ORG   12 ", goods="honey , wax,, honey")
    second = hand_in(vendor, number="ORG 12", goods="honey, wax")

    assert first == second
    row = Certificate.objects.get()
    assert (row.state, row.number, row.goods) == (State.SUBMITTED, "ORG 12", "honey, wax")
    assert row.document == GroupDocument.objects.get(kind="certificate", vendor=vendor)
    assert [event.to_state for event in CertificateEvent.objects.all()] == ["submitted"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": "  "}, "number"),
        ({"number": "\u200b\u2800"}, "number"),
        ({"holder": "\u200b"}, "number"),
        ({"goods": " , "}, "goods"),
        ({"kind": Kind.GI}, "gi"),
        ({"valid_until": date(2020, 1, 1), "valid_from": date(2019, 1, 1)}, "valid_until"),
        ({"valid_from": date(2090, 1, 1)}, "valid_until"),
    ],
)
def test_what_is_no_certificate_is_refused_and_nothing_is_kept(changes, field):
    vendor = VendorFactory()

    with pytest.raises(CertificateError) as refused:
        hand_in(vendor, **changes)

    assert refused.value.field == field
    assert not Certificate.objects.exists()
    assert not GroupDocument.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("honey or\t-wax", "honey or wax"),
        ("honey or (-wax", "honey or wax"),
        ("honey or !-wax", "honey or wax"),
        ('honey, "-wax', "honey, wax"),
        ("semi-dried turmeric, -haldi", "semi-dried turmeric, haldi"),
        ("हल्दी, शहद", "हल्दी, शहद"),
        ("ho\u202eney", "honey"),
        ("- , (", ""),
    ],
)
def test_words_of_goods_are_words_and_never_all_but_something(typed, kept):
    assert ", ".join(certificates.goods_words(typed)) == kept


@pytest.mark.parametrize("typed", ["honey or\t-zzz", "honey or (-zzz", "honey or &-zzz", "honey, or -zzz"])
def test_scope_does_not_grow_by_signs_of_a_search(typed):
    vendor = VendorFactory()
    row = hand_in(vendor, goods=typed)
    certificates.verify(row, actor=PersonFactory())
    listing = ListingFactory(vendor=vendor, title="Basket")

    assert claims_on(goods_of(listing, is_food=False)) == []


def test_number_and_holder_are_kept_without_signs_that_nobody_sees():
    row = hand_in(VendorFactory(), number="ORG \u202e12", holder="Khoma\u2066 farmers")

    assert (row.number, row.holder) == ("ORG 12", "Khoma farmers")


def test_food_licence_may_be_for_all_food_of_the_group():
    assert hand_in(VendorFactory(), kind=Kind.BFDA, goods="").goods == ""


def test_same_certificate_is_handed_in_again_only_after_a_refusal():
    vendor = VendorFactory()
    first = hand_in(vendor)
    with pytest.raises(CertificateError, match="already"):
        hand_in(vendor, key="other", colour="navy")
    assert GroupDocument.objects.count() == 1
    certificates.refuse(first, actor=PersonFactory(), reason="Not readable")

    second = hand_in(vendor, key="third")

    assert second.pk != first.pk


def test_verified_certificate_counts_and_the_group_is_told_once():
    certificate = CertificateFactory(submitted=True)
    MembershipFactory(vendor=certificate.vendor)
    officer = PersonFactory(officer=True)

    changed = [certificates.verify(certificate, actor=officer) for _ in range(2)]

    certificate.refresh_from_db()
    assert changed == [True, False]
    assert (certificate.state, certificate.verified_by) == (State.VERIFIED, officer)
    assert list(Certificate.objects.valid_now()) == [certificate]
    assert kinds_told() == ["certificate_verified"]


def test_nobody_verifies_or_refuses_for_the_own_group():
    certificate = CertificateFactory(submitted=True)
    own = MembershipFactory(vendor=certificate.vendor, user__officer=True).user

    with pytest.raises(OwnGroup):
        certificates.verify(certificate, actor=own)
    with pytest.raises(OwnGroup):
        certificates.refuse(certificate, actor=own, reason="No")

    certificate.refresh_from_db()
    assert certificate.state == State.SUBMITTED
    assert not Notice.objects.exists()


def test_no_needs_a_reason_which_the_group_reads():
    certificate = CertificateFactory(submitted=True)
    MembershipFactory(vendor=certificate.vendor)

    with pytest.raises(ReasonMissing):
        certificates.refuse(certificate, actor=PersonFactory(), reason="  ")
    certificates.refuse(certificate, actor=PersonFactory(), reason="The photo is dark")

    assert Notice.objects.get().context["note"] == "The photo is dark"
    with pytest.raises(IllegalTransition):
        certificates.verify(certificate, actor=PersonFactory())


def test_withdrawn_certificate_counts_no_more_at_once():
    certificate = CertificateFactory()

    certificates.withdraw(certificate, actor=PersonFactory(), reason="Given up")

    assert not Certificate.objects.valid_now().exists()
    assert certificate.events.get().reason == "Given up"


def test_certificate_that_has_ended_is_not_verified():
    today = VendorFactory().today
    certificate = CertificateFactory(
        submitted=True, valid_from=date(2020, 1, 1), valid_until=today - timedelta(1)
    )

    with pytest.raises(CertificateError, match="over"):
        certificates.verify(certificate, actor=PersonFactory())


def test_registered_proprietor_of_a_protected_name_is_no_authorised_user_of_it():
    gi = GeographicalIndicationFactory(name="Lakadong Turmeric")
    GiParty.objects.create(gi=gi, part="A", name="Spice Board of the State")
    certificate = CertificateFactory(
        submitted=True, kind=Kind.GI, gi=gi, holder="spice board of the state", number="AU/741/3"
    )

    with pytest.raises(CertificateError, match="Part A"):
        certificates.verify(certificate, actor=PersonFactory())
    GiParty.objects.create(gi=gi, part="B", name="Spice Board of the State", number="AU/741/3")

    assert certificates.verify(certificate, actor=PersonFactory())


def test_authorised_user_whose_entry_has_ended_is_none():
    gi = GeographicalIndicationFactory(name="Lakadong Turmeric")
    certificate = CertificateFactory(
        submitted=True, kind=Kind.GI, gi=gi, holder="Spice Board", number="AU/741/3"
    )
    GiParty.objects.create(gi=gi, part="A", name="Spice Board")
    over = certificate.vendor.today - timedelta(1)
    party = GiParty.objects.create(
        gi=gi, part="B", name="Spice Board", number="AU/741/3", on=date(2020, 1, 1), until=over
    )

    assert lacks_user(certificate) is False
    with pytest.raises(CertificateError, match="Part A"):
        certificates.verify(certificate, actor=PersonFactory())
    GiParty.objects.create(gi=gi, part="B", name="Laskein farmers", number="AU/741/4")
    assert lacks_user(certificate) is True

    GiParty.objects.filter(pk=party.pk).update(until=certificate.vendor.today)
    assert lacks_user(certificate) is False
    assert certificates.verify(certificate, actor=PersonFactory())


@pytest.mark.parametrize(
    ("number", "is_told"), [("org-12", True), ("ORG12", True), ("ORG 12", True), ("ORG 13", False)]
)
def test_number_of_another_group_is_told_however_it_is_written(number, is_told):
    other = CertificateFactory(number="ORG 12", vendor__name="Laskein women")

    words = same_number(CertificateFactory(submitted=True, number=number), PersonFactory(moderator=True))

    assert words == (f"Laskein women ({other.get_state_display()})" if is_told else "")


def test_goods_from_beyond_the_place_of_a_protected_name_are_noticed():
    district = RegionFactory(district=True)
    gi = GeographicalIndicationFactory(regions=[district])
    reader = PersonFactory(moderator=True)
    rows = {
        where: CertificateFactory(
            kind=Kind.GI,
            gi=gi,
            region=region,
            vendor__home_region=district,
            document=GroupDocumentFactory(kind="certificate"),
        )
        for where, region in (("there", district), ("above", district.parent))
    }

    said = {where: doubts(row, reader) for where, row in rows.items()}

    wide = f"Goods from all of {district.parent.name} may bear the protected name, which belongs to {district.name}."
    assert said == {"there": [], "above": [wide]}


def test_photo_that_another_group_has_handed_in_too_is_noticed():
    reader = PersonFactory(moderator=True)
    first, second = (
        certificates.propose(
            vendor,
            data(vendor, number=f"ORG {number}"),
            actor=PersonFactory(),
            form_key=number,
            paper=photo(),
        )
        for number, vendor in (("1", VendorFactory()), ("2", VendorFactory()))
    )
    own = hand_in(second.vendor, key="3", number="ORG 3", colour="navy")

    said = {row.number: doubts(row, reader) for row in (first, second, own)}

    twin = ["Another group has handed in the very same photo."]
    assert said == {"ORG 1": twin, "ORG 2": twin, "ORG 3": []}


@pytest.mark.parametrize(
    ("moment", "india", "bhutan"),
    [
        (datetime(2027, 6, 30, 17, 59, tzinfo=UTC), True, True),
        (datetime(2027, 6, 30, 18, 0, tzinfo=UTC), True, False),
        (datetime(2027, 6, 30, 18, 29, tzinfo=UTC), True, False),
        (datetime(2027, 6, 30, 18, 30, tzinfo=UTC), False, False),
    ],
)
def test_last_day_is_over_at_midnight_of_the_groups_own_country(moment, india, bhutan, monkeypatch):
    days = {"valid_from": date(2026, 1, 1), "valid_until": date(2027, 6, 30)}
    in_india = CertificateFactory(vendor__home_region=RegionFactory(state=True), **days)
    in_bhutan = CertificateFactory(**days)
    assert in_india.vendor.home_region.country_code == "IN"
    monkeypatch.setattr(timezone, "now", lambda: moment)

    counts = set(Certificate.objects.valid_now())

    assert (in_india in counts, in_bhutan in counts) == (india, bhutan)
    assert (in_india.is_valid, in_bhutan.is_valid) == (india, bhutan)


def test_paper_of_a_certificate_is_kept():
    certificate = hand_in(VendorFactory())

    with pytest.raises(ApplicationError, match="belongs to a certificate"):
        documents.remove_document(certificate.document)

    assert GroupDocument.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "gi"},
        {"number": ""},
        {"valid_until": date(2000, 1, 1)},
        {"verified_by": None},
    ],
)
def test_database_refuses_what_is_no_certificate(wrong):
    certificate = CertificateFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(**wrong)


@pytest.mark.isolation
def test_certificates_are_read_by_the_own_group_and_by_officers_of_its_place():
    certificate = CertificateFactory()
    readers = {
        "own": MembershipFactory(vendor=certificate.vendor, role="packer").user,
        "other": MembershipFactory().user,
        "officer": PersonFactory(officer=True),
        "elsewhere": PersonFactory(officer=True, place=RegionFactory()),
        "shopper": PersonFactory(),
    }

    seen = {name for name, user in readers.items() if Certificate.objects.visible_to(user).exists()}

    assert seen == {"own", "officer"}


def unguarded(meeting):
    """The row without its lock, handed out when everybody has read it."""

    def read(certificate):
        found = Certificate.objects.select_related("vendor__home_region").get(pk=certificate.pk)
        meeting.wait(timeout=30)
        return found

    return read


@pytest.mark.parametrize(("guarded", "decisions"), [(True, 1), (False, 2)], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_is_told_that_it_is_decided(guarded, decisions, monkeypatch):
    certificate = CertificateFactory(submitted=True)
    people = [PersonFactory(), PersonFactory()]
    if not guarded:
        monkeypatch.setattr(certificates, "lock_certificate", unguarded(Barrier(2)))
    verify = partial(certificates.verify, actor=people[0])
    refuse = partial(certificates.refuse, actor=people[1], reason="Not readable")
    order = iter([verify, refuse])

    outcomes = race(lambda: next(order)(Certificate.objects.get(pk=certificate.pk)), contenders=2)

    refused = [outcome for outcome in outcomes if isinstance(outcome, IllegalTransition)]
    assert len(refused) == 2 - decisions
    assert CertificateEvent.objects.filter(certificate=certificate).count() == decisions


@pytest.mark.django_db(transaction=True)
def test_form_that_comes_four_times_at_once_hands_in_one():
    vendor = VendorFactory()
    actor = PersonFactory()
    wanted = data(vendor)

    outcomes = race(lambda: certificates.propose(vendor, wanted, actor=actor, form_key="k"), contenders=4)

    assert outcomes == [None] * 4
    assert Certificate.objects.count() == CertificateEvent.objects.count() == 1


def test_form_sent_before_does_not_swallow_another_certificate():
    vendor = VendorFactory()
    hand_in(vendor)

    with pytest.raises(FormUsed):
        hand_in(vendor, number="ORG 13")

    assert Certificate.objects.get().number == "ORG 12"


def test_words_of_goods_that_grow_when_they_are_parted_anew_are_refused_in_words():
    vendor = VendorFactory()
    typed = ",".join(f"{one}{two}" for one in "abcdefghi" for two in "abcdefgh")[:200]

    with pytest.raises(CertificateError) as refused:
        hand_in(vendor, goods=typed)

    assert refused.value.field == "goods"
    assert "200" in str(refused.value.message)
    assert not GroupDocument.objects.exists()
