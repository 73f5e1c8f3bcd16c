"""Two moderators never have one thing of the queue: taking, renewing, giving back, and the race for it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from programme.errors import HeldByAnother, NotHeld
from programme.models import Claim
from programme.services import claims
from programme.services.claims import held, put_back, take, taken
from tests.factories.people import PersonFactory
from tests.support.race import pause, race

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return PersonFactory(moderator=True, name="Dorji"), PersonFactory(moderator=True, name="Pema")


def end_the_time():
    Claim.objects.update(until=timezone.now() - timedelta(seconds=1))


def test_whoever_opens_it_first_has_it_and_keeps_it_by_working_on(people):
    first, second = people

    taken_first = take("listing", 1, first)
    refused = take("listing", 1, second)
    kept = take("listing", 1, first)

    assert [each.holder for each in (taken_first, refused, kept)] == [first, first, first]
    assert kept.until > taken_first.until
    assert kept.taken_at == taken_first.taken_at
    assert timedelta(minutes=14) < kept.until - timezone.now() <= timedelta(minutes=15)
    assert Claim.objects.count() == 1


def test_it_is_free_when_put_back_and_when_the_time_is_over(people):
    first, second = people
    take("listing", 1, first)

    assert not put_back("listing", 1, second)
    assert put_back("listing", 1, first)
    assert take("listing", 1, second).holder == second
    end_the_time()
    assert take("listing", 1, first).holder == first


def test_deciding_gives_it_back_and_a_refusal_keeps_it(people):
    first, second = people
    take("listing", 1, first)

    with pytest.raises(ValueError, match="no"), held("listing", 1, first):
        raise ValueError("no")
    assert take("listing", 1, second).holder == first
    with held("listing", 1, first):
        pass
    assert not Claim.objects.exists()


def test_nobody_decides_what_another_has_and_is_told_who_and_until_when(people, settings):
    settings.TIME_ZONE = "UTC"
    first, second = people
    until = take("listing", 1, first).until

    for way in (held, taken):
        with pytest.raises(HeldByAnother, match=rf"Dorji.*{until:%H:%M}"), way("listing", 1, second):
            pytest.fail("decided")


def test_whoever_comes_back_too_late_looks_once_more(people):
    first, second = people
    take("listing", 1, first)
    end_the_time()

    with pytest.raises(NotHeld), held("listing", 1, first):
        pytest.fail("decided")
    with held("listing", 1, first):
        pass
    with pytest.raises(NotHeld), held("listing", 1, second):
        pytest.fail("decided")


def test_what_nobody_came_back_to_is_forgotten(people):
    first, second = people
    take("listing", 1, first)
    take("listing", 2, first)
    Claim.objects.filter(object_id=1).update(until=timezone.now() - timedelta(days=2))

    take("listing", 3, second)

    assert set(Claim.objects.values_list("object_id", flat=True)) == {2, 3}


def unguarded(kind, pk, person):
    """Look, then write: what a claim would be without its key and its UPDATE."""
    claim = Claim.objects.filter(kind=kind, object_id=pk).first()
    pause()
    if claim is None or claim.until <= timezone.now():
        until = timezone.now() + timedelta(minutes=15)
        Claim.objects.update_or_create(
            kind=kind,
            object_id=pk,
            defaults={"holder": person, "taken_at": timezone.now(), "until": until},
        )
        claim = Claim(holder=person)
    return claim


@pytest.mark.parametrize("is_over", [False, True], ids=["free", "over"])
@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_of_eight_who_open_it_at_once_one_has_it(is_guarded, is_over, monkeypatch):
    contenders = [PersonFactory() for _ in range(8)]
    if is_over:
        take("listing", 1, PersonFactory())
        end_the_time()
    if not is_guarded:
        monkeypatch.setattr(claims, "take", unguarded)
    waiting, has_it = list(contenders), []

    def open_it():
        person = waiting.pop()
        if claims.take("listing", 1, person).holder_id == person.pk:
            has_it.append(person)

    outcomes = race(open_it, contenders=8)

    assert outcomes == [None] * 8
    assert len(has_it) == (1 if is_guarded else 8)
    if is_guarded:
        assert Claim.objects.get().holder == has_it[0]


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_never_two_decide_at_the_same_time(is_guarded, monkeypatch):
    contenders = [PersonFactory() for _ in range(8)]
    if not is_guarded:
        monkeypatch.setattr(claims, "take", unguarded)
    waiting, inside, most = list(contenders), [], []

    def decide():
        with claims.taken("listing", 1, waiting.pop()):
            inside.append(1)
            most.append(len(inside))
            pause()
            inside.pop()

    outcomes = race(decide, contenders=8)

    assert max(most) == (1 if is_guarded else 8)
    if is_guarded:
        assert outcomes.count(None) == 1
        assert all(isinstance(outcome, HeldByAnother) for outcome in outcomes if outcome)
        assert not Claim.objects.exists()
