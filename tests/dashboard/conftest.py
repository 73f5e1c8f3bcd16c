"""Fixtures of the dashboard's tests."""

import pytest

from tests.dashboard.given import member_of
from tests.support.sale import a_listing


@pytest.fixture
def listing():
    """A listing on sale of a group, ten units at INR 250.00."""
    return a_listing(title="Red rice")


@pytest.fixture
def chair(listing):
    """The chair of that group."""
    return member_of(listing.vendor, name="Dechen")


@pytest.fixture
def desk(client, chair):
    """A browser in which the chair has signed in."""
    client.force_login(chair)
    return client
