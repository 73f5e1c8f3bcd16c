"""Categories, collections and stories are found by the word that stood in their address before."""

import pytest
from django.conf import settings
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from catalogue.models import FormerCategorySlug
from programme.models import Collection, FormerCollectionSlug, FormerStorySlug, Story
from tests.factories.catalogue import CategoryFactory, ListingFactory
from tests.factories.people import PersonFactory
from tests.factories.programme import CollectionFactory, StoryFactory
from tests.support.race import race

pytestmark = pytest.mark.django_db

Category = get_model("catalogue", "Category")


def new_category(slug):
    return CategoryFactory(name=slug, slug=slug)


def new_collection(slug):
    return CollectionFactory(slug=slug, published=True)


def new_story(slug):
    return StoryFactory(slug=slug, published=True)


KINDS = {
    "category": (new_category, FormerCategorySlug),
    "collections": (new_collection, FormerCollectionSlug),
    "stories": (new_story, FormerStorySlug),
}
each_kind = pytest.mark.parametrize("kind", KINDS)


def rename(page, slug):
    # As a file that is loaded would do it: no form and no save() of ours is asked.
    type(page).objects.filter(pk=page.pk).update(slug=slug)


def led_to(address, client=None):
    answer = (client or Client()).get(address)
    return answer.status_code, answer.headers.get("Location")


@each_kind
@pytest.mark.parametrize("prefix", ["", "/hi", "/dz"])
def test_an_address_of_before_leads_to_the_one_of_today_in_each_language_and_keeps_the_query(kind, prefix):
    make, _former = KINDS[kind]
    rename(make("first"), "second")

    assert led_to(f"{prefix}/{kind}/first/?page=2&sort=cheap") == (
        301,
        f"{prefix}/{kind}/second/?page=2&sort=cheap",
    )
    assert led_to(f"{prefix}/{kind}/second/") == (200, None)
    assert led_to(f"{prefix}/{kind}/never/") == (404, None)


@each_kind
def test_every_word_of_before_leads_there_in_one_step_and_back_and_forth_makes_no_circle(kind):
    make, former = KINDS[kind]
    page = make("first")
    for slug in ("second", "third", "first", "second"):
        rename(page, slug)

    assert led_to(f"/{kind}/second/") == (200, None)
    assert led_to(f"/{kind}/first/") == led_to(f"/{kind}/third/") == (301, f"/{kind}/second/")
    assert sorted(former.objects.values_list("slug", flat=True)) == ["first", "third"]


@each_kind
def test_a_page_that_takes_the_word_has_it_and_the_one_before_is_found_by_it_no_more(kind):
    make, former = KINDS[kind]
    one = make("first")
    rename(one, "second")
    other = make("first")

    assert led_to(f"/{kind}/first/") == (200, None)
    assert not former.objects.exists()
    rename(other, "third")
    # Whoever had it last is meant.
    assert led_to(f"/{kind}/first/") == (301, f"/{kind}/third/")
    rename(one, "first")
    assert led_to(f"/{kind}/first/") == (200, None)
    assert led_to(f"/{kind}/second/") == (301, f"/{kind}/first/")


@each_kind
def test_the_database_keeps_a_word_for_one_page(kind):
    make, former = KINDS[kind]
    one, other = make("one"), make("other")
    rename(one, "two")

    with pytest.raises(IntegrityError, match="unique"):
        former.objects.create(slug="one", page=other, left_at=other_time())


def other_time():
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return cursor.fetchone()[0]


@pytest.mark.parametrize(("is_guarded", "answer"), [(True, (301, "/stories/second/")), (False, (404, None))])
def test_the_trigger_keeps_the_word(is_guarded, answer):
    story = new_story("first")
    if not is_guarded:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE programme_story DISABLE TRIGGER story_slug_kept")

    rename(story, "second")

    assert led_to("/stories/first/") == answer


@each_kind
def test_nothing_is_kept_when_something_else_changes(kind):
    make, former = KINDS[kind]
    page = make("first")
    page.slug = "first"
    page.save()

    assert not former.objects.exists()


@each_kind
def test_a_page_under_its_word_of_today_costs_no_query_more(kind):
    make, _former = KINDS[kind]
    page = make("first")
    Client().get(f"/{kind}/first/")

    with CaptureQueriesContext(connection) as before:
        Client().get(f"/{kind}/first/")
    rename(page, "second")
    with CaptureQueriesContext(connection) as after:
        Client().get(f"/{kind}/second/")

    assert len(after) == len(before)
    # Kinds of goods are a small table, which brings the words of before along.
    assert kind == "category" or not [query for query in after if "former" in query["sql"]]


