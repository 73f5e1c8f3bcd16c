"""Reports of misuse."""

import factory

from programme.models import MisuseCase, MisuseReport
from tests.factories.catalogue import ListingFactory


class MisuseReportFactory(factory.django.DjangoModelFactory):
    """A visitor's report of a listing on sale, with a contact; pass case__listing=None, case__vendor=... for a group."""

    class Meta:
        model = MisuseReport

    case = factory.SubFactory("tests.factories.misuse.MisuseCaseFactory")
    reason = MisuseReport.Reason.COPIED
    words = "That photo is mine"
    contact = "karma@example.org"
    reporter = factory.Sequence(lambda n: f"{n:064d}")


class MisuseCaseFactory(factory.django.DjangoModelFactory):
    """An open case about a listing on sale, without a report."""

    class Meta:
        model = MisuseCase

    listing = factory.SubFactory(ListingFactory)
    vendor = factory.SelfAttribute("listing.vendor")
