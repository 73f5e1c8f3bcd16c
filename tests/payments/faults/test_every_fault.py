"""No fault is left out."""

import re
from pathlib import Path

FAULTS = set(range(1, 53))


def test_every_numbered_fault_is_led_from_its_cause_to_its_end():
    files = Path(__file__).parent.glob("test_*.py")
    marked = {
        int(number) for file in files for number in re.findall(r"mark\.fault\((\d+)\)", file.read_text())
    }

    assert marked == FAULTS
