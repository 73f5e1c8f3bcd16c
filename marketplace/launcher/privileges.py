"""PostgreSQL refuses to run as root: ways of running it as somebody else."""

import os
import pwd
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from marketplace.launcher.errors import StartupError

NOBODY = 65534
# A user namespace maps us to a user who is not root and whom the machine knows by name, which initdb insists on.
UNSHARE = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}")
# `nobody` may not look into a home directory: it keeps the one right to pass through folders, in access(2) too.
SETPRIV = (
    "setpriv",
    f"--reuid={NOBODY}",
    f"--regid={NOBODY}",
    "--clear-groups",
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
    "--securebits=+no_setuid_fixup",
)


@dataclass(frozen=True)
class Disguise:
    """Words before a command, and the user who must own the files that it writes."""

    prefix: tuple[str, ...]
    owner: int

    def wrap(self, command: list[str], *, stop_signal: int = signal.SIGINT) -> list[str]:
        """The command as it must be started to run under this disguise."""
        if self.prefix[:1] == ("setpriv",):
            # A change of user makes the kernel forget the signal that was asked for before it.
            return [
                *self.prefix,
                f"--pdeathsig={signal.Signals(stop_signal).name.removeprefix('SIG')}",
                *command,
            ]
        return [*self.prefix, *command]

    def own(self, folder: Path) -> None:
        """Hand the folder and all in it to the owner, if they are not the owner's already."""
        if folder.stat().st_uid == self.owner:
            return
        for parent, folders, files in os.walk(folder):
            for name in [*folders, *files]:
                os.chown(os.path.join(parent, name), self.owner, -1, follow_symlinks=False)
        # The top comes last: an interrupted walk is done again.
        os.chown(folder, self.owner, -1)


def choose_disguise() -> Disguise:
    """The first way that works here. Raises StartupError for root, or a user without a name, with no way at all."""
    user = os.geteuid()
    if user != 0 and _has_name(user):
        return Disguise((), user)
    ways = [(UNSHARE, user), (SETPRIV, NOBODY)] if user == 0 else [(UNSHARE, user)]
    for prefix, owner in ways:
        if _works(prefix):
            return Disguise(prefix, owner)
    who = "as root" if user == 0 else f"as user {user}, who has no name on this machine,"
    raise StartupError(
        f"PostgreSQL does not run {who} and neither `unshare` nor `setpriv` helps here; "
        "run as another user or set DATABASE_URL"
    )


def _has_name(user: int) -> bool:
    try:
        pwd.getpwuid(user)
    except KeyError:
        return False
    return True


def _works(prefix: tuple[str, ...]) -> bool:
    if shutil.which(prefix[0]) is None:
        return False
    return subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0
