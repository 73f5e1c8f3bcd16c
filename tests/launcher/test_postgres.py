"""The embedded database server."""

import os
import signal
import subprocess
import time
from pathlib import Path

import psycopg2
import pytest

from marketplace.launcher import database, postgres, privileges, processes
from marketplace.launcher.errors import StartupError

PROJECT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def long_folder(tmp_path):
    return tmp_path / "a path with spaces" / ("long" * 40)


def server_in(folder):
    return postgres.EmbeddedPostgres(folder / "pg", project=PROJECT, durable=False)


def ask(url, question):
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def test_server_starts_in_a_long_path_with_spaces_and_keeps_its_rows(long_folder):
    with processes.Supervisor(long_folder / "log") as supervisor:
        server = server_in(long_folder)
        server.start(supervisor)
        server.create_database("shop")
        ask(server.url("shop"), "CREATE TABLE kept AS SELECT 7 AS number")

    with processes.Supervisor(long_folder / "log") as supervisor:
        again = server_in(long_folder)
        again.start(supervisor)
        number = ask(again.url("shop"), "SELECT number FROM kept")

    assert number == 7
    assert not again.socket_folder.exists()


def test_server_starts_after_a_power_cut(tmp_path):
    first, second = processes.Supervisor(tmp_path / "log"), processes.Supervisor(tmp_path / "log")
    child = server_in(tmp_path).start(first)
    child.process.send_signal(signal.SIGKILL)
    child.process.wait()
    stale = tmp_path / "pg" / "data" / "postmaster.pid"
    # The id in the file now belongs to a process that is no database.
    lines = stale.read_text(encoding="utf-8").splitlines()
    stale.write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n", encoding="utf-8")

    with second:
        server = server_in(tmp_path)
        server.start(second)
        one = ask(server.url("postgres"), "SELECT 1")

    assert one == 1


def test_server_that_still_runs_is_ended_first(tmp_path):
    first = processes.Supervisor(tmp_path / "log")
    earlier = server_in(tmp_path).start(first)

    with processes.Supervisor(tmp_path / "log2") as supervisor:
        server = server_in(tmp_path)
        server.start(supervisor)
        one = ask(server.url("postgres"), "SELECT 1")

    assert one == 1
    assert earlier.process.wait(timeout=30) == 0


def test_two_servers_run_side_by_side(tmp_path):
    with processes.Supervisor(tmp_path / "log") as one, processes.Supervisor(tmp_path / "log2") as two:
        left, right = server_in(tmp_path / "left"), server_in(tmp_path / "right")
        left.start(one)
        right.start(two)

        folders = {ask(server.url("postgres"), "SHOW data_directory") for server in (left, right)}

    assert folders == {str(left.data), str(right.data)}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs to run the server as somebody else")
def test_root_without_user_namespaces_runs_it_as_nobody(tmp_path, monkeypatch):
    works = privileges._works
    monkeypatch.setattr(privileges, "_works", lambda prefix: prefix[0] == "setpriv" and works(prefix))
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)

    with processes.Supervisor(closed / "log") as supervisor:
        server = server_in(closed)
        child = server.start(supervisor)
        owner = Path(f"/proc/{child.pid}").stat().st_uid
        one = ask(server.url("postgres"), "SELECT 1")

    assert one == 1
    assert owner == server.data.stat().st_uid == privileges.NOBODY


def test_database_with_locale_c_is_refused_in_one_line(tmp_path):
    with processes.Supervisor(tmp_path / "log") as supervisor:
        server = server_in(tmp_path)
        server.start(supervisor)
        connection = psycopg2.connect(server.url("postgres"))
        connection.autocommit = True
        connection.cursor().execute("CREATE DATABASE plain TEMPLATE template0 LOCALE 'C'")
        connection.close()

        with pytest.raises(StartupError, match="locale C, which cannot split Dzongkha") as refusal:
            database.require_usable(server.url("plain"))
        identity = database.require_usable(server.url("postgres"))

    assert "\n" not in str(refusal.value)
    assert identity


@pytest.mark.parametrize("url", ["sqlite:///shop.db", "postgres://me:secret@127.0.0.1:1/shop"])
def test_database_that_cannot_be_used_is_one_line_without_the_password(url):
    with pytest.raises(StartupError) as refusal:
        database.require_usable(url)

    assert "\n" not in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_data_of_a_server_that_is_gone_is_named(tmp_path, monkeypatch):
    data = tmp_path / "pg" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n", encoding="ascii")
    monkeypatch.setattr(postgres, "install_package", lambda project: None)

    with pytest.raises(StartupError, match="made by PostgreSQL 9"):
        server_in(tmp_path)


def test_children_do_not_outlive_a_killed_launcher(tmp_path):
    script = (
        "import os, sys, time; from pathlib import Path; from marketplace.launcher import processes\n"
        "child = processes.Supervisor(Path(sys.argv[1])).start('sleeper', ['sleep', '60'], env=dict(os.environ))\n"
        "print(child.pid, processes.started_at(child.pid), flush=True); time.sleep(60)\n"
    )
    launcher = subprocess.Popen(
        [os.sys.executable, "-c", script, tmp_path], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    pid, started = launcher.stdout.readline().split()

    launcher.kill()
    launcher.wait()

    deadline = time.monotonic() + 30
    while processes.started_at(int(pid)) == started and time.monotonic() < deadline:
        time.sleep(0.05)
    assert processes.started_at(int(pid)) != started


def test_user_without_a_name_gets_one(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 4_000_001)
    monkeypatch.setattr(privileges, "_works", lambda prefix: True)

    disguise = privileges.choose_disguise()

    assert disguise == privileges.Disguise(privileges.UNSHARE, 4_000_001)


def test_root_with_no_way_to_be_somebody_else_hears_what_to_do(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(privileges, "_works", lambda prefix: False)

    with pytest.raises(StartupError, match="run as another user or set DATABASE_URL"):
        privileges.choose_disguise()
