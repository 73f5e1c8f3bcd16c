"""Each setting is explained in .env.example, and nothing else."""

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
READS = [
    re.compile(
        r"environment\.(?:text|flag|whole_number|decimal|words|required_words|hours)\(\s*\"([A-Z0-9_]+)\""
    ),
    re.compile(r"environ\.get\(\"([A-Z0-9_]+)\""),
    re.compile(r"\$\{([A-Z0-9_]+):-"),
]
# Read from the environment, but not settings of ours.
FOREIGN = {"CI", "PYTEST_XDIST_WORKER", "TEST_REDIS_URL"}


def names_read():
    files = [
        *(PROJECT / "marketplace").rglob("*.py"),
        *(PROJECT / "deploy").glob("*.py"),
        *(PROJECT / "tests" / "support").glob("*.py"),
        PROJECT / "manage.py",
        PROJECT / "docker-compose.yml",
    ]
    texts = [file.read_text(encoding="utf-8") for file in files]
    found = {name for text in texts for pattern in READS for name in pattern.findall(text)}
    return found - FOREIGN


def names_explained():
    lines = (PROJECT / ".env.example").read_text(encoding="utf-8").splitlines()
    return {found.group(1) for line in lines if (found := re.match(r"(?:# )?([A-Z0-9_]+)=", line))}


def test_every_setting_is_explained():
    assert names_read() - names_explained() == set()


def test_nothing_is_explained_that_nobody_reads():
    assert names_explained() - names_read() - {"DJANGO_SETTINGS_MODULE"} == set()
