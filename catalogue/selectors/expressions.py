"""What Django has no words for, that lists and searches ask PostgreSQL."""

from typing import Any, ClassVar

from django.db.models import BooleanField, Exists, Func


class ExistsForEach(Exists):
    """As Exists, asked of each row for itself: else PostgreSQL may first look for all that have any, a hundred thousand for a page."""

    # With an offset there is no other plan.
    template = "EXISTS(%(subquery)s OFFSET 0)"


class StartsWith(Func):
    """Whether the first text begins with the second."""

    function = "starts_with"
    output_field: ClassVar[Any] = BooleanField()


class IsOneOf(Func):
    """Whether a key is in an array that asks for nothing of the outer row: PostgreSQL makes it once, and then looks keys up."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field: ClassVar[Any] = BooleanField()


class NamesGoods(Func):
    """Whether a title holds the words of a search; both as texts."""

    template = "(to_tsvector('simple', %(expressions)s))"
    arg_joiner = ") @@ websearch_to_tsquery('simple', "
    output_field: ClassVar[Any] = BooleanField()
