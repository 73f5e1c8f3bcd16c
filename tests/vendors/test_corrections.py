"""What stands on a verified certificate is corrected with a reason, as it was read; claims follow, the group is told."""

from datetime import date, timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override

from audit.models import Change
from catalogue.models import Product
from catalogue.selectors.claims import claimed
from marketplace.lib.states import IllegalTransition
from notices.models import Notice
from regions.models import GiParty
from tests.dashboard.given import queries_of
from tests.factories.catalogue import ListingFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import GeographicalIndicationFactory, IdentifiedProductFactory, RegionFactory
from tests.factories.vendors import (
    CertificateFactory,
    GroupDocumentFactory,
    MembershipFactory,
    VendorFactory,
)
from tests.support.race import race
from vendors.errors import CertificateError, CertificateMoved, NotNow, OwnGroup, ReasonMissing
from vendors.models import Certificate, CertificateCorrection, CertificateEvent, Partner
from vendors.selectors.corrections import changed_fields
from vendors.services import certificates, corrections
from vendors.services.certificate_warnings import warn_of_ends
from vendors.services.certificates import CertificateData

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate():
    """Verified, organic, for honey of a dzongkhag; the group's chair reads English."""
    vendor = VendorFactory(name="Khoma farmers", home_region=RegionFactory(district=True))
    MembershipFactory(vendor=vendor, user__email="chair@example.org", user__preferred_language="en")
    return CertificateFactory(vendor=vendor, number="ORG 7")


def as_it_stands(certificate, **changes):
    names = ("kind", "number", "holder", "region", "valid_from", "valid_until", "issuer", "gi", "goods")
    values = {name: getattr(certificate, name) for name in names}
    return CertificateData(**{**values, "products": list(certificate.products.all()), **changes})


def correct(certificate, *, key="k", seen=1, actor=None, reason="The paper says so", **changes):
    return corrections.correct(
        certificate,
        as_it_stands(certificate, **changes),
        actor=actor or PersonFactory(),
        reason=reason,
        seen_version=seen,
        form_key=key,
    )


def test_correction_is_kept_with_before_and_after_and_the_group_is_told_once(certificate):
    officer = PersonFactory(name="Tashi")
    product = IdentifiedProductFactory(name="Highland honey")

    changed = [
        correct(certificate, actor=officer, number=" ORG  8 ", goods="honey, wax", products=[product])
        for _ in range(2)
    ]

    certificate.refresh_from_db()
    row = CertificateCorrection.objects.get()
    assert changed == [True, False]
    assert (certificate.number, certificate.goods, certificate.version) == ("ORG 8", "honey, wax", 2)
    assert list(certificate.products.all()) == [product]
    assert (row.corrected_by, row.reason, row.version) == (officer, "The paper says so", 2)
    assert row.before == {"number": "ORG 7", "goods": "honey", "products": []}
    assert row.after == {
        "number": "ORG 8",
        "goods": "honey, wax",
        "products": [{"pk": product.pk, "name": "Highland honey"}],
    }
    notice = Notice.objects.get(address="chair@example.org")
    assert (notice.kind, notice.context["note"]) == ("certificate_corrected", "The paper says so")
    assert notice.context["changes"].splitlines()[0] == "Its number: ORG 8 (before: ORG 7)"


def test_group_reads_what_changed_in_its_own_language(certificate):
    MembershipFactory(vendor=certificate.vendor, user__email="hi@example.org", user__preferred_language="hi")

    with override("dz"):
        correct(certificate, valid_until=date(2027, 5, 31))

    told = dict(Notice.objects.values_list("address", "context__changes"))
    assert "31 May 2027" in told["chair@example.org"]
    assert "31 मई 2027" in told["hi@example.org"]


def test_audit_says_who_has_corrected_and_why(certificate):
    officer = PersonFactory()

    correct(certificate, actor=officer, number="ORG 8")

    change = Change.objects.filter(model="partner.certificate", action="changed").get()
    assert (change.person_id, change.reason) == (officer.pk, "The paper says so")
    assert (change.before, change.after) == ({"number": "ORG 7"}, {"number": "ORG 8"})


