"""Child processes: each in a group of its own, none outlives the launcher."""

import ctypes
import functools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.05
TAIL_LINES = 12


@dataclass
class Child:
    """A running child process.

    stop_signal: asks it to end; grace_seconds: how long it may take before it is killed.
    """

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: int
    grace_seconds: float

    @property
    def pid(self) -> int:
        """Process id, which is the id of its group too."""
        return self.process.pid

    def is_running(self) -> bool:
        """Whether the process has not ended."""
        return self.process.poll() is None

    def ask_to_stop(self) -> None:
        """Send the stop signal; nothing happens to a process that has ended."""
        if self.is_running():
            self.process.send_signal(self.stop_signal)

    def kill(self) -> None:
        """End the whole group at once, as a power cut would, and wait for its leader."""
        # The group of a leader that ended may hold its own children still.
        kill_group(self.pid)
        self.process.wait()

    def log_tail(self) -> str:
        """Last lines of what the process wrote."""
        if not self.log.exists():
            return ""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(f"    {line}" for line in lines[-TAIL_LINES:])


class Supervisor:
    """Starts children and ends every one of them, last started first asked.

    Use as a context manager. On Linux the kernel ends the children of a launcher that was killed.
    """

    def __init__(self, logs: Path) -> None:
        """Keep what each child writes in `logs`, one file per child, made anew at each start."""
        self.logs = logs
        self.children: list[Child] = []
        self.afterwards: list[Callable[[], None]] = []

    def __enter__(self) -> "Supervisor":
        """Nothing is started yet."""
        return self

    def __exit__(self, *_exception: object) -> None:
        """Stop everything."""
        self.close()

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str],
        cwd: Path | None = None,
        stop_signal: int = signal.SIGTERM,
        grace_seconds: float = 8,
    ) -> Child:
        """Start a child in a new session. Raises OSError when the program is not there."""
        self.logs.mkdir(parents=True, exist_ok=True)
        log = self.logs / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [str(part) for part in command],
                env=dict(env),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=functools.partial(die_with_parent, stop_signal, os.getpid()),
            )
        child = Child(name, process, log, stop_signal, grace_seconds)
        self.children.append(child)
        return child

    def close(self) -> None:
        """Stop every child, then do what was asked for afterwards."""
        self.stop()
        for action in self.afterwards:
            action()

    def first_ended(self) -> Child | None:
        """The first child that is not running any more, if there is one."""
        return next((child for child in self.children if not child.is_running()), None)

    def stop(self, children: Sequence[Child] | None = None) -> None:
        """Stop the given children, all by default: ask together, wait, kill what is left over."""
        chosen = list(self.children if children is None else children)
        for child in reversed(chosen):
            child.ask_to_stop()
        started = time.monotonic()
        for child in chosen:
            left = child.grace_seconds - (time.monotonic() - started)
            _wait(child, left)
            child.kill()
        self.children = [child for child in self.children if child not in chosen]


def die_with_parent(stop_signal: int, parent: int) -> None:
    """Ask the kernel, where it can, to end this process when its parent dies. Runs between fork and exec."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, stop_signal)
    # The parent may have died before the call above.
    if os.getppid() != parent:
        os._exit(1)


def started_at(pid: int) -> str | None:
    """A word that differs between two processes which got the same id one after the other; None: no such process."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            # The name in brackets may hold spaces; the start time is the 20th field after it.
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] == "Z" else fields[19]
    listing = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return listing.stdout.strip() or None


def end_leftover(pid: int, started: str, *, grace_seconds: float = 10) -> None:
    """End a process of an earlier run, kindly at first; another process with that id is let alone."""
    deadline = time.monotonic() + grace_seconds
    asked = False
    while started_at(pid) == started:
        if time.monotonic() > deadline:
            kill_group(pid)
            return
        if not asked:
            # Every program we start takes this as Ctrl-C, and PostgreSQL as a quick, clean end.
            _signal(pid, signal.SIGINT)
            asked = True
        time.sleep(POLL_SECONDS)


def kill_group(pid: int) -> None:
    """End a process and all of its group at once; nothing happens when there is none."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _wait(child: Child, seconds: float) -> None:
    try:
        child.process.wait(timeout=max(seconds, 0.01))
    except subprocess.TimeoutExpired:
        return


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return
