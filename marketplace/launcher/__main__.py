"""Start the marketplace on this machine and keep it running until Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from marketplace.launcher import database, ports, postgres, processes, redis, services
from marketplace.launcher.errors import ProcessEnded, StartupError
from marketplace.launcher.folders import make_folders
from marketplace.launcher.plan import Plan, child_environment, read_plan
from marketplace.launcher.running import AlreadyRunning, Claim, publish_database

PROJECT = Path(__file__).resolve().parent.parent.parent
HEALTHY_SECONDS = 60
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked the launcher to stop."""


def main() -> int:
    """Run; 0 after Ctrl-C or when it runs already, 1 when it cannot start or a process died."""
    for number in STOP_SIGNALS:
        # Under nohup a closed terminal means nothing.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _on_signal)
    try:
        plan = read_plan(PROJECT, os.environ)
        with Claim(plan.var) as claim, processes.Supervisor(plan.var / "log") as supervisor:
            try:
                return _run(plan, claim, supervisor)
            finally:
                # From here on everything is being stopped; a second Ctrl-C must not interrupt that.
                for number in STOP_SIGNALS:
                    signal.signal(number, signal.SIG_IGN)
    except AlreadyRunning as running:
        _say(f"It runs already: {running}  (stop it with Ctrl-C where it was started)")
        return 0
    except StartupError as error:
        sys.stderr.write(f"Cannot start: {error}\n")
        return 1
    except ProcessEnded as ended:
        sys.stderr.write(f"{ended}\n")
        return 1
    except OSError as error:
        sys.stderr.write(
            f"Cannot start: {error.strerror or error}{f' ({error.filename})' if error.filename else ''}\n"
        )
        return 1
    except Stopped:
        _say("Stopped.")
        return 0


def _run(plan: Plan, claim: Claim, supervisor: processes.Supervisor) -> int:
    started = time.monotonic()
    _check(plan)
    make_folders(plan.var)
    database_url, identity = _open_database(plan, supervisor)
    env = child_environment(plan, database_url)
    logins = _prepare(env, identity)
    for name, command in _commands(plan).items():
        supervisor.start(name, command, env=env, cwd=plan.project)
        claim.write_down(plan.site_url, supervisor.children)
    _wait_until_healthy(plan, supervisor)
    _say(
        f"\n{plan.site_url}/   (ready after {time.monotonic() - started:.1f} s, logs in {plan.var / 'log'})\n"
    )
    _say(logins + "\nCtrl-C stops everything.")
    return _watch(supervisor)


def _check(plan: Plan) -> None:
    ports.require_free("PORT", plan.port)
    if plan.simulator_port is not None:
        ports.require_free("SIMULATOR_PORT", plan.simulator_port)
    if plan.redis_url and not redis.answers(plan.redis_url):
        raise StartupError("no Redis answers at REDIS_URL; start it, or unset REDIS_URL to do without")


def _open_database(plan: Plan, supervisor: processes.Supervisor) -> tuple[str, str]:
    if plan.database_url:
        return plan.database_url, database.require_usable(plan.database_url)
    server = postgres.EmbeddedPostgres(plan.var / "pg", project=plan.project, durable=True)
    server.start(supervisor)
    server.create_database("marketplace")
    url = server.url("marketplace")
    supervisor.afterwards.append(publish_database(plan.var, url))
    return url, database.require_usable(url)


def _prepare(env: dict[str, str], identity: str) -> str:
    """Bring the database up to date in a process of its own, whose memory is given back; returns the logins."""
    command = [sys.executable, "-m", "marketplace.launcher.prepare", identity]
    parent = os.getpid()
    with subprocess.Popen(
        command,
        env=env,
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: processes.die_with_parent(signal.SIGTERM, parent),
    ) as process:
        try:
            logins, _nothing = process.communicate()
        except BaseException:
            # It draws pictures in processes of its own.
            processes.kill_group(process.pid)
            raise
    if process.returncode != 0:
        raise StartupError("the database could not be brought up to date; the reason stands above")
    return logins.rstrip()


def _commands(plan: Plan) -> dict[str, list[str]]:
    commands = {"web": services.web(plan.project, plan.port, reload=plan.reload), "worker": services.worker()}
    if plan.simulator_port is not None:
        commands["simulator"] = services.simulator(
            plan.simulator_port, webhook_url=plan.webhook_url, state_file=plan.var / "simulator.json"
        )
    commands["beat"] = services.beat(plan.var)
    return commands


def _wait_until_healthy(plan: Plan, supervisor: processes.Supervisor) -> None:
    deadline = time.monotonic() + HEALTHY_SECONDS
    answer = "nothing"
    while time.monotonic() < deadline:
        _require_all_running(supervisor)
        try:
            with urllib.request.urlopen(f"{plan.local_url}/healthz", timeout=3):  # noqa: S310 - our own address
                return
        except urllib.error.HTTPError as error:
            answer = error.read().decode(errors="replace")
        except OSError:
            answer = "no connection"
        time.sleep(0.2)
    raise StartupError(f"not healthy after {HEALTHY_SECONDS} s ({answer}); see {supervisor.logs}")


def _watch(supervisor: processes.Supervisor) -> int:
    """Sleep until a process dies, which ends the run."""
    while True:
        _require_all_running(supervisor)
        time.sleep(0.5)


def _require_all_running(supervisor: processes.Supervisor) -> None:
    dead = supervisor.first_ended()
    if dead is not None:
        sys.stderr.write(dead.log_tail() + "\n")
        code = dead.process.returncode
        raise ProcessEnded(f"{dead.name} ended with code {code}, so everything stops; its log is {dead.log}")


def _on_signal(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
