"""The launcher as a process: it starts everything, says so, and leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from marketplace.launcher import database, ports, processes
from tests.support.services import PROJECT, database_url, wait_until


@pytest.fixture
def environment(transactional_db, tmp_path):
    """A launcher's environment: the database of this test, where demonstration data counts as loaded."""
    url = database_url()
    stamp = {"database": database.require_usable(url), "demonstration": True}
    (tmp_path / "prepared.json").write_text(json.dumps(stamp), encoding="utf-8")
    return {
        **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        "DATABASE_URL": url,
        "VAR_DIR": str(tmp_path),
        "PORT": str(ports.any_free()),
        "SIMULATOR_PORT": str(ports.any_free()),
    }


def start_launcher(environment, output):
    with output.open("w", encoding="utf-8") as stream:
        return subprocess.Popen(
            [sys.executable, "-m", "marketplace.launcher"],
            cwd=PROJECT,
            env=environment,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def children_of(environment):
    record = Path(environment["VAR_DIR"]) / "running.json"
    return json.loads(record.read_text(encoding="utf-8"))["children"]


def still_there(children):
    return [pid for pid, started in children.items() if processes.started_at(int(pid)) == started]


def test_ctrl_c_ends_every_process_and_a_second_start_is_harmless(environment, tmp_path):
    first_output, second_output = tmp_path / "first.txt", tmp_path / "second.txt"
    address = f"http://127.0.0.1:{environment['PORT']}"
    first = start_launcher(environment, first_output)
    try:
        wait_until(lambda: "Ctrl-C" in first_output.read_text(), seconds=90, explain=first_output.read_text)
        children = children_of(environment)
        second = start_launcher(environment, second_output)
        second_code = second.wait(timeout=60)
        running = still_there(children)

        first.send_signal(signal.SIGINT)
        first_code = first.wait(timeout=90)
    finally:
        first.kill()

    assert len(running) == len(children) == 4
    assert (second_code, second_output.read_text().splitlines()) == (
        0,
        [f"It runs already: {address}  (stop it with Ctrl-C where it was started)"],
    )
    assert (first_code, still_there(children)) == (0, [])
    assert f"\n{address}/ " in first_output.read_text()
    assert not (tmp_path / "running.json").exists()


def test_death_of_one_process_is_said_and_ends_the_others(environment, tmp_path):
    output = tmp_path / "output.txt"
    launcher = start_launcher(environment, output)
    try:
        wait_until(lambda: "Ctrl-C" in output.read_text(), seconds=90, explain=output.read_text)
        children = children_of(environment)
        web = next(pid for pid in children if b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes())

        os.kill(int(web), signal.SIGKILL)
        code = launcher.wait(timeout=90)
    finally:
        launcher.kill()

    assert code == 1
    assert "web ended with code -9, so everything stops" in output.read_text()
    assert "Traceback (most recent call last)" not in output.read_text().partition("web ended")[2]
    assert still_there(children) == []
