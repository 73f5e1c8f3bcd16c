"""Stock without its guards, for the controls of races."""

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.db.models import F

from vendors.models import StockRecord


@pytest.fixture
def without_the_check_constraint(transactional_db: None) -> Iterator[None]:
    """The database's own promise taken away, to see what the guard alone is worth."""
    name = "stock_record_never_oversold"
    constraint = next(each for each in StockRecord._meta.constraints if each.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(StockRecord, constraint)
    yield
    StockRecord.objects.update(num_allocated=0)
    with connection.schema_editor() as editor:
        editor.add_constraint(StockRecord, constraint)


def unguarded_take(contenders: int) -> Callable[..., bool]:
    """Look, then add: every buyer has looked before the first one adds."""
    everybody_looked = threading.Barrier(contenders)

    def take(pk: int, wanted: int, _note: object = None) -> bool:
        record = StockRecord.objects.get(pk=pk)
        everybody_looked.wait(timeout=30)
        if record.num_in_stock - record.num_allocated < wanted:
            return False
        StockRecord.objects.filter(pk=pk).update(num_allocated=F("num_allocated") + wanted)
        return True

    return take