def test_claims_follow_at_once(certificate):
    vendor = certificate.vendor
    gewog = RegionFactory(parent=vendor.home_region)
    here = ListingFactory(vendor=vendor, region=vendor.home_region, title="White honey")
    below = ListingFactory(vendor=vendor, region=gewog, title="White honey")
    wax = ListingFactory(vendor=vendor, region=gewog, title="Wax")

    def organic():
        return set(claimed(Product.objects.all(), "organic").values_list("pk", flat=True))

    assert organic() == {here.pk, below.pk}
    correct(certificate, region=gewog)
    certificate.refresh_from_db()
    assert organic() == {below.pk}
    correct(certificate, goods="wax", seen=2, key="2")
    certificate.refresh_from_db()
    assert organic() == {wax.pk}
    correct(certificate, valid_until=vendor.today - timedelta(1), seen=3, key="3")
    assert organic() == set()


def test_shoppers_read_number_and_last_day_as_corrected(certificate, client):
    listing = ListingFactory(vendor=certificate.vendor, title="White honey")

    correct(certificate, number="ORG 4711", valid_until=date(2027, 5, 31))

    page = client.get(reverse("listing-detail", args=[listing.slug, listing.pk])).content.decode()
    assert "ORG 4711" in page
    assert "31 May 2027" in page
    assert "ORG 7<" not in page


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "other"}, ""),
        ({"number": "\u200b"}, "number"),
        ({"holder": " "}, "number"),
        ({"goods": " , "}, "goods"),
        ({"valid_until": date(2020, 1, 1)}, "valid_until"),
        ({"valid_from": date(2090, 1, 1), "valid_until": date(2091, 1, 1)}, "valid_from"),
        ({}, ""),
    ],
    ids=["kind", "number", "holder", "goods", "days", "ahead", "nothing"],
)
def test_what_cannot_stand_there_is_refused_and_changes_nothing(certificate, wrong, field):
    with pytest.raises(CertificateError) as refused:
        correct(certificate, **wrong)

    assert refused.value.field == field
    assert not CertificateCorrection.objects.exists()
    assert Certificate.objects.get(pk=certificate.pk).version == 1
    assert not Notice.objects.exists()


def test_protected_name_stays_and_a_proprietor_does_not_become_its_user():
    gi, other = GeographicalIndicationFactory(), GeographicalIndicationFactory()
    certificate = CertificateFactory(kind="gi", gi=gi, number="AU/741/3")
    GiParty.objects.create(gi=gi, part="A", name="Spice Board")

    with pytest.raises(CertificateError, match="no other certificate"):
        correct(certificate, gi=other)
    with pytest.raises(CertificateError, match="Part A"):
        correct(certificate, holder="spice board")

    assert correct(certificate, holder="Laskein farmers")


def test_number_and_last_day_of_another_certificate_of_the_group_are_refused(certificate):
    CertificateFactory(vendor=certificate.vendor, number="ORG 8", valid_until=certificate.valid_until)

    with pytest.raises(CertificateError, match="another certificate") as refused:
        correct(certificate, number="ORG 8")

    assert refused.value.field == "number"


def test_neither_members_nor_who_handed_it_in_correct_it_and_a_reason_is_needed(certificate):
    member = MembershipFactory(vendor=certificate.vendor, user__moderator=True).user
    officer = PersonFactory(officer=True)
    CertificateEvent.objects.create(
        certificate=certificate, from_state="", to_state="submitted", actor=officer, on_behalf_of="Khoma"
    )

    with pytest.raises(OwnGroup):
        correct(certificate, actor=member, number="ORG 8")
    with pytest.raises(CertificateError, match="Another person"):
        correct(certificate, actor=officer, number="ORG 8")
    with pytest.raises(ReasonMissing):
        correct(certificate, reason=" \u2800 ", number="ORG 8")

    assert not CertificateCorrection.objects.exists()


@pytest.mark.parametrize("state", ["submitted", "refused", "withdrawn"])
def test_only_a_verified_one_is_corrected(certificate, state):
    Certificate.objects.filter(pk=certificate.pk).update(state=state)

    with pytest.raises(NotNow):
        correct(certificate, number="ORG 8")


def test_certificate_of_a_closed_group_is_not_corrected(certificate):
    Partner.objects.filter(pk=certificate.vendor_id).update(state=Partner.State.CLOSED)

    with pytest.raises(NotNow):
        correct(certificate, number="ORG 8")


