"""Run benchmarks: `python -m benchmarks [name ...]`, all of NAMES when none is named."""

import importlib
import subprocess
import sys

from benchmarks.ground import prepared
from benchmarks.report import write

# The module of each; in the order in which all of them run.
NAMES = {
    "events": "benchmarks.events",
    "balance": "benchmarks.balance",
    "reconcile": "benchmarks.reconciliation",
    "payouts": "benchmarks.payouts",
    "imports": "benchmarks.imports",
    "orders": "benchmarks.order_list",
    "moderation": "benchmarks.moderation",
    "audit": "benchmarks.audit",
    "office": "benchmarks.office",
    "broadcast": "benchmarks.broadcast",
    "lists": "benchmarks.admin_lists",
    "register": "benchmarks.register",
    "names": "benchmarks.names",
    "search": "benchmarks.search",
    "shop": "benchmarks.large_shop",
    "soak": "benchmarks.soak",
}


def main(asked: list[str]) -> int:
    """Measure, write benchmarks/results/<name>.md and print it; 2 for a name that no benchmark has."""
    unknown = [name for name in asked if name not in NAMES]
    if unknown:
        sys.stderr.write(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(NAMES)}\n")
        return 2
    if len(asked) != 1:
        # Settings are read once in a process, and each benchmark has servers of its own.
        alone = [[sys.executable, "-m", "benchmarks", name] for name in asked or NAMES]
        return max(subprocess.run(command, check=False).returncode for command in alone)  # noqa: S603
    (name,) = asked
    with prepared() as ground:
        # Models can be imported once Django is set up, and not before.
        result = importlib.import_module(NAMES[name]).measure(ground)
        sys.stdout.write(write(name, result))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