@each_kind
def test_the_answer_is_asked_for_again_since_the_word_may_come_back(kind):
    make, _former = KINDS[kind]
    rename(make("first"), "second")

    assert "no-cache" in Client().get(f"/{kind}/first/").headers["Cache-Control"]


def test_a_word_of_before_tells_nothing_of_what_the_public_does_not_see():
    hidden = new_category("first")
    rename(hidden, "second")
    Category.objects.filter(pk=hidden.pk).update(is_public=False)
    for factory in (StoryFactory, CollectionFactory):
        rename(factory(slug="draft"), "draft-of-today")
    office = Client()
    office.force_login(PersonFactory(moderator=True))

    addresses = ["/category/first/", "/stories/draft/", "/collections/draft/"]
    assert {led_to(address) for address in addresses} == {(404, None)}
    assert led_to("/stories/draft/", office) == (301, "/stories/draft-of-today/")


def test_what_was_taken_back_says_so_under_its_word_of_before():
    story, collection = new_story("first"), new_collection("first")
    for page in (story, collection):
        rename(page, "second")
        type(page).objects.filter(pk=page.pk).update(state="withdrawn")

    assert led_to("/stories/first/") == led_to("/collections/first/") == (410, None)


def test_sitemap_and_page_name_the_word_of_today_alone(client):
    for make, _former in KINDS.values():
        rename(make("aaa-before"), "aaa-today")

    for kind in KINDS:
        page = client.get(f"/{kind}/aaa-today/").content.decode()
        assert f'<link rel="canonical" href="{settings.SITE_URL}/{kind}/aaa-today/">' in page
        assert "/aaa-before/" not in page
    told = "".join(
        client.get(f"/sitemap-{name}.xml").content.decode()
        for name in ("categories", "collections", "stories")
    )
    assert told.count("<loc>") > 0
    assert all(f"/{kind}/aaa-today/" in told for kind in KINDS)
    assert "aaa-before" not in told


def test_a_list_narrowed_by_a_word_of_before_is_narrowed_by_the_one_of_today(client):
    tea = new_category("tea")
    ListingFactory(title="Zimtsa", categories=[tea])
    ListingFactory(title="Bowl", categories=[new_category("pots")])
    rename(tea, "brews")

    page = client.get("/products/?category=tea")

    assert [card.title for card in page.context["listings"]] == ["Zimtsa"]


def test_the_picture_that_chats_hold_of_an_address_of_before_is_found(client):
    story = new_story("first")
    address = client.get("/stories/first/").context["card"].url
    rename(story, "second")

    answer = client.get(address)

    assert answer.status_code == 302
    assert "/second/" in answer.url


def test_the_office_changes_the_word_in_its_form(client):
    tea = new_category("tea")
    client.force_login(PersonFactory(superuser=True))
    form = client.get(f"/admin/catalogue/category/{tea.pk}/change/").context["adminform"].form
    sent = {name: form[name].value() or "" for name in form.fields} | {"slug": "brews", "is_public": "on"}

    assert client.post(f"/admin/catalogue/category/{tea.pk}/change/", sent).status_code == 302

    assert led_to("/category/tea/") == (301, "/category/brews/")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", [Story, Collection])
def test_one_leaves_a_word_while_others_take_it(model):
    make = {Story: new_story, Collection: new_collection}[model]
    leaver, *takers = [make(f"page-{number}") for number in range(5)]
    rename(leaver, "wanted")
    waiting = iter(
        [lambda: rename(leaver, "left"), *(lambda page=page: rename(page, "wanted") for page in takers)]
    )

    outcomes = race(lambda: next(waiting)(), contenders=5)

    kind = "stories" if model is Story else "collections"
    holder = model.objects.filter(slug="wanted").first()
    assert all(outcome is None or isinstance(outcome, IntegrityError) for outcome in outcomes)
    # Whoever came before the word was free was refused; nobody has it and had it at once.
    former = model._meta.get_field("former_slugs").related_model.objects.filter(slug="wanted")
    assert former.exists() is (holder is None)
    wanted = (200, None) if holder else (301, f"/{kind}/left/")
    assert led_to(f"/{kind}/wanted/") == wanted
