"""What members of a group read on the pages of its desk: every text filled in, every foreign word said to be foreign."""

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from marketplace import health
from orders.services.fulfilment import accept
from orders.services.packing import pack
from tests.demo.reading import faults_of
from tests.routes.table import OWN
from tests.routes.world import build_world
from tests.support.sale import fake_provider

__all__ = ["fake_provider"]

pytestmark = pytest.mark.django_db

# Those in which the desk is spoken.
LANGUAGES = ["en", "hi"]
DESK = {name: route for name, route in OWN.items() if name.startswith("dashboard-")}
# What somebody typed, or named a file.
TYPED = {"a.csv"}
# This shows a page once an order was accepted.
LATER = {"dashboard-order-pack"}


@pytest.fixture
def world(fake_provider, monkeypatch):
    monkeypatch.setattr(health, "silent_parts", list)
    return build_world(fake_provider)


def read(client, method, path, form):
    """What is wrong on a page, nothing of a file, and None where there is neither; whatever it wrote is taken back."""
    with transaction.atomic():
        answer = getattr(client, method)(path, form)
        transaction.set_rollback(True)
    if answer.status_code != 200:
        return None
    return faults_of(answer.content.decode()) if "text/html" in answer["Content-Type"] else []


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_the_desk(world, language):
    client, found = world.client("member"), {}

    def look(method):
        for name, route in DESK.items():
            with translation.override(language):
                path = reverse(name, kwargs=dict(route.names(world)))
            faults = read(client, method, path, dict(route.form(world)))
            if faults is not None:
                found.setdefault(name, []).extend(faults)

    look("get")
    # Forms that are sent with something missing say what.
    look("post")
    accept(world.part, actor=world.people["member"])
    look("get")
    line = world.part.lines.get()
    pack(world.part, {line.pk: line.quantity}, seen=0, actor=world.people["member"])
    look("get")

    pages = {name for name, route in DESK.items() if route.status("get", "member") == 200}
    assert pages | LATER <= set(found)
    assert [fault for faults in found.values() for fault in faults if fault not in TYPED] == []