def test_correction_and_withdrawal_about_what_was_read_before_another_correction_are_refused(certificate):
    correct(certificate, number="ORG 8")

    with pytest.raises(CertificateMoved):
        correct(certificate, key="2", number="ORG 9")
    with pytest.raises(CertificateMoved):
        certificates.withdraw(certificate, actor=PersonFactory(), reason="Wrong", seen_version=1)

    certificate.refresh_from_db()
    assert (certificate.number, certificate.state) == ("ORG 8", "verified")


def test_group_is_warned_anew_of_the_end_that_a_correction_gave(certificate):
    today = certificate.vendor.today
    Certificate.objects.filter(pk=certificate.pk).update(valid_until=today + timedelta(days=5))
    certificate.refresh_from_db()
    assert warn_of_ends() == 1

    correct(certificate, valid_until=today + timedelta(days=6))

    assert warn_of_ends() == 1
    ends = Notice.objects.filter(kind="certificate_ending", address="chair@example.org")
    assert list(ends.order_by("pk").values_list("context__count", flat=True)) == ["5", "6"]


@pytest.mark.parametrize("wrong", [{"version": 2}, {"form_key": "k"}, {"reason": ""}])
def test_database_keeps_each_version_and_form_once_and_wants_a_reason(certificate, wrong):
    correct(certificate, number="ORG 8")
    correct(certificate, number="ORG 9", key="2", seen=2)

    with pytest.raises(IntegrityError), transaction.atomic():
        CertificateCorrection.objects.filter(version=3).update(**wrong)


def unguarded(meeting):
    """The row without its lock, handed out when everybody has read it."""

    def read(certificate):
        rows = Certificate.objects.select_related("vendor__home_region", "gi", "region")
        found = rows.get(pk=certificate.pk)
        meeting.wait(timeout=30)
        return found

    return read


def without_lock(monkeypatch, contenders=2):
    read = unguarded(Barrier(contenders))
    for module in (certificates, corrections):
        monkeypatch.setattr(module, "lock_certificate", read)


