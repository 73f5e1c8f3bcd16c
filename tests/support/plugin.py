"""Pytest plugin: real PostgreSQL, one folder for files, a closed network, browsers where there is one."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from marketplace.launcher import database, processes, redis
from marketplace.launcher.errors import StartupError
from marketplace.launcher.folders import make_folders
from tests.support import browser, network, template

if TYPE_CHECKING:
    from tests.support.services import RunningMarketplace

PROJECT = Path(__file__).resolve().parent.parent.parent
FOLDER_PREFIX = "marketplace-test-"
MEMORY = Path("/dev/shm")  # noqa: S108 - each run makes a folder of its own there, closed to others
MEMORY_NEEDED = 4 * 2**30
GIVEN_REDIS = "TEST_REDIS_URL"
SESSION_FOLDER = "TEST_SESSION_FOLDER"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Set the environment before pytest-django reads the settings."""
    # A busy machine is no fault of a test; where a change is judged, it is judged by the same examples each time.
    settings.register_profile(
        "marketplace",
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        derandomize=bool(os.environ.get("CI")),
    )
    settings.load_profile("marketplace")
    options = early_config.known_args_namespace
    if not (options.help or options.version):
        try:
            _set_up(early_config)
        except StartupError as error:
            raise pytest.UsageError(str(error)) from None
    return (yield)


def pytest_report_header() -> str:
    """Say which database runs and which tests are left out."""
    reason = browser.missing_reason()
    left_out = (
        f"; browser tests are LEFT OUT: {reason}" if reason else f"; Chromium: {browser.find_chromium()}"
    )
    return f"database: {os.environ['TEST_DATABASE_NOTE']}{left_out}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Repeat at the end, where it is read, which tests were left out and why."""
    left_out = [
        report for report in terminalreporter.stats.get("skipped", []) if "browser" in report.keywords
    ]
    if left_out:
        terminalreporter.section("left out")
        terminalreporter.line(f"{len(left_out)} browser tests: {browser.missing_reason()}")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out the tests that need a browser where there is none; begin with them, as their files take longest."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)
    reason = browser.missing_reason()
    for item in items:
        if reason and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(autouse=True)
def _closed_network(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.node.get_closest_marker("network"):
        yield
        return
    with network.only_this_machine():
        yield


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a real Redis: the one of REDIS_URL, else a server started for this run."""
    given = os.environ.get(GIVEN_REDIS)
    if given:
        yield given
        return
    folder = tmp_path_factory.mktemp("redis")
    with processes.Supervisor(folder / "log") as supervisor:
        yield redis.start(supervisor, folder, env=dict(os.environ))


@pytest.fixture
def running_marketplace(transactional_db: None, tmp_path: Path) -> "Iterator[RunningMarketplace]":
    """Web server, worker and simulator as processes; see tests.support.services."""
    # Django's settings must not be read before the environment is set.
    from tests.support.services import RunningMarketplace

    with RunningMarketplace(tmp_path) as marketplace:
        yield marketplace


def _set_up(config: pytest.Config) -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        # The server is the one of the process that started this worker.
        _use_folder(Path(os.environ[SESSION_FOLDER]) / worker)
        return
    _remove_abandoned_folders()
    folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER_PREFIX}{os.getpid()}-", dir=_quickest_place()))
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ[SESSION_FOLDER] = str(folder)
    _use_folder(folder / "main")
    # Queued tasks must never reach the worker of a marketplace that runs on that Redis, or from the folder var/.
    given_redis = os.environ.pop("REDIS_URL", None)
    if given_redis:
        os.environ[GIVEN_REDIS] = given_redis
    if "DATABASE_URL" in os.environ:
        os.environ["TEST_DATABASE_NOTE"] = "the one of DATABASE_URL"
        database.require_usable(os.environ["DATABASE_URL"])
        return
    _start_postgres(config, folder)


def _use_folder(folder: Path) -> None:
    os.environ["VAR_DIR"] = str(folder)
    make_folders(folder)


def _start_postgres(config: pytest.Config, folder: Path) -> None:
    supervisor = processes.Supervisor(folder / "log")
    config.add_cleanup(supervisor.close)
    server = template.start_migrated(supervisor, folder / "pg", project=PROJECT)
    os.environ["DATABASE_URL"] = server.url("marketplace")
    os.environ["TEST_DATABASE_TEMPLATE"] = template.DATABASE
    os.environ["TEST_DATABASE_NOTE"] = f"PostgreSQL {server.binaries.major}, started for this run"


def _quickest_place() -> Path:
    """Memory where it has room: a database that lasts for one run is kept waiting by a disk for nothing."""
    has_room = (
        MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_NEEDED
    )
    return MEMORY if has_room else Path(tempfile.gettempdir())


def _remove_abandoned_folders() -> None:
    """Remove what runs left behind that were killed."""
    for place in (MEMORY, Path(tempfile.gettempdir())):
        for folder in place.glob(f"{FOLDER_PREFIX}*-*"):
            pid = folder.name.removeprefix(FOLDER_PREFIX).split("-")[0]
            if pid.isdigit() and processes.started_at(int(pid)) is None:
                shutil.rmtree(folder, ignore_errors=True)
