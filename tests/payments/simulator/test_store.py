"""What the simulator remembers: whole transactions, also after a kill."""

import contextlib
import signal
import sqlite3
import subprocess
import sys
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.simulator.store import Store, new_id


class HalfWayError(Exception):
    """Something went wrong in the middle."""


CRASH = """
import os, signal, sys
from pathlib import Path
from payments.simulator.store import Store
store = Store(Path(sys.argv[1]))
with store.transaction():
    store.put("refund", {"id": "re_done"})
with store.transaction():
    store.put("refund", {"id": "re_half"})
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_rows_outlive_a_restart_in_their_order(tmp_path):
    store = Store(tmp_path / "state")
    with store.transaction():
        store.put("refund", {"id": "re_b", "amount": 1})
        store.put("refund", {"id": "re_a", "amount": 2})
    with store.transaction():
        store.put("refund", {"id": "re_b", "amount": 3})
        store.put("charge", {"id": "ch_1"})
        store.delete("charge", "ch_1")
    store.close()

    again = Store(tmp_path / "state")

    assert again.newest_first("refund") == [{"id": "re_a", "amount": 2}, {"id": "re_b", "amount": 3}]
    assert again.kinds() == ["refund"]


def test_a_failed_transaction_changes_nothing_in_memory_or_file(tmp_path):
    store = Store(tmp_path / "state")
    with store.transaction():
        store.put("refund", {"id": "re_1", "amount": 1})
        store.put("refund", {"id": "re_2", "amount": 1})

    with contextlib.suppress(HalfWayError), store.transaction():
        store.put("refund", {"id": "re_1", "amount": 9})
        store.put("refund", {"id": "re_3", "amount": 9})
        store.delete("refund", "re_2")
        raise HalfWayError

    expected = {"re_1": 1, "re_2": 1}
    assert {row["id"]: row["amount"] for row in store.newest_first("refund")} == expected
    store.close()
    again = Store(tmp_path / "state")
    assert {row["id"]: row["amount"] for row in again.newest_first("refund")} == expected


def test_a_kill_in_the_middle_leaves_the_last_whole_state(tmp_path):
    ended = subprocess.run([sys.executable, "-c", CRASH, tmp_path / "state"], check=False)

    assert ended.returncode == -signal.SIGKILL
    assert Store(tmp_path / "state").newest_first("refund") == [{"id": "re_done"}]


def test_a_transaction_inside_another_joins_it():
    store = Store()

    with contextlib.suppress(HalfWayError), store.transaction():
        with store.transaction():
            store.put("refund", {"id": "re_1"})
        raise HalfWayError

    assert store.get("refund", "re_1") is None


def test_rows_are_changed_inside_a_transaction_only():
    store = Store()

    with pytest.raises(RuntimeError, match="inside a transaction"):
        store.put("refund", {"id": "re_1"})

    assert store.get("refund", "re_1") is None


def test_a_row_that_was_read_is_a_copy():
    store = Store()
    with store.transaction():
        store.put("refund", {"id": "re_1", "metadata": {"a": "1"}})

    store.get("refund", "re_1")["metadata"]["a"] = "2"

    assert store.get("refund", "re_1") == {"id": "re_1", "metadata": {"a": "1"}}


def test_counting_by_many_threads_loses_nothing():
    store = Store()
    with store.transaction():
        store.put("counter", {"id": "n", "value": 0})

    def count():
        for _ in range(50):
            with store.transaction():
                row = store.get("counter", "n")
                store.put("counter", {**row, "value": row["value"] + 1})

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert store.get("counter", "n")["value"] == 400


def test_a_file_that_is_not_ours_is_refused(tmp_path):
    path = tmp_path / "state"
    path.write_text("a letter to the editor, long enough to be no database\n" * 100)

    with pytest.raises(sqlite3.Error):
        Store(path)

    assert path.read_text().startswith("a letter")


def test_identifiers_do_not_repeat():
    assert len({new_id("pi_") for _ in range(1000)}) == 1000
    assert new_id("pi_").startswith("pi_")


def ids(rows):
    return [row["id"] for row in rows]


def test_rows_are_found_by_an_indexed_field_newest_first():
    store = Store()
    with store.transaction():
        for number, charge in enumerate(["ch_1", "ch_2", "ch_1"]):
            store.put("refund", {"id": f"re_{number}", "charge": charge, "reason": str(number)})

    assert ids(store.newest_first("refund", {"charge": "ch_1"})) == ["re_2", "re_0"]
    assert ids(store.newest_first("refund", {"charge": "ch_1", "reason": "0"})) == ["re_0"]
    assert ids(store.newest_first("refund", {"reason": "1"})) == ["re_1"]
    assert store.newest_first("refund", {"charge": "ch_3"}) == []
    assert store.newest_first("refund", {"charge": "ch_2", "payment_intent": "pi_1"}) == []


def test_a_field_that_changes_is_found_by_its_new_value_only():
    store = Store()
    with store.transaction():
        store.put("checkout.session", {"id": "cs_1", "status": "open"})

    with store.transaction():
        store.put("checkout.session", {"id": "cs_1", "status": "complete"})

    assert store.newest_first("checkout.session", {"status": "open"}) == []
    assert ids(store.newest_first("checkout.session", {"status": "complete"})) == ["cs_1"]


def test_the_index_outlives_an_error_a_deletion_and_a_restart(tmp_path):
    store = Store(tmp_path / "state")
    with store.transaction():
        store.put("refund", {"id": "re_1", "charge": "ch_1"})
        store.put("refund", {"id": "re_2", "charge": "ch_1"})

    with contextlib.suppress(HalfWayError), store.transaction():
        store.put("refund", {"id": "re_1", "charge": "ch_2"})
        store.put("refund", {"id": "re_3", "charge": "ch_1"})
        raise HalfWayError

    assert sorted(ids(store.newest_first("refund", {"charge": "ch_1"}))) == ["re_1", "re_2"]
    assert store.newest_first("refund", {"charge": "ch_2"}) == []
    with store.transaction():
        store.delete("refund", "re_1")
    assert ids(store.newest_first("refund", {"charge": "ch_1"})) == ["re_2"]
    store.close()
    assert ids(Store(tmp_path / "state").newest_first("refund", {"charge": "ch_1"})) == ["re_2"]


@given(
    changes=st.lists(
        st.tuples(st.integers(0, 4), st.sampled_from(["ch_1", "ch_2", None, "gone"]), st.booleans())
    )
)
def test_the_index_finds_what_a_look_at_every_row_finds(changes):
    store = Store()
    for number, charge, is_kept in changes:
        with contextlib.suppress(HalfWayError), store.transaction():
            if charge == "gone":
                store.delete("refund", f"re_{number}")
            else:
                store.put("refund", {"id": f"re_{number}", "charge": charge})
            if not is_kept:
                raise HalfWayError

    for charge in ("ch_1", "ch_2", None):
        expected = [row["id"] for row in store.newest_first("refund") if row["charge"] == charge]
        assert sorted(ids(store.newest_first("refund", {"charge": charge}))) == sorted(expected)
