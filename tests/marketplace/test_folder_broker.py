"""The broker of files: what is being written is not read, and what is read is whole."""

import json
from concurrent.futures import ThreadPoolExecutor
from queue import Empty

import pytest
from kombu import Connection
from kombu.transport import filesystem

from marketplace.lib import folder_broker

MESSAGE = {"body": "one", "properties": {}}


@pytest.fixture
def folders(tmp_path):
    for name in ("messages", "control"):
        (tmp_path / name).mkdir()
    return {
        "data_folder_in": str(tmp_path / "messages"),
        "data_folder_out": str(tmp_path / "messages"),
        "control_folder": str(tmp_path / "control"),
    }


def channel_of(transport, folders):
    return Connection(transport=transport, transport_options=folders).channel()


def interrupted(step, interruption):
    """A step of writing during which somebody else reads."""

    def with_reader(*args, **kwargs):
        interruption()
        return step(*args, **kwargs)

    return with_reader


def test_address_of_files_means_our_transport(folders):
    with Connection("filesystem://localhost", transport_options=folders) as connection:
        assert isinstance(connection.transport, folder_broker.Transport)


def test_message_that_is_being_written_is_not_read(folders, monkeypatch):
    writer, reader = (channel_of(folder_broker.Transport, folders) for _ in range(2))
    found = []

    def read():
        with pytest.raises(Empty):
            reader._get("money")
        found.append("nothing")

    monkeypatch.setattr(folder_broker.Path, "rename", interrupted(folder_broker.Path.rename, read))
    writer._put("money", MESSAGE)

    assert found == ["nothing"]
    assert reader._get("money") == MESSAGE
    with pytest.raises(Empty):
        reader._get("money")


def test_kombus_own_message_is_read_while_it_is_empty(folders, monkeypatch):
    """The control: when this fails, Kombu has put it right and ours can go."""
    writer, reader = (channel_of(filesystem.Transport, folders) for _ in range(2))

    def read():
        with pytest.raises(json.JSONDecodeError):
            reader._get("money")

    monkeypatch.setattr(filesystem, "lock", interrupted(filesystem.lock, read))

    writer._put("money", MESSAGE)


def test_queues_bound_at_the_same_moment_are_all_bound(folders):
    channels = [channel_of(folder_broker.Transport, folders) for _ in range(8)]

    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(
                lambda pair: pair[1]._queue_bind("money", "", "", f"queue-{pair[0]}"), enumerate(channels)
            )
        )

    assert sorted(row.queue for row in channels[0].get_table("money")) == [f"queue-{n}" for n in range(8)]
