"""Following places and groups: what is new there, and the message about it, at most once a week and never twice."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError
from django.utils import timezone

from catalogue.errors import FollowsTooMany
from catalogue.models import Follow, FollowNews, follow_news_of
from catalogue.selectors.follows import followed_by, new_there
from catalogue.services import follow_telling, following
from catalogue.services.follow_telling import tell_of_news
from notices.models import Notice
from tests.factories.catalogue import ListingFactory, SizeFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import CountryFactory, RegionFactory
from tests.factories.vendors import VendorFactory
from tests.support.race import race

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


@pytest.fixture
def place(db):
    """A dzongkhag with a gewog in it."""
    region = RegionFactory(dzongkhag=True, parent=CountryFactory(), code="BT-11", name="Paro")
    region.doga = RegionFactory(parent=region, code="BT-11-DOGA", name="Doga")
    return region


def a_week_later(person):
    """As if all of it had been done a week ago, but for what came on sale since."""
    FollowNews.objects.filter(person=person).update(told_until=timezone.now() - WEEK - timedelta(hours=1))
    Follow.objects.filter(person=person).update(created_at=timezone.now() - WEEK - timedelta(hours=1))


def follower(*places, **more):
    person = PersonFactory(**more)
    for each in places:
        following.follow_place(person, each)
    return person


def told():
    return list(Notice.objects.filter(kind="follow_news").order_by("pk"))


def titles(person):
    return [row.title for row in new_there(followed_by(person))]


def test_new_is_what_came_in_the_place_and_below_after_one_followed_it(place):
    other = RegionFactory(dzongkhag=True, parent=place.parent, code="BT-15")
    ListingFactory(title="Before", region=place)
    person = follower(place)
    ListingFactory(title="Here", region=place)
    ListingFactory(title="Below", region=place.doga)
    ListingFactory(title="Elsewhere", region=other)
    ListingFactory(title="Hidden", region=place, draft=True)

    assert titles(person) == ["Below", "Here"]


def test_the_message_calls_goods_by_their_names_in_the_language_of_its_reader(place):
    person = follower(place, preferred_language="hi")
    a_week_later(person)
    ListingFactory(title="Red rice", region=place.doga, translations={"hi": {"title": "लाल चावल"}})

    tell_of_news()

    (notice,) = told()
    assert "लाल चावल" in notice.context["items"]
    assert "Red rice" not in notice.context["items"]


def test_new_of_a_group_is_whole_listings_of_that_group(place):
    group, person = VendorFactory(home_region=place), PersonFactory()
    following.follow_group(person, group)
    SizeFactory(parent=ListingFactory(title="Red rice", vendor=group, stock=None))
    ListingFactory(title="Of another")

    assert titles(person) == ["Red rice"]


def test_a_place_and_a_group_in_it_show_a_listing_once(place):
    group = VendorFactory(home_region=place)
    person = follower(place, place.doga)
    following.follow_group(person, group)
    ListingFactory(title="Red rice", vendor=group)

    assert titles(person) == ["Red rice"]


def test_following_twice_is_once_and_leaving_twice_is_harmless(place):
    group, person, other = VendorFactory(), PersonFactory(), follower(place)
    for _ in range(2):
        following.follow_place(person, place)
        following.follow_group(person, group)
    assert Follow.objects.filter(person=person).count() == 2

    for _ in range(2):
        following.unfollow_place(person, place)
        following.unfollow_group(person, group)
    following.leave(person, Follow.objects.get(person=other).pk)

    assert list(Follow.objects.values_list("person", flat=True)) == [other.pk]


def test_nobody_follows_more_than_anybody_would_read_of(place, monkeypatch):
    monkeypatch.setattr(following, "MOST", 1)
    person = follower(place)
    following.follow_place(person, place)

    with pytest.raises(FollowsTooMany):
        following.follow_group(person, VendorFactory())


def test_a_row_is_of_a_place_or_of_a_group(place):
    with pytest.raises(IntegrityError):
        Follow.objects.create(person=PersonFactory(), region=place, vendor=VendorFactory())


def test_a_follower_is_told_once_a_week_of_what_is_new(place):
    person = follower(place, email="pema@example.org", preferred_language="hi")
    ListingFactory(title="Red rice", region=place.doga)
    too_early = tell_of_news()
    a_week_later(person)
    first = [tell_of_news() for _ in range(2)]
    ListingFactory(title="Honey", region=place.doga)
    next_day = tell_of_news()
    assert (too_early, first, next_day) == (0, [1, 0], 0)
    (notice,) = told()
    assert (notice.address, notice.language) == ("pema@example.org", "hi")
    assert "Red rice" in notice.context["items"]
    assert notice.context["count"] == "1"
    assert notice.context["link"].endswith("/hi/account/following/")
    assert follow_news_of(notice.context["stop"].rstrip("/").rsplit("/", 1)[1]).person == person


def test_a_week_without_anything_new_sends_nothing_and_tells_of_nothing_twice(place):
    person = follower(place)
    rice = ListingFactory(title="Red rice", region=place)
    a_week_later(person)
    tell_of_news()
    # A week goes by: all that happened lies a week further back.
    type(rice).objects.filter(pk=rice.pk).update(published_at=timezone.now() - WEEK - timedelta(hours=2))
    Follow.objects.update(created_at=timezone.now() - 3 * WEEK)
    FollowNews.objects.update(told_until=timezone.now() - WEEK - timedelta(hours=1))

    assert tell_of_news() == 0
    assert len(told()) == 1
    assert titles(person) == ["Red rice"]


def test_what_cannot_be_bought_is_no_news_and_no_message_goes_without_news(place):
    person = follower(place)
    ListingFactory(region=place, sold_out=True)
    ListingFactory(region=place, vendor=VendorFactory(suspended=True))
    a_week_later(person)

    assert tell_of_news() == 0
    assert told() == []


def test_who_switched_it_off_or_has_gone_is_not_told(place):
    off, gone, stopped = follower(place), follower(place, is_active=False), follower(place)
    following.want_news(off, is_wanted=False)
    for _ in range(2):
        following.stop_news(FollowNews.objects.get(person=stopped))
    ListingFactory(region=place)
    for person in (off, gone, stopped):
        a_week_later(person)

    assert tell_of_news() == 0

    following.want_news(off, is_wanted=True)
    assert FollowNews.objects.get(person=off).told_until > timezone.now() - timedelta(minutes=1)


def test_a_long_list_names_ten_and_counts_all(place):
    person = follower(place)
    for _ in range(13):
        ListingFactory(region=place)
    a_week_later(person)
    tell_of_news()

    context = told()[0].context
    assert context["count"] == "13"
    assert len(context["items"].splitlines()) == 10


class CarelessNews:
    """Weeks that are moved on whether or not somebody else has done so."""

    select_related = FollowNews.objects.select_related

    def filter(self, *, pk, **_guard):
        return FollowNews.objects.filter(pk=pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("guarded", "times"), [(True, 3), (False, 12)], ids=["guarded", "control"])
def test_four_workers_tell_each_of_three_once(guarded, times, monkeypatch):
    region = RegionFactory(dzongkhag=True, parent=CountryFactory(), code="BT-11", name="Paro")
    people = [follower(region) for _ in range(3)]
    ListingFactory(region=region)
    for person in people:
        a_week_later(person)
    rows = list(FollowNews.objects.order_by("pk").values_list("pk", "told_until"))
    now = timezone.now()
    done = []
    if not guarded:
        monkeypatch.setattr(follow_telling, "FollowNews", SimpleNamespace(objects=CarelessNews()))

    def everybody():
        for pk, until in rows:
            done.append(follow_telling._tell(pk, until, now))

    outcomes = race(everybody, contenders=4)

    assert outcomes == [None] * 4
    assert done.count(True) == times
    # The key of the week is the second guard.
    assert len(told()) == 3


class Killed(BaseException):
    """What no handler of a worker catches."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("guarded", "reached"), [(True, 1), (False, 0)], ids=["guarded", "control"])
def test_a_worker_killed_before_the_message_leaves_the_week_as_it_was(guarded, reached, monkeypatch):
    region = RegionFactory(dzongkhag=True, parent=CountryFactory(), code="BT-11", name="Paro")
    person = follower(region)
    ListingFactory(region=region)
    a_week_later(person)
    if not guarded:
        monkeypatch.setattr(follow_telling, "_tell", follow_telling._tell.__wrapped__)

    def killed(*_args, **_values):
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(follow_telling, "notify", killed)
        with pytest.raises(Killed):
            tell_of_news()
    tell_of_news()

    assert len(told()) == reached
