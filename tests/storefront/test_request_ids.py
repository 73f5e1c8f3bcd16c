"""A page that says that something went wrong names the request as the log does."""

import logging
import re

import pytest
from django.db import OperationalError

from marketplace.lib.logs import KeysFormatter
from storefront.views import places

pytestmark = pytest.mark.django_db


def shown(response):
    return re.search(r"<code>([0-9a-f]{12})</code>", response.content.decode()).group(1)


def test_each_answer_has_an_id_of_its_own(client):
    first, second = client.get("/nowhere/"), client.get("/nowhere/")

    assert (first.status_code, shown(first)) == (404, first["X-Request-ID"])
    assert first["X-Request-ID"] != second["X-Request-ID"]


def test_a_page_that_broke_names_the_line_of_the_log(client, monkeypatch, caplog):
    def break_down(*_arguments, **_named):
        raise OperationalError("the database is away")

    monkeypatch.setattr(places, "render", break_down)
    client.raise_request_exception = False
    caplog.handler.addFilter(handler_of_the_settings().filters[0])

    response = client.get("/places/")

    (record,) = [record for record in caplog.records if record.name == "django.request"]
    assert (response.status_code, shown(response)) == (500, response["X-Request-ID"])
    assert f"request_id={shown(response)}" in KeysFormatter("%(message)s").format(record)


def handler_of_the_settings():
    return next(handler for handler in logging.getLogger().handlers if handler.filters)


def test_an_id_that_is_none_is_not_taken_over(client, caplog):
    response = client.get("/nowhere/", headers={"X-Request-ID": "<script>" * 100})

    assert re.fullmatch("[0-9a-f]{12}", response["X-Request-ID"])
    assert not [record for record in caplog.records if "script" in record.getMessage()]