@pytest.mark.parametrize(("guarded", "done"), [(True, 1), (False, 2)], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_of_a_correction_and_a_withdrawal_at_once_one_is_refused(guarded, done, monkeypatch):
    certificate, people = CertificateFactory(), [PersonFactory(), PersonFactory()]
    if not guarded:
        without_lock(monkeypatch)
    fix = partial(correct, certificate, actor=people[0], number="ORG 8")
    end = partial(certificates.withdraw, certificate, actor=people[1], reason="No", seen_version=1)
    order = iter([fix, end])

    outcomes = race(lambda: next(order)(), contenders=2)

    assert outcomes.count(None) == done
    assert all(isinstance(each, NotNow | CertificateMoved) for each in outcomes if each is not None)
    steps = CertificateCorrection.objects.count() + CertificateEvent.objects.count()
    assert steps == done


@pytest.mark.parametrize("guarded", [True, False], ids=["row lock", "unique version alone"])
@pytest.mark.django_db(transaction=True)
def test_of_two_corrections_at_once_one_is_told_to_read_again(guarded, monkeypatch):
    certificate, people = CertificateFactory(), iter([PersonFactory(), PersonFactory()])
    if not guarded:
        without_lock(monkeypatch)
    keys = iter(["a", "b"])

    outcomes = race(
        lambda: correct(certificate, actor=next(people), number=f"ORG {(key := next(keys))}", key=key),
        contenders=2,
    )

    assert sorted(type(each).__name__ for each in outcomes) == ["CertificateMoved", "NoneType"]
    row, kept = Certificate.objects.get(), CertificateCorrection.objects.get()
    assert (row.version, row.number) == (2, kept.after["number"])


@pytest.mark.parametrize("guarded", [True, False], ids=["row lock", "unique key alone"])
@pytest.mark.django_db(transaction=True)
def test_form_that_comes_four_times_at_once_corrects_once_and_tells_once(guarded, monkeypatch):
    certificate, actor = CertificateFactory(vendor__email="group@example.org"), PersonFactory()
    if not guarded:
        without_lock(monkeypatch, contenders=4)

    outcomes = race(lambda: correct(certificate, actor=actor, number="ORG 8"), contenders=4)

    assert outcomes == [None] * 4
    assert CertificateCorrection.objects.count() == 1
    assert Notice.objects.filter(kind="certificate_corrected", channel="email").count() == 1


@pytest.mark.django_db(transaction=True)
def test_verification_and_correction_at_once_leave_no_correction_of_what_was_not_verified():
    certificate, people = CertificateFactory(submitted=True), [PersonFactory(), PersonFactory()]
    verify = partial(certificates.verify, certificate, actor=people[0])
    order = iter([verify, partial(correct, certificate, actor=people[1], number="ORG 8")])

    outcomes = race(lambda: next(order)(), contenders=2)

    assert Certificate.objects.get().state == "verified"
    first, second = outcomes
    assert (first, second) == (None, None) or {type(first), type(second)} == {type(None), NotNow}


class TestPage:
    """The page in the admin on which staff correct."""

    @pytest.fixture
    def officer(self, certificate, client):
        person = PersonFactory(officer=True, place=certificate.vendor.home_region, name="Tashi")
        client.force_login(person)
        return person

    @pytest.fixture
    def address(self, certificate):
        return reverse("admin:partner_certificate_correct", args=[certificate.pk])

    def sent(self, page, **changes):
        """What a browser sends back of the form that was opened."""
        form = page.context["form"]
        values = {name: form[name].value() for name in form.fields}
        return {**{name: "" if value is None else value for name, value in values.items()}, **changes}

    def test_officer_corrects_and_both_pages_tell_it_in_words(self, certificate, client, officer, address):
        row_page = reverse("admin:partner_certificate_change", args=[certificate.pk])
        assert address in client.get(row_page).content.decode()
        form = self.sent(client.get(address), number="ORG 8", reason="The issuer wrote a new number")

        answers = [client.post(address, form, follow=True) for _ in range(2)]

        assert all("Corrected. The group is told" in answer.content.decode() for answer in answers)
        assert "Its number: ORG 8 (before: ORG 7)" in answers[0].content.decode()
        assert CertificateCorrection.objects.get().corrected_by == officer
        client.force_login(certificate.vendor.memberships.get().user)
        own = client.get(reverse("dashboard-certificate", args=[certificate.pk])).content.decode()
        assert "Its number: ORG 8 (before: ORG 7)" in own
        assert "The issuer wrote a new number" in own
        assert "Tashi" in own

    def test_paper_stands_beside_what_is_corrected(self, certificate, client, officer, address):
        paper = GroupDocumentFactory(vendor=certificate.vendor, kind="certificate")
        Certificate.objects.filter(pk=certificate.pk).update(document=paper)

        page = client.get(address).content.decode()

        assert reverse("admin:partner_partner_paper", args=[certificate.vendor_id, paper.pk]) in page

    def test_form_that_is_old_is_refused_with_what_was_typed_and_may_be_sent_again(
        self, certificate, client, officer, address
    ):
        form = self.sent(client.get(address), holder="Laskein women", reason="Printed so")
        correct(certificate, number="ORG 8")

        page = client.post(address, form)
        words = page.content.decode()
        assert "has been changed since you opened it" in words
        assert "Laskein women" in words
        assert "ORG 8" in words
        assert Certificate.objects.get().holder != "Laskein women"

        client.post(address, self.sent(page))
        assert Certificate.objects.get().holder == "Laskein women"

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"reason": " "}, "Write the reason."),
            ({"goods": ""}, "Say for which goods it is"),
            ({"valid_until": "31.12.2027"}, "Choose a day"),
            ({"region": "0"}, "Select a valid choice"),
            ({"version": "x"}, "whole number"),
            ({"version": "7"}, "has been changed since you opened it"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(self, client, officer, address, wrong, words):
        form = self.sent(client.get(address), holder="Laskein women", reason="Printed so")

        page = client.post(address, {**form, **wrong})

        assert page.status_code == 200
        assert words in page.content.decode()
        assert "Laskein women" in page.content.decode()
        assert not CertificateCorrection.objects.exists()

    def test_one_that_was_withdrawn_meanwhile_is_not_corrected(self, certificate, client, officer, address):
        form = self.sent(client.get(address), number="ORG 8", reason="Printed so")
        certificates.withdraw(certificate, actor=PersonFactory(), reason="Given up")

        page = client.post(address, form)

        assert "This cannot be done any more." in page.content.decode()
        assert client.get(address).status_code == 302
        assert not CertificateCorrection.objects.exists()

    @pytest.mark.isolation
    def test_page_is_not_there_outside_of_ones_places_and_closed_without_the_right(self, client, address):
        outcomes = []
        for person in (
            PersonFactory(officer=True, place=RegionFactory(state=True)),
            PersonFactory(finance=True),
        ):
            client.force_login(person)
            outcomes += [client.get(address).status_code, client.post(address, {}).status_code]

        assert outcomes == [404, 404, 403, 403]

    def test_office_withdraws_what_it_has_read(self, certificate, client, officer):
        page = client.get(reverse("admin:partner_certificate_change", args=[certificate.pk]))
        decide = reverse("admin:partner_certificate_decide", args=[certificate.pk])
        sent = {"decision": "withdraw", "reason": "No", "version": page.context["seen_version"]}
        correct(certificate, number="ORG 8")

        refused = client.post(decide, sent, follow=True)
        certificate.refresh_from_db()
        assert "has been changed since you opened it" in refused.content.decode()
        assert certificate.state == "verified"

        client.post(decide, {**sent, "version": refused.context["seen_version"]})
        certificate.refresh_from_db()
        assert certificate.state == "withdrawn"

    def test_group_gives_up_what_it_has_read(self, certificate, client):
        client.force_login(certificate.vendor.memberships.get().user)
        address = reverse("dashboard-certificate", args=[certificate.pk])
        form = {"reason": "Given up", "version": client.get(address).context["form"]["version"].value()}
        correct(certificate, number="ORG 8")

        page = client.post(address, form, follow=True).content.decode()

        certificate.refresh_from_db()
        assert "has been changed since you opened it" in page
        assert certificate.state == "verified"

    def test_lists_and_page_cost_as_many_queries_with_scope_and_corrections(
        self, certificate, client, officer, address
    ):
        products = IdentifiedProductFactory.create_batch(3)
        certificate.products.set(products[:1])
        correct(certificate, number="ORG 8")
        lists = [
            reverse("admin:partner_certificate_changelist") + "?state=all",
            reverse("admin:partner_certificate_change", args=[certificate.pk]),
            address,
        ]
        # The first visit of all fills what Django remembers of its tables.
        few = [[queries_of(client, each) for each in lists] for _ in range(2)][1]
        for number in range(9):
            other = CertificateFactory(vendor=certificate.vendor)
            other.products.set(products)
            correct(certificate, key=f"again-{number}", seen=2 + number, number=f"ORG {10 + number}")

        assert [queries_of(client, each) for each in lists] == few
        assert products[2].name in client.get(lists[0]).content.decode()


@pytest.mark.parametrize("changes", [{"holder": "Another"}, {"reason": "Another reason"}])
def test_form_sent_before_does_not_swallow_another_correction(certificate, changes):
    correct(certificate, number="ORG 8")

    with pytest.raises(CertificateMoved):
        correct(certificate, **{"number": "ORG 8", **changes})

    assert CertificateCorrection.objects.count() == 1


def test_form_sent_before_is_one_also_after_a_further_correction(certificate):
    first = as_it_stands(certificate, number="ORG 8")
    correct(certificate, number="ORG 8")
    correct(certificate, key="further", seen=2, number="ORG 8", holder="Another")
    sent = {"actor": PersonFactory(), "reason": "The paper says so", "seen_version": 1, "form_key": "k"}

    assert corrections.correct(certificate, first, **sent) is False


def test_correction_is_said_without_a_query(certificate, django_assert_num_queries):
    correct(certificate, goods="honey, wax", valid_until=date(2027, 5, 31))
    row = CertificateCorrection.objects.get()

    with django_assert_num_queries(0):
        lines = [str(each) for each in changed_fields(row)]

    assert lines[0] == "Words of the goods it covers: honey, wax (before: honey)"
    assert lines[1].startswith("Valid until: 31 May 2027")


def test_withdrawn_stays_withdrawn(certificate):
    certificates.withdraw(certificate, actor=PersonFactory(), reason="Given up", seen_version=1)

    with pytest.raises(IllegalTransition):
        certificates.verify(certificate, actor=PersonFactory())
