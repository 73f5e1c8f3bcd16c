"""Nominations, as propose leaves them."""

import factory
from django.utils import timezone

from regions.models import PROPOSED_FIELDS, Nomination, NominationEvent, NominationVersion
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory, SchemeFactory


def _with_history(nomination, create, extracted, **kwargs):
    """Its version and the event that proposed it."""
    if not create:
        return
    NominationVersion.objects.create(
        nomination=nomination,
        version=1,
        by=nomination.proposed_by,
        form_key=f"factory-{nomination.pk}",
        **{name: getattr(nomination, name) for name in PROPOSED_FIELDS},
    )
    NominationEvent.objects.create(
        nomination=nomination, from_state="", to_state="proposed", actor=nomination.proposed_by, version=1
    )


class NominationFactory(factory.django.DjangoModelFactory):
    """Honey, proposed by a gewog to OGOP, in its first version. Traits: to_the_centre (nobody recommends)."""

    class Meta:
        model = Nomination
        skip_postgeneration_save = True

    class Params:
        to_the_centre = factory.Trait(recommending_region=None)

    scheme = factory.SubFactory(SchemeFactory)
    region = factory.SubFactory(RegionFactory)
    recommending_region = factory.SelfAttribute("region.parent")
    name = factory.Sequence(lambda n: f"Forest honey {n}")
    category = "Food"
    ecosystem = "Forty beekeepers"
    proposed_by = factory.SubFactory(PersonFactory, officer=True)
    handed_in_at = factory.LazyFunction(timezone.now)

    history = factory.PostGeneration(_with_history)
