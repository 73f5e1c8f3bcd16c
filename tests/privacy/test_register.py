"""No column that names or reaches a person is forgotten by the register."""

import re

from django.apps import apps
from django.db.models import ForeignKey

from people.models import User
from privacy.register import TOLD, UNTOLD

REACHES = re.compile(r"email|phone|contact|recipient")
# Forms of words in which a contact can stand in no case.
_NO_WORDS = ("BooleanField", "DateTimeField", "PositiveIntegerField", "JSONField")


def named_columns():
    """Every column of every table that points at a person, or is called like a contact."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy:
            continue
        for field in model._meta.concrete_fields:
            is_person = isinstance(field, ForeignKey) and field.related_model is User
            is_contact = (
                field.related_model is None
                and field.get_internal_type() not in _NO_WORDS
                and (
                    REACHES.search(field.name)
                    or (field.name == "address" and model._meta.label == "communication.Notice")
                )
            )
            if is_person or is_contact:
                yield f"{model._meta.label}.{field.name}"


def covered():
    told = [f"{each.label}.{column}" for each in TOLD for column in each.covers]
    return told, [column for each in UNTOLD for column in each.columns]


def test_every_column_that_names_or_reaches_a_person_is_told_or_said_why_not():
    told, untold = covered()

    forgotten = set(named_columns()) - set(told) - set(untold)

    assert not forgotten, "name them in privacy/register: told with its end, or untold with the reason"


def test_nothing_is_named_twice_or_is_not_there():
    told, untold = covered()
    both = [*told, *untold]

    assert len(set(both)) == len(both)
    assert set(both) <= set(named_columns())
    assert len({each.label for each in TOLD}) == len(TOLD)
    assert all(each.why for each in UNTOLD)


def test_what_the_file_tells_exists():
    nobody = User(pk=0, email="nobody@example.org", phone="+97517000000")
    for each in TOLD:
        str(each.rows(nobody).values(*each.fields).query)


def test_a_model_that_nobody_named_is_found(monkeypatch):
    from privacy import register

    monkeypatch.setattr(register, "TOLD", TOLD[1:])
    left = {f"{each.label}.{column}" for each in register.TOLD for column in each.covers}

    assert {"people.User.email", "people.User.phone"} <= set(named_columns()) - left - set(covered()[1])
