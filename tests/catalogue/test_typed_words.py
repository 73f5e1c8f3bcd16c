"""What is typed is understood: other words for the same goods, other scripts, words written nearly right."""

import pytest

from catalogue.models import Product, SearchWord
from catalogue.selectors.search import Wish, find
from catalogue.selectors.typed_words import asked_for, nearly
from catalogue.services.vocabulary import refresh_vocabulary
from regions.domain.typed import terms
from tests.factories.catalogue import ListingFactory
from tests.factories.vendors import VendorFactory
from tests.support.race import race

pytestmark = pytest.mark.django_db

GOODS = (
    "Lakadong turmeric powder",
    "Ema datshi mix",
    "Cliff honey",
    "Red rice",
    "Shawl of raw silk",
    "Green tea",
)


@pytest.fixture
def shelf():
    for title in GOODS:
        ListingFactory(title=title)
    refresh_vocabulary()


def found(words):
    answer = find(Wish(words=words))
    titles = Product.objects.in_bulk(answer.keys[:24])
    return [titles[key].title for key in answer.keys[:24]], answer.instead


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("haldi", "Lakadong turmeric powder"),
        ("हल्दी", "Lakadong turmeric powder"),
        ("ཡུང་བ", "Lakadong turmeric powder"),
        ("Haldee powder", "Lakadong turmeric powder"),
        ("turmeric, powder!", "Lakadong turmeric powder"),
        ("shahad", "Cliff honey"),
        ("शहद", "Cliff honey"),
        ("chai", "Green tea"),
        ("chawal", "Red rice"),
        ("red chawal", "Red rice"),
        ("mirch datshi", "Ema datshi mix"),
        ("ema datse", "Ema datshi mix"),
        ("ཨེ་མ་དར་ཚིལ", "Ema datshi mix"),
        ("ชาเขียว", "Green tea"),
        ("lal chaval", "Red rice"),
        ('"green tea"', "Green tea"),
    ],
)
def test_another_word_for_the_same_goods_finds_them(shelf, typed, title):
    assert found(typed) == ([title], "")


@pytest.mark.parametrize(
    ("typed", "title", "instead"),
    [
        ("tumeric powdr", "Lakadong turmeric powder", "turmeric powder"),
        ("ladakong", "Lakadong turmeric powder", "lakadong"),
        ("hony", "Cliff honey", "honey"),
        ("grren tea", "Green tea", "green tea"),
    ],
)
def test_what_is_nearly_right_finds_what_was_meant_and_says_so(shelf, typed, title, instead):
    assert found(typed) == ([title], instead)


@pytest.mark.parametrize(
    "typed", ["", "  ", "\0", "!!!", '"', "-", "' OR 1=1", ":*", "a & | !", "%%%", "\\", "<->", "x" * 5000]
)
def test_nonsense_finds_nothing_and_breaks_nothing(shelf, typed):
    rows, instead = found(typed)

    assert instead == ""
    assert rows == [] or not typed.strip("\0 ")


def test_minus_takes_out_what_must_not_be_said(shelf):
    ListingFactory(title="Black tea")

    assert found("tea -black") == (["Green tea"], "")


def test_no_word_of_what_is_hidden_is_known(shelf):
    ListingFactory(title="Secretgoods", draft=True)
    ListingFactory(title="Suspendedgoods", vendor=VendorFactory(suspended=True))

    refresh_vocabulary()

    assert not SearchWord.objects.filter(word__in=["secretgoods", "suspendedgoods"]).exists()
    assert nearly(asked_for("secretgood")) is None


def test_words_follow_what_is_on_sale_and_a_second_run_changes_nothing(shelf):
    before = refresh_vocabulary()
    honey = SearchWord.objects.get(word="honey")
    ListingFactory(title="Forest honey jar")

    assert refresh_vocabulary() == before + 2
    assert SearchWord.objects.get(word="honey").pk == honey.pk
    assert SearchWord.objects.get(word="honey").uses == honey.uses + 1
    assert refresh_vocabulary() == before + 2


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_leave_each_word_once():
    for title in GOODS:
        ListingFactory(title=title)

    outcomes = race(refresh_vocabulary, contenders=4)

    assert not any(isinstance(outcome, Exception) for outcome in outcomes)
    assert SearchWord.objects.filter(word="honey").count() == 1


def test_finding_takes_equally_many_queries_for_few_words_and_many(shelf, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        found("tumeric powdr of lakadang hils in a jarr")


def test_fruit_in_dzongkha_is_no_rice_though_it_holds_its_syllable():
    said = {form for term in terms("ཤིང་འབྲས་དང་ཚོད་བསྲེ།") for form in (*term.forms, *term.others)}

    assert "fruit" in said
    assert "rice" not in said
