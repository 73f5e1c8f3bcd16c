"""The one stylesheet: all parts, in order, small enough."""

import gzip
import os
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from marketplace.lib.stylesheet import SOURCE, TARGET, StylesheetFinder, join, parts

INDEX = Path(settings.BASE_DIR) / "static" / SOURCE


@pytest.fixture
def finder(tmp_path, settings):
    """A finder over a small stylesheet of two parts."""
    settings.BASE_DIR, settings.VAR_DIR = tmp_path, tmp_path / "var"
    css = tmp_path / "static" / "css"
    css.mkdir(parents=True)
    (css / "index.css").write_text('@import "one.css";\n@import "two.css";\n')
    (css / "one.css").write_text("/* first */\na {\n  color: red;\n}\n")
    (css / "two.css").write_text("b { color: blue; }\n")
    return StylesheetFinder()


def test_parts_are_joined_in_order_without_comments(finder):
    text = Path(finder.find(TARGET)).read_text()

    assert text == "a{color: red}b{color: blue}\n"


def test_it_is_made_again_when_a_part_changes(finder):
    made = Path(finder.find(TARGET))
    before = made.stat().st_mtime
    part = finder.source.parent / "two.css"
    part.write_text("b { color: green; }\n")
    os.utime(part, (before + 10, before + 10))

    assert "green" in Path(finder.find(TARGET)).read_text()


def test_other_paths_are_left_to_other_finders(finder):
    assert finder.find("css/one.css") == []


def test_every_component_is_a_part():
    written = set((INDEX.parent / "components").glob("*.css"))

    assert written <= set(parts(INDEX))


def test_the_stylesheet_keeps_its_budget_of_20_kilobytes():
    assert len(gzip.compress(join(INDEX).encode())) <= 20 * 1024


def test_the_machinery_of_static_files_finds_it():
    assert Path(finders.find(TARGET)).name == "site.css"
