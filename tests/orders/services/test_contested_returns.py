"""Goods that came back not as they should be: the group says so with photos, the office decides, the buyer is told."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from marketplace.lib.photos import PictureRefused
from marketplace.lib.states import IllegalTransition
from notices.models import Notice
from orders.errors import AnswerReasonNeeded, TooManyPhotos
from orders.models import Return
from orders.services import returns
from tests.dashboard.given import photo
from tests.factories.people import PersonFactory
from tests.orders.returned import asked_return
from tests.orders.services.parts_of_sales import seen
from tests.support.race import race
from tests.support.sale import notice_kinds
from tests.vendors.test_uploads import files, media

__all__ = ["media"]

pytestmark = pytest.mark.django_db

WHY = "Two of them were worn"


def agreed_return(*, is_sent=True):
    case, member = asked_return()
    returns.agree(case, goods_stay=False, actor=member)
    if is_sent:
        returns.send_back(case, how="Bhutan Post EE1", actor=None)
    Notice.objects.all().delete()
    return case, member


@pytest.mark.parametrize("is_sent", [True, False])
def test_the_group_brings_what_came_back_to_the_office_once_with_its_photos(media, is_sent):
    case, member = agreed_return(is_sent=is_sent)

    said = [
        returns.contest(case, words=f" {WHY} ", photos=[photo(), photo()], actor=member) for _try in range(2)
    ]

    case.refresh_from_db()
    assert (said, case.state, case.due_at, case.came_back_at is not None) == (
        [True, False],
        "disputed",
        None,
        True,
    )
    assert list(case.photos.values_list("by_group", flat=True)) == [True, True]
    assert len(files(media / "private")) == 2
    assert case.events.last().reason == WHY
    assert notice_kinds() == ["group_return_at_office email", "return_at_office email"]
    assert seen(case.vendor_order) == ("delivered", [(3, 0, 0)])
    assert returns.move_overdue(timezone.now() + timedelta(days=99)) == 0


@pytest.mark.parametrize(
    ("words", "photos", "error"),
    [
        (" ", 1, AnswerReasonNeeded),
        (WHY, 5, TooManyPhotos),
        (WHY, SimpleUploadedFile("a.jpg", b"<html>", content_type="image/jpeg"), PictureRefused),
    ],
)
def test_without_words_with_too_much_or_with_no_photo_nothing_is_kept(media, words, photos, error):
    case, member = agreed_return()
    uploads = [photo() for _each in range(photos)] if isinstance(photos, int) else [photo(), photos]

    with pytest.raises(error):
        returns.contest(case, words=words, photos=uploads, actor=member)

    assert (Return.objects.get().state, files(media), notice_kinds()) == ("sent", [], [])


def test_what_is_not_on_its_way_back_is_not_contested(media):
    asked, member = asked_return()
    silent, other = agreed_return()
    returns.move_overdue(timezone.now() + timedelta(days=15))

    for case, actor in ((asked, member), (silent, other)):
        with pytest.raises(IllegalTransition):
            returns.contest(case, words=WHY, photos=[photo()], actor=actor)

    assert files(media) == []


@pytest.mark.parametrize("stay", [True, False])
def test_the_office_may_refund_it_all_the_same_and_nothing_is_sent_again(stay):
    case, member = agreed_return()
    returns.contest(case, words=WHY, actor=member)
    Notice.objects.all().delete()
    with pytest.raises(IllegalTransition):
        returns.withdraw(case, actor=None)

    returns.decide_for_buyer(case, goods_stay=stay, actor=PersonFactory(moderator=True), reason="It is fine")

    case.refresh_from_db()
    assert (case.state, case.goods_stay, seen(case.vendor_order)[1]) == ("closed", False, [(3, 0, 2)])
    assert notice_kinds() == ["goods_returned email", "group_return_decided email"]


def test_the_office_may_agree_with_the_group():
    case, member = agreed_return()
    returns.contest(case, words=WHY, actor=member)

    returns.decide_for_group(case, actor=PersonFactory(moderator=True), reason="They are worn")

    case.refresh_from_db()
    assert (case.state, seen(case.vendor_order)[1]) == ("declined", [(3, 0, 0)])


@pytest.mark.django_db(transaction=True)
def test_beside_the_word_that_all_is_well_one_of_them_counts(media):
    case, member = agreed_return()
    calls = [
        lambda: returns.receive(case, actor=member),
        lambda: returns.contest(case, words=WHY, photos=[photo()], actor=member),
    ]

    outcomes = race(lambda: calls.pop()(), contenders=2)

    state = Return.objects.get().state
    assert [type(each) for each in outcomes if each] == [IllegalTransition]
    assert (state, len(files(media))) in (("closed", 0), ("disputed", 1))
