"""Every model is tracked, or it stands written why it is not."""

from django.apps import apps
from django.contrib import admin
from django.db.models import ForeignKey

from audit.tracked import TRACKED, UNTRACKED, UNUSED_APPS, by_label
from regions.models import Region


def named() -> set[str]:
    return {*by_label(), *(label.lower() for label in UNTRACKED)}


def test_every_model_is_tracked_or_said_not_to_be():
    # given
    rows = [model for model in apps.get_models() if not model._meta.proxy]
    # when
    unsaid = {
        model._meta.label
        for model in rows
        if model._meta.label_lower not in named()
        # Of Oscar's apps those that we have not extended are not used.
        and not (model.__module__.startswith("oscar.") and model._meta.app_label in UNUSED_APPS)
    }
    # then
    assert not unsaid, "name them in audit/tracked.py: TRACKED, or UNTRACKED with the reason"


def test_every_page_of_the_admin_is_of_a_model_that_is_named():
    # given
    models = {model._meta.concrete_model for model in admin.site._registry}
    # when
    unsaid = {
        model._meta.label
        for model in models
        if model._meta.label_lower not in named() and model._meta.app_label not in UNUSED_APPS
    }
    # then
    assert not unsaid


def test_nothing_is_named_twice_or_is_not_there():
    # given
    labels = [each.label for each in TRACKED]
    # then
    assert len(set(labels)) == len(labels)
    assert not {label.lower() for label in UNTRACKED} & set(by_label())
    assert all(apps.get_model(label) for label in UNTRACKED)


def test_every_field_that_a_declaration_names_exists_and_fits():
    for each in TRACKED:
        # given
        fields = {field.name: field for field in each.model._meta.concrete_fields}
        # then
        assert {*each.only, *each.without, *each.masked} <= set(fields), each.label
        assert not (each.only and each.without), each.label
        assert {*each.masked, *each.private} <= {field.name for field in each.fields()}, each.label
        assert not each.about or isinstance(fields[each.about], ForeignKey), each.label
        assert each.place in ("", "pk") or fields[each.place].related_model is Region, each.label


def test_no_secret_is_tracked():
    # given
    told = {(each.label, field.name) for each in TRACKED for field in each.fields()}
    # then
    secret = ("password", "token", "digest", "salt", "secret", "form_key", "key")
    assert not {(label, name) for label, name in told if name in secret}
