"""Groups in Django admin: who sees what, who decides."""

import pytest
from django.urls import reverse

from notices.models import Notice
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import MembershipFactory, VendorFactory
from vendors.models import MemberEvent, Partner

pytestmark = pytest.mark.django_db
LIST = "admin:partner_partner_changelist"


@pytest.fixture
def moderator(client):
    person = PersonFactory(moderator=True)
    client.force_login(person)
    return person


@pytest.fixture
def officer(client):
    person = PersonFactory(officer=True)
    client.force_login(person)
    return person


def change_url(vendor):
    return reverse("admin:partner_partner_change", args=[vendor.pk])


def decide(client, vendor, decision, reason=""):
    url = reverse("admin:partner_partner_decide", args=[vendor.pk])
    return client.post(url, {"decision": decision, "reason": reason}, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_moderator_approves_with_a_button(client, moderator):
    vendor = VendorFactory(applied=True)
    page = client.get(change_url(vendor)).content.decode()
    assert 'value="approve"' in page
    assert 'value="suspend"' not in page

    response = decide(client, vendor, "approve")

    vendor.refresh_from_db()
    assert vendor.state == Partner.State.APPROVED
    assert vendor.events.get().actor == moderator
    assert said(response) == ["Approve: 1 done."]


def test_no_needs_a_reason(client, moderator):
    vendor = VendorFactory(applied=True)

    response = decide(client, vendor, "return_with_remarks", "   ")

    vendor.refresh_from_db()
    assert vendor.state == Partner.State.APPLIED
    assert "needs a reason" in said(response)[0]

    decide(client, vendor, "return_with_remarks", "Please add a phone number.")

    vendor.refresh_from_db()
    assert (vendor.state, vendor.events.get().reason) == ("returned", "Please add a phone number.")


def test_officer_reads_but_does_not_decide(client, officer):
    vendor = VendorFactory(applied=True)
    page = client.get(change_url(vendor))
    assert page.status_code == 200
    assert "decision-form" not in page.content.decode()

    assert decide(client, vendor, "approve").status_code == 403
    action = {"action": "approve", "_selected_action": [vendor.pk]}
    client.post(reverse(LIST), action)

    vendor.refresh_from_db()
    assert vendor.state == Partner.State.APPLIED
    assert not vendor.events.exists()


def test_member_of_a_group_is_no_staff(client):
    member = MembershipFactory()
    client.force_login(member.user)

    assert client.get(change_url(member.vendor)).status_code == 302
    assert decide(client, member.vendor, "close", "x").redirect_chain

    member.vendor.refresh_from_db()
    assert member.vendor.state == Partner.State.APPROVED


def test_decision_that_does_not_fit_is_explained(client, moderator):
    vendor = VendorFactory(suspended=True)

    response = decide(client, vendor, "approve")

    vendor.refresh_from_db()
    assert vendor.state == Partner.State.SUSPENDED
    assert said(response) == [f"{vendor.name} is suspended; this decision does not fit."]


@pytest.mark.parametrize("decision", ["", "fly", "get_urls"])
def test_unknown_decision_is_not_found(client, moderator, decision):
    vendor = VendorFactory(applied=True)

    assert decide(client, vendor, decision).status_code == 404


def test_a_sign_that_no_database_can_hold_is_left_out_of_a_reason(client, moderator):
    vendor = VendorFactory(applied=True)

    decide(client, vendor, "return_with_remarks", "Write the\0 address.")

    assert vendor.events.get().reason == "Write the address."


@pytest.mark.parametrize("state", ["\0", "flying"])
def test_a_state_that_there_is_not_finds_nothing(client, moderator, state):
    VendorFactory(applied=True)

    page = client.get(reverse("admin:partner_partner_changelist"), {"state": state})

    assert page.status_code == 200
    assert page.context["cl"].result_count == 0


def test_deciding_is_never_a_link(client, moderator):
    vendor = VendorFactory(applied=True)

    assert client.get(reverse("admin:partner_partner_decide", args=[vendor.pk])).status_code == 405


def test_state_cannot_be_written_by_the_form(client, moderator):
    vendor = VendorFactory(applied=True)
    fields = {
        "name": "New name",
        "code": vendor.code,
        "kind": vendor.kind,
        "home_region": vendor.home_region_id,
        "language": "en",
        "state": "approved",
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
        "events-TOTAL_FORMS": 0,
        "events-INITIAL_FORMS": 0,
    }

    response = client.post(change_url(vendor), fields)

    assert response.status_code == 302
    vendor.refresh_from_db()
    assert (vendor.name, vendor.state) == ("New name", "applied")


def test_group_cannot_be_deleted(client):
    client.force_login(PersonFactory(superuser=True))
    vendor = VendorFactory()

    response = client.post(reverse("admin:partner_partner_delete", args=[vendor.pk]), {"post": "yes"})

    assert response.status_code == 403
    assert Partner.objects.filter(pk=vendor.pk).exists()


def test_last_chair_is_not_removed_by_the_form(client):
    client.force_login(PersonFactory(superuser=True))
    chair = MembershipFactory()
    fields = {
        "name": chair.vendor.name,
        "code": chair.vendor.code,
        "kind": chair.vendor.kind,
        "home_region": chair.vendor.home_region_id,
        "language": "en",
        "memberships-TOTAL_FORMS": 1,
        "memberships-INITIAL_FORMS": 1,
        "memberships-0-id": chair.pk,
        "memberships-0-vendor": chair.vendor_id,
        "memberships-0-user": chair.user_id,
        "memberships-0-role": "packer",
        "events-TOTAL_FORMS": 0,
        "events-INITIAL_FORMS": 0,
    }

    response = client.post(change_url(chair.vendor), fields)

    assert "keeps at least one chair" in response.content.decode()
    chair.refresh_from_db()
    assert chair.role == "chair"


def test_list_begins_with_the_queue_oldest_first(client, moderator):
    vendors = [VendorFactory(applied=True, name=name) for name in ("First applicant", "Second applicant")]
    VendorFactory(name="Seller")

    queue = client.get(reverse(LIST)).content.decode()
    everyone = client.get(reverse(LIST), {"state": "all"}).content.decode()

    assert queue.index("First applicant") < queue.index("Second applicant")
    assert "Seller" not in queue
    assert "Seller" in everyone
    following = client.get(change_url(vendors[0])).content.decode()
    assert f'href="{change_url(vendors[1])}"' in following


def test_history_is_shown(client, moderator):
    vendor = VendorFactory(applied=True)
    decide(client, vendor, "return_with_remarks", "Please add the licence number.")

    page = client.get(change_url(vendor)).content.decode()

    assert "Please add the licence number." in page
    assert moderator.name in page


def test_several_are_returned_with_one_reason(client, moderator):
    vendors = [VendorFactory(applied=True) for _ in range(2)]
    chosen = {"action": "return_with_remarks", "_selected_action": [vendor.pk for vendor in vendors]}

    asked = client.post(reverse(LIST), chosen)
    assert "decision-reason" in asked.content.decode()
    assert Partner.objects.filter(state="applied").count() == 2
    response = client.post(reverse(LIST), {**chosen, "reason": "Bring the form."}, follow=True)

    assert said(response) == ["Return with remarks: 2 done."]
    assert Partner.objects.filter(state="returned").count() == 2


def test_list_takes_as_many_queries_for_one_group_as_for_twenty(
    client, moderator, django_assert_max_num_queries, django_assert_num_queries
):
    VendorFactory(applied=True)
    with django_assert_max_num_queries(12) as one:
        client.get(reverse(LIST))

    VendorFactory.create_batch(19, applied=True)

    with django_assert_num_queries(len(one)):
        client.get(reverse(LIST))


def test_pages_need_no_inline_script_or_style(client, moderator):
    vendor = VendorFactory(applied=True)

    for url in (reverse(LIST), change_url(vendor)):
        response = client.get(url)
        page = response.content.decode()
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page
        for script in page.split("<script")[1:]:
            opening, body = script.split(">", 1)
            assert (
                "src=" in opening
                or 'type="application/json"' in opening
                or not body.split("</script>")[0].strip()
            )


@pytest.fixture
def administrator(client):
    person = PersonFactory(superuser=True)
    client.force_login(person)
    return person


def save_members(client, vendor, *rows):
    """Post the page of a group with these members; each row as its fields."""
    page = client.get(change_url(vendor))
    sent = {
        name: value if value is not None else ""
        for name, value in page.context["adminform"].form.initial.items()
        if name in page.context["adminform"].form.fields
    }
    formsets = {inline.formset.prefix: inline.formset for inline in page.context["inline_admin_formsets"]}
    for prefix, formset in formsets.items():
        count = len(rows) if prefix == "memberships" else formset.initial_form_count()
        sent |= {f"{prefix}-TOTAL_FORMS": count, f"{prefix}-INITIAL_FORMS": formset.initial_form_count()}
    for place, row in enumerate(rows):
        sent |= {f"memberships-{place}-{name}": value for name, value in row.items()}
    return client.post(change_url(vendor), sent)


def test_members_changed_in_the_admin_are_written_down_and_told(client, administrator):
    chair = MembershipFactory()
    vendor = chair.vendor
    new = PersonFactory()
    old = {"id": chair.pk, "vendor": vendor.pk, "user": chair.user.pk, "role": "packer"}

    answer = save_members(client, vendor, old, {"vendor": vendor.pk, "user": new.pk, "role": "chair"})

    assert answer.status_code == 302
    events = MemberEvent.objects.order_by("pk").values_list("person", "from_role", "to_role", "actor")
    assert list(events) == [
        (new.pk, "", "chair", administrator.pk),
        (chair.user.pk, "chair", "packer", administrator.pk),
    ]
    assert Notice.objects.filter(kind="member_role", address=chair.user.email).exists()


def test_the_admin_cannot_remove_the_only_chair(client, administrator):
    chair = MembershipFactory()
    row = {"id": chair.pk, "vendor": chair.vendor.pk, "user": chair.user.pk, "role": "chair", "DELETE": "on"}

    assert save_members(client, chair.vendor, row).status_code == 200

    assert chair.vendor.memberships.get() == chair


def test_a_group_that_is_entered_here_waits_from_this_moment_on(client):
    client.force_login(PersonFactory(superuser=True))
    form = {
        "name": "Weavers of Haa",
        "home_region": RegionFactory().pk,
        "kind": "cooperative",
        "language": "en",
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
    }

    client.post(reverse("admin:partner_partner_add"), form)

    group = Partner.objects.get()
    assert group.state == "applied"
    assert group.submitted_at is not None
