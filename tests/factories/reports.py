"""Saved reports and their runs."""

import factory

from programme.models import ReportRun, SavedReport
from tests.factories.people import PersonFactory


class SavedReportFactory(factory.django.DjangoModelFactory):
    """Listings of all places, a moderator's own. Pass kind, region, filters, is_shared, owner."""

    class Meta:
        model = SavedReport

    name = "All listings"
    kind = "listings"
    owner = factory.SubFactory(PersonFactory, moderator=True)
    form_key = factory.Sequence(lambda n: f"report-{n}")


class ReportRunFactory(factory.django.DjangoModelFactory):
    """Queued by the owner of a saved report, with what that asks for."""

    class Meta:
        model = ReportRun

    report = factory.SubFactory(SavedReportFactory)
    name = factory.SelfAttribute("report.name")
    kind = factory.SelfAttribute("report.kind")
    region = factory.SelfAttribute("report.region")
    filters = factory.SelfAttribute("report.filters")
    asked_by = factory.SelfAttribute("report.owner")
    form_key = factory.Sequence(lambda n: f"run-{n}")
