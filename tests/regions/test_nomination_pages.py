"""The pages on which places propose, hand in anew and decide about nominations."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.lib.dates import today_in
from regions.models import IdentifiedProduct, Nomination, NominationEvent, NominationFile, RegionRole
from regions.services import nomination_decisions, nominations
from tests.factories.people import PersonFactory
from tests.factories.regions import GeographicalIndicationFactory, IdentifiedProductFactory, RegionFactory
from tests.regions.given_nominations import Office, officer, paper

pytestmark = pytest.mark.django_db

LIST = reverse("admin:regions_nomination_changelist")
PROPOSE = reverse("admin:regions_nomination_propose")


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    """Papers of a test lie in its own folder."""
    settings.PRIVATE_MEDIA_ROOT = tmp_path


@pytest.fixture
def office():
    return Office()


def as_(client, person):
    client.force_login(person)
    return client


def address(office, **changes):
    asked = {"scheme": office.scheme.pk, "region": office.gewog.code, **changes}
    return f"{PROPOSE}?" + "&".join(f"{name}={value}" for name, value in asked.items())


def typed(**changes):
    return {
        "name": "Cliff honey",
        "category": "Food",
        "ecosystem": "Forty beekeepers",
        "form_key": "form-1",
        **changes,
    }


def page_of(nomination, action="change"):
    return reverse(f"admin:regions_nomination_{action}", args=[nomination.pk])


def decide(client, nomination, decision, **sent):
    return client.post(
        page_of(nomination, "decide"), {"decision": decision, "version": nomination.version, **sent}
    )


def state_of(nomination):
    nomination.refresh_from_db()
    return nomination.state


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_a_product_is_proposed_with_papers_once_for_each_form(client, office):
    as_(client, office.proposer)
    replaced = IdentifiedProductFactory(scheme=office.scheme, region=office.gewog, name="Red rice")
    form = typed(replaces=replaced.pk, papers=[paper(name="a.jpg"), paper(name="b.jpg")])

    answers = [client.post(address(office), {**form, "papers": [paper()]}) for _ in range(2)]

    nomination = Nomination.objects.get()
    assert [answer["Location"] for answer in answers] == [page_of(nomination)] * 2
    assert (nomination.name, nomination.replaces, nomination.region) == (
        "Cliff honey",
        replaced,
        office.gewog,
    )
    assert NominationFile.objects.count() == 1
    page = client.get(page_of(nomination)).content.decode()
    assert "Forty beekeepers" in page
    assert reverse("admin:regions_nomination_paper", args=[nomination.pk, nomination.files.get().pk]) in page


def test_a_form_that_was_sent_swallows_no_other_product(client, office):
    as_(client, office.proposer)
    client.post(address(office), typed())

    page = client.post(address(office), typed(name="Red rice"))

    assert "This form was sent before, with another product." in page.text
    assert [row.name for row in Nomination.objects.all()] == ["Cliff honey"]
    key = page.context["form"]["form_key"].value()
    client.post(address(office), typed(name="Red rice", form_key=key))
    assert Nomination.objects.filter(name="Red rice").exists()


def test_coverage_leads_to_the_form_with_scheme_and_place(client, office):
    moderator = PersonFactory(moderator=True)
    coverage = reverse("admin:programme_schemecoverage_change", args=[office.scheme.pk])

    page = as_(client, moderator).get(coverage)

    links = [link for _place, link, _words in page.context["rows"]]
    assert links == [f"{PROPOSE}?scheme={office.scheme.pk}&region={office.gewog.code}"]
    assert client.get(links[0]).context["region"] == office.gewog


def test_scheme_and_place_are_asked_first(client, office):
    as_(client, office.proposer)

    assert client.get(PROPOSE).templates[0].name == "admin/regions/propose_where.html"
    elsewhere = RegionFactory()
    for asked, words in (
        ({"region": elsewhere.code}, "You may not do this for this place."),
        ({"region": office.gewog.parent.code}, "Choose a gewog in Bhutan"),
        ({"region": "Atlantis"}, "We know no such place."),
        ({"scheme": 99999}, "Products are not proposed to this scheme."),
        ({"scheme": "x"}, "Products are not proposed to this scheme."),
    ):
        page = client.get(address(office, **asked))
        assert page.templates[0].name == "admin/regions/propose_where.html"
        assert words in str(page.context["form"].errors)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"ecosystem": "  "}, "ecosystem", "Give at least one of the grounds"),
        ({"name": "x" * 161}, "name", "at most 160"),
        ({"name": "Red RICE"}, "name", "already a product of"),
        ({"replaces": 99999}, "replaces", "This is no product of the place now"),
        ({"version": "x"}, "version", "whole number"),
        ({"gi": "0"}, "gi", "Select a valid choice"),
    ],
)
def test_a_refused_form_comes_back_as_it_was_typed(client, office, changes, field, words):
    IdentifiedProductFactory(scheme=office.scheme, region=office.gewog, name="Red rice")
    sent = typed(other_grounds="" if "ecosystem" in changes else "old song", **changes)

    page = as_(client, office.proposer).post(address(office), sent)

    assert page.status_code == 200
    assert words in str(page.context["form"].errors[field])
    for name in ("name", "ecosystem", "other_grounds"):
        assert page.context["form"][name].value() == sent[name]
    assert not Nomination.objects.exists()


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7", b"", b"\xff\xd8\xff" + b"\0" * 90, b"<svg onload='x()'/>"], ids=repr
)
def test_a_hostile_file_is_refused_and_nothing_kept(client, office, content, tmp_path):
    upload = SimpleUploadedFile("paper.jpg", content, "image/jpeg")

    page = as_(client, office.proposer).post(address(office), {**typed(), "papers": [paper(), upload]})

    assert page.context["form"].errors["papers"]
    assert page.context["form"]["ecosystem"].value() == "Forty beekeepers"
    assert not Nomination.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_who_has_lost_the_place_while_typing_gets_it_back_with_403(client, office):
    as_(client, office.proposer)
    RegionRole.objects.filter(person=office.proposer).update(region=RegionFactory())

    page = client.post(address(office), typed())

    assert page.status_code == 403
    assert page.context["form"]["ecosystem"].value() == "Forty beekeepers"
    assert "You may not do this for this place." in page.content.decode()
    assert not Nomination.objects.exists()


def test_it_goes_from_the_place_to_the_centre_by_three_persons(client, office):
    nomination = office.propose()
    first = today_in("BT")

    decide(as_(client, office.recommender), nomination, "recommend")
    assert state_of(nomination) == "recommended"
    for _ in range(2):
        decide(as_(client, office.approver), nomination, "approve", effective_on=first.isoformat())

    assert state_of(nomination) == "approved"
    product = IdentifiedProduct.objects.get()
    assert (product.nomination, product.named_on) == (nomination, first)
    assert NominationEvent.objects.count() == 3


def test_a_decision_that_is_refused_comes_back_as_typed(client, office):
    nomination = office.propose()
    nomination_decisions.recommend(nomination, actor=office.recommender, version=1)
    as_(client, office.approver)
    far = (today_in("BT") + timedelta(days=9999)).isoformat()

    for sent in ({"effective_on": ""}, {"effective_on": far}, {"effective_on": "soon"}, {"version": "0"}):
        page = decide(client, nomination, "approve", **{"reason": "Well made", **sent})
        assert page.status_code == 200
        assert page.context["typed_reason"] == "Well made"
        assert ">Well made</textarea>" in page.content.decode()
        assert "Nothing was decided." in page.content.decode()
    assert f'value="{far}"' in decide(client, nomination, "approve", effective_on=far).content.decode()
    assert "Say why" in said(decide(client, nomination, "refuse"))[0]
    assert state_of(nomination) == "recommended"
    assert not IdentifiedProduct.objects.exists()


def offered(client, person, nomination):
    page = as_(client, person).get(page_of(nomination))
    return [decision.name for decision in page.context.get("decisions", ())]


def test_everybody_is_offered_what_is_theirs(client, office):
    nomination = office.propose()

    assert offered(client, office.proposer, nomination) == ["withdraw"]
    assert offered(client, office.recommender, nomination) == ["recommend", "return", "withdraw"]
    assert offered(client, office.approver, nomination) == [
        "recommend",
        "return",
        "refuse",
        "withdraw",
    ]
    nomination_decisions.recommend(nomination, actor=office.recommender, version=1)
    assert offered(client, office.recommender, nomination) == ["withdraw"]
    assert offered(client, office.approver, nomination) == ["approve", "return", "refuse", "withdraw"]
    decide(client, nomination, "refuse", reason="not made there")
    assert offered(client, office.approver, nomination) == []


def test_whom_a_button_is_hidden_from_is_refused(client, office):
    nomination = office.propose()

    for person, decision in (
        (office.proposer, "recommend"),
        (office.recommender, "approve"),
        (office.recommender, "refuse"),
    ):
        page = decide(
            as_(client, person), nomination, decision, reason="so", effective_on=str(today_in("BT"))
        )
        assert "You may not do this for this place." in said(page)[0]
    assert state_of(nomination) == "proposed"


def test_what_was_returned_is_handed_in_anew_and_shown_beside_what_it_was(client, office):
    nomination = office.propose()
    nomination_decisions.send_back(nomination, actor=office.recommender, version=1, remarks="How many?")
    as_(client, office.proposer)
    page = client.get(page_of(nomination, "revise"))
    sent = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    sent |= {"ecosystem": "Sixty beekeepers", "papers": [paper()]}

    answers = [client.post(page_of(nomination, "revise"), {**sent, "papers": [paper()]}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    nomination.refresh_from_db()
    assert (nomination.version, nomination.state) == (2, "proposed")
    sheets = client.get(page_of(nomination)).context["sheets"]
    assert [sheet.version.version for sheet in sheets] == [2, 1]
    assert [(diff.old, diff.new) for diff in sheets[0].diffs] == [("Forty beekeepers", "Sixty beekeepers")]
    assert not sheets[1].diffs
    assert "<del>Forty </del>" in client.get(page_of(nomination)).content.decode()


def test_a_revision_that_comes_too_late_keeps_what_was_typed(client, office):
    nomination = office.propose()
    nomination_decisions.send_back(nomination, actor=office.recommender, version=1, remarks="How many?")
    nominations.withdraw(nomination, actor=office.proposer, version=1)

    page = as_(client, office.proposer).post(page_of(nomination, "revise"), typed(version=1))

    assert page.status_code == 200
    assert page.context["form"]["name"].value() == "Cliff honey"
    assert "decided about or withdrawn" in str(page.context["form"].non_field_errors())


def test_another_place_knows_of_nothing(client, office):
    nomination = office.propose(papers=[paper()])
    file = nomination.files.get()
    as_(client, officer(RegionFactory(), decides=True))

    assert client.get(LIST, {"state": "all"}).context["cl"].result_count == 0
    paths = [page_of(nomination, action) for action in ("change", "revise", "history")]
    paths.append(reverse("admin:regions_nomination_paper", args=[nomination.pk, file.pk]))
    assert [client.get(path).status_code for path in paths] == [404] * 4
    assert decide(client, nomination, "refuse", reason="no").status_code == 404
    assert client.post(page_of(nomination, "revise"), typed(version=1)).status_code == 404
    assert state_of(nomination) == "proposed"


def test_whoever_recommended_it_is_told_that_another_person_approves(client, office):
    nomination = office.propose()
    nomination_decisions.recommend(nomination, actor=office.approver, version=1, remarks="")

    html = as_(client, office.approver).get(page_of(nomination)).content.decode()

    assert "You have recommended this yourself. Another person must approve it." in html
    assert 'value="approve"' not in html


def test_a_paper_is_shown_to_who_may_read_it_and_of_its_own_nomination_only(client, office):
    nomination = office.propose(papers=[paper()])
    other = office.propose("Red rice")
    file = nomination.files.get()
    as_(client, office.recommender)

    found = client.get(reverse("admin:regions_nomination_paper", args=[nomination.pk, file.pk]))

    assert found["Content-Type"] == "image/webp"
    assert "no-store" in found["Cache-Control"]
    assert client.get(reverse("admin:regions_nomination_paper", args=[other.pk, file.pk])).status_code == 404


def test_the_list_shows_what_is_open_and_finds_by_state_scheme_and_place(client, office):
    first, second = office.propose("A"), office.propose("B")
    nominations.withdraw(second, actor=office.proposer, version=1)
    as_(client, office.recommender)

    def listed(**asked):
        return [row.pk for row in client.get(LIST, asked).context["cl"].result_list]

    assert listed() == listed(state="mine") == listed(scheme__id__exact=office.scheme.pk) == [first.pk]
    assert listed(state="withdrawn") == [second.pk]
    assert set(listed(state="all", q=office.gewog.code)) == {first.pk, second.pk}
    assert listed(state="\0") == listed(state="lost") == []
    nomination_decisions.recommend(first, actor=office.recommender, version=1)
    assert listed(state="mine") == []


def queries(client, path, **asked):
    with CaptureQueriesContext(
        connection,
    ) as found:
        client.get(path, asked)
    return len(found)


def test_twenty_cost_as_much_as_one(client, office):
    as_(client, office.recommender)
    nomination = office.propose("A")
    for path in (LIST, page_of(nomination)):
        client.get(path)
    one = queries(client, LIST), queries(client, LIST, state="mine"), queries(client, page_of(nomination))
    for number in range(20):
        office.propose(f"B {number}")

    assert (
        queries(client, LIST),
        queries(client, LIST, state="mine"),
        queries(client, page_of(nomination)),
    ) == one


def test_names_of_the_place_are_offered_before_all_of_the_country(client, office):
    near = GeographicalIndicationFactory(country="BT", regions=[office.gewog.parent])
    GeographicalIndicationFactory(country="BT")

    page = as_(client, office.proposer).get(address(office))

    assert list(page.context["form"].fields["gi"].queryset) == [near]
