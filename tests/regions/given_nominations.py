"""People and places of the tests of nominations."""

from dataclasses import dataclass, field

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from regions.models import Region, RegionRole, Scheme
from regions.services import nominations
from regions.services.proposals import Proposed
from tests.catalogue.test_photos import picture
from tests.factories.people import PersonFactory
from tests.factories.regions import CountryFactory, RegionFactory, SchemeFactory


def officer(place, *, decides=False):
    """Somebody who works in this place alone."""
    person = PersonFactory(officer=True, place=False)
    RegionRole.objects.create(person=person, region=place, may_decide=decides)
    return person


@dataclass
class Office:
    """OGOP with a gewog that proposes, and one person for each step, who works there alone."""

    scheme: Scheme = field(default_factory=SchemeFactory)
    gewog: Region = field(default_factory=RegionFactory)

    def __post_init__(self):
        self.country = CountryFactory()
        self.proposer = officer(self.gewog)
        self.recommender = officer(self.gewog.parent, decides=True)
        self.approver = officer(self.country, decides=True)

    def propose(self, name="Forest honey", *, key="", **changes):
        """A nomination, handed in by the form of this key; by default one of its own for each name."""
        asked = {"scheme": self.scheme, "region": self.gewog, "actor": self.proposer, "papers": ()}
        asked |= {word: changes.pop(word) for word in list(changes) if word in asked}
        said = {"category": "Food", "ecosystem": "Forty beekeepers", **changes}
        return nominations.propose(
            asked["scheme"],
            asked["region"],
            Proposed(name=name, **said),
            actor=asked["actor"],
            form_key=key or f"form of {name}"[:40],
            papers=asked["papers"],
        )


def paper(content=None, name="paper.jpg"):
    """An upload; by default an honest photo."""
    return SimpleUploadedFile(name, picture() if content is None else content, "image/jpeg")


@pytest.fixture
def office():
    """The office."""
    return Office()
