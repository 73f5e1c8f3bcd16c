"""How many examples the machine looks at, and which."""

import os

from hypothesis import HealthCheck, Phase, settings

LONGER = int(os.environ.get("MACHINE_EXAMPLES", "0"))
USUAL = settings(
    max_examples=LONGER or 15,
    stateful_step_count=40,
    deadline=None,
    # The same examples at every run, so that a red run means a change.
    derandomize=not LONGER,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink] if LONGER else [Phase.generate],
)
UNTIL_FOUND = settings(USUAL, max_examples=200, phases=[Phase.generate])
