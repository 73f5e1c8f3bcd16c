"""The file of a person's data: whole, hers alone, made once, removed in time."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from orders.services import claiming
from orders.services.claiming import claim_all
from people.services.proofs import note_proof
from privacy.errors import TooManyExports
from privacy.models import DataExport, LeftFile
from privacy.services import exporting
from privacy.services.exporting import ask, clear_left, make, private_storage, remove_old
from tests.factories.people import PASSWORD, PersonFactory
from tests.factories.vendors import MembershipFactory
from tests.support.race import race
from tests.support.sale import a_listing, filled_basket, placed_order


def content_of(row):
    row.refresh_from_db()
    with private_storage().open(row.file) as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        },
    }


@pytest.mark.django_db
def test_the_file_tells_all_kinds_of_things_and_nobody_elses():
    person = PersonFactory(name="Dema", email="dema@example.org")
    group = MembershipFactory(user=person).vendor
    MembershipFactory(vendor=group, user__name="Karma Fellow", user__phone="+97517999999")
    order = placed_order((a_listing(title="Red rice"), 2), user=person, phone="+97517123456")
    other = placed_order(user=PersonFactory(), email="other@example.org")
    basket = filled_basket((a_listing(title="Honey"), 1))
    type(basket).objects.filter(pk=basket.pk).update(owner=person)

    row = ask(person, language="en")
    assert make(row.pk)
    assert not make(row.pk)

    file = content_of(row)
    assert sorted(file.namelist()) == ["data.html", "data.json"]
    data = json.loads(file.read("data.json"))["data"]
    assert data["people.User"][0]["name"] == "Dema"
    assert [each["number"] for each in data["order.Order"]] == [order.number]
    assert data["order.ShippingAddress"][0]["phone_number"] == "+97517123456"
    assert [line["title"] for line in data["order.Line"]] == ["Red rice"]
    assert [line["product__title"] for line in data["basket.Line"]] == ["Honey"]
    assert data["partner.Membership"][0]["vendor__name"] == group.name
    for part in ("data.json", "data.html"):
        words = file.read(part).decode()
        assert "Red rice" in words
        for foreign in ("Karma Fellow", "+97517999999", "other@example.org", other.number):
            assert foreign not in words


@pytest.mark.django_db
@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
def test_the_file_tells_no_contact_that_somebody_else_may_have(is_guarded, monkeypatch):
    mine, other = "dema@example.org", "+97517123456"
    person = PersonFactory(email=mine)
    note_proof(person, mine)
    order = placed_order(email=mine, phone=other)
    if not is_guarded:
        monkeypatch.setattr(claiming, "proven_contacts", lambda _person: frozenset({mine, other}))
    claim_all(person)

    row = ask(person, language="en")
    make(row.pk)

    file = content_of(row)
    told = [part for part in ("data.json", "data.html") if other in file.read(part).decode()]
    assert told == ([] if is_guarded else ["data.json", "data.html"])
    assert (order.number in file.read("data.json").decode()) is not is_guarded


@pytest.mark.django_db
def test_asked_twice_it_is_one_and_three_a_day_are_enough():
    person = PersonFactory()

    assert ask(person, language="en") == ask(person, language="en")
    for _ in range(2):
        DataExport.objects.open().update(state="failed")
        ask(person, language="en")
    DataExport.objects.open().update(state="failed")

    with pytest.raises(TooManyExports):
        ask(person, language="en")
    assert DataExport.objects.count() == 3


@pytest.mark.django_db
def test_after_its_days_the_file_is_gone():
    row = ask(PersonFactory(), language="en")
    make(row.pk)
    row.refresh_from_db()
    name = row.file

    assert remove_old(timezone.now() + timedelta(days=6, hours=23)) == 0
    assert private_storage().exists(name)
    for removed in (1, 0):
        assert remove_old(timezone.now() + timedelta(days=7, minutes=1)) == removed

    row.refresh_from_db()
    assert (row.state, row.file) == ("removed", "")
    assert not private_storage().exists(name)
    assert not LeftFile.objects.exists()


@pytest.mark.django_db
def test_a_worker_that_is_killed_after_writing_leaves_no_file_for_ever(monkeypatch):
    row = ask(PersonFactory(), language="en")
    monkeypatch.setattr(exporting, "_held", lambda _row: DataExport.objects.none())
    assert not make(row.pk)
    assert len(private_storage().listdir("exports")[1]) == 1

    assert clear_left() == 0
    LeftFile.objects.update(due_at=timezone.now())
    assert clear_left() == 1

    assert private_storage().listdir("exports")[1] == []


@pytest.mark.django_db
def test_what_fails_three_times_says_so(monkeypatch):
    row = ask(PersonFactory(), language="en")

    def fails(_person):
        raise RuntimeError

    monkeypatch.setattr(exporting, "holdings", fails)
    for _ in range(4):
        make(row.pk)

    row.refresh_from_db()
    assert (row.state, row.tries) == ("failed", 3)


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_one_file():
    row = ask(PersonFactory(), language="en")

    race(lambda: make(row.pk), contenders=4)

    row.refresh_from_db()
    assert (row.state, row.tries) == ("done", 1)
    assert len(private_storage().listdir("exports")[1]) == 1


@pytest.mark.django_db
def test_a_person_asks_fetches_and_nobody_else_does(client):
    person, stranger = PersonFactory(), PersonFactory(superuser=True)
    client.force_login(person)
    assert (
        client.post("/account/data/ask/")["Location"] == "/account/confirm/?next=%2Faccount%2Fdata%2Fask%2F"
    )
    assert not DataExport.objects.exists()

    client.post("/account/confirm/", {"password": PASSWORD})
    for _ in range(2):
        assert "is being made" in client.post("/account/data/ask/", follow=True).content.decode()
    row = DataExport.objects.get()
    assert client.get(f"/account/data/{row.pk}.zip").status_code == 404
    make(row.pk)

    assert f"/account/data/{row.pk}.zip" in client.get("/account/data/").content.decode()
    answer = client.get(f"/account/data/{row.pk}.zip")
    assert answer["Content-Type"] == "application/zip"
    assert answer["Cache-Control"].startswith("private, no-store")
    assert zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).testzip() is None

    client.force_login(stranger)
    assert client.get(f"/account/data/{row.pk}.zip").status_code == 404
    client.force_login(person)
    client.session.flush()
    client.force_login(person)
    assert client.get(f"/account/data/{row.pk}.zip")["Location"].startswith("/account/confirm/")
