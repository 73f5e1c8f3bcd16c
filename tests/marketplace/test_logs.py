"""Log lines carry the ids that they were given."""

import logging

from marketplace.lib.logs import KeysFormatter


def line(**extra):
    record = logging.getLogger("test").makeRecord(
        "payments", logging.WARNING, __file__, 1, "attempt not swept", (), None, extra=extra
    )
    return KeysFormatter("%(levelname)s %(name)s %(message)s").format(record)


def test_ids_stand_behind_the_phrase_in_the_order_of_their_names():
    assert line(order=7, attempt=12) == "WARNING payments attempt not swept attempt=12 order=7"


def test_a_line_without_ids_is_the_phrase_alone():
    assert line() == "WARNING payments attempt not swept"


def test_what_is_no_id_is_left_out():
    assert (
        line(request=object(), request_id=None, status_code=404)
        == "WARNING payments attempt not swept status_code=404"
    )
