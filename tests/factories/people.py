"""People of the tests: shoppers by default, staff by trait."""

import factory
from django.contrib.auth.models import Group

from people.models import User
from regions.models import RegionRole
from tests.factories.regions import CountryFactory
from vendors.services.staff_groups import (
    FINANCE_OFFICERS,
    MODERATORS,
    OFFICERS,
    REGISTRARS,
    create_staff_groups,
)

PASSWORD = "a password of the tests"


def _into_group(name):
    def join(person, create, extracted, **kwargs):
        if create:
            create_staff_groups()
            person.groups.add(Group.objects.get(name=name))

    return factory.PostGeneration(join)


@factory.PostGeneration
def _at_work_in_bhutan(person, create, extracted, **kwargs):
    """An officer of all Bhutan; pass place=a region for another, or place=False for none."""
    if create and extracted is not False:
        RegionRole.objects.create(person=person, region=extracted or CountryFactory())


class PersonFactory(factory.django.DjangoModelFactory):
    """A shopper with an e-mail address. Traits: staff, superuser, officer, moderator, finance, registrar, phone_only."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        staff = factory.Trait(is_staff=True)
        superuser = factory.Trait(is_staff=True, is_superuser=True)
        officer = factory.Trait(is_staff=True, join=_into_group(OFFICERS), place=_at_work_in_bhutan)
        moderator = factory.Trait(is_staff=True, join=_into_group(MODERATORS))
        finance = factory.Trait(is_staff=True, join=_into_group(FINANCE_OFFICERS))
        registrar = factory.Trait(is_staff=True, join=_into_group(REGISTRARS))
        phone_only = factory.Trait(email=None, phone=factory.Sequence(lambda n: f"+97517{n:06d}"))

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@example.org")
    password = factory.django.Password(PASSWORD)
