"""What the office publishes."""

from datetime import timedelta

import factory
from django.utils import timezone

from programme.models import Announcement, Collection, CollectionListing, FeaturedChoice, Story
from programme.models.publications import Publication, office_today


class PublicationFactory(factory.django.DjangoModelFactory):
    """A draft about no place. Traits: published, withdrawn."""

    class Meta:
        abstract = True

    class Params:
        published = factory.Trait(
            state=Publication.State.PUBLISHED, published_at=factory.LazyFunction(timezone.now)
        )
        withdrawn = factory.Trait(
            state=Publication.State.WITHDRAWN, published_at=factory.LazyFunction(timezone.now)
        )


class CollectionFactory(PublicationFactory):
    """Presents, from yesterday for a week. listings=[...] puts them into it, in that order."""

    class Meta:
        model = Collection
        skip_postgeneration_save = True

    kind = Collection.Kind.GIFT
    slug = factory.Sequence(lambda n: f"collection-{n}")
    title = factory.Sequence(lambda n: f"Collection {n}")
    starts_on = factory.LazyFunction(lambda: office_today() - timedelta(days=1))
    ends_on = factory.LazyFunction(lambda: office_today() + timedelta(days=6))

    @factory.post_generation
    def listings(self, create, extracted, **kwargs):
        """Choose them."""
        for position, listing in enumerate(extracted or ()):
            CollectionListing.objects.create(collection=self, listing=listing, position=position)


class FeaturedChoiceFactory(factory.django.DjangoModelFactory):
    """A listing shown first for a week. Trait: left_out, until it is ended."""

    class Meta:
        model = FeaturedChoice

    class Params:
        left_out = factory.Trait(kind=FeaturedChoice.Kind.LEAVE_OUT, ends_on=None)

    listing = factory.SubFactory("tests.factories.catalogue.ListingFactory")
    kind = FeaturedChoice.Kind.PIN
    ends_on = factory.LazyFunction(lambda: office_today() + timedelta(days=6))
    reason = "Losar is near"
    created_by = factory.SubFactory("tests.factories.people.PersonFactory", moderator=True)


class AnnouncementFactory(PublicationFactory):
    """For everybody, from yesterday for a week; it can be put away."""

    class Meta:
        model = Announcement

    audience = Announcement.Audience.EVERYBODY
    words = factory.Sequence(lambda n: f"The post is slow this week {n}")
    starts_on = factory.LazyFunction(lambda: office_today() - timedelta(days=1))
    ends_on = factory.LazyFunction(lambda: office_today() + timedelta(days=6))


class StoryFactory(PublicationFactory):
    """A story of two paragraphs."""

    class Meta:
        model = Story

    slug = factory.Sequence(lambda n: f"story-{n}")
    title = factory.Sequence(lambda n: f"Story {n}")
    summary = "How it is made."
    body = "It begins in spring.\n\nIt ends in autumn."
