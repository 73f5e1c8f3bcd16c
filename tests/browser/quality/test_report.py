"""The table of quality: what outgrows a figure is named, and runs leave their figures to the next one."""

from dataclasses import replace

import pytest

from tests.browser.quality import report
from tests.browser.quality.measure import faults_of
from tests.browser.quality.report import Figures
from tests.browser.quality.tools import Score

SCORE = Score(performance=95, accessibility=100, best_practices=95, seo=100, paint=1.0, shift=0.0004)
GOOD = Figures("home", "en", 20480, 20480, 25600, 10, 0, score=SCORE, slow=3.0, bare_shift=0.1)


def test_a_page_at_its_figures_is_within_them():
    assert faults_of(GOOD, is_listed=True) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"html": 20481},
        {"css": 20481},
        {"js": 25601},
        {"requests": 11},
        {"slow": 3.1},
        {"score": replace(SCORE, performance=94)},
        {"score": replace(SCORE, accessibility=99)},
        {"score": replace(SCORE, best_practices=94)},
        {"score": replace(SCORE, seo=99)},
        {"score": replace(SCORE, shift=0.0006)},
    ],
)
def test_each_figure_that_is_outgrown_is_named(changes):
    assert len(faults_of(replace(GOOD, **changes), is_listed=True)) == 1


def test_a_page_that_asks_not_to_be_listed_loses_nothing_by_it():
    assert faults_of(replace(GOOD, score=replace(SCORE, seo=60)), is_listed=False) == []


def test_figures_are_left_to_the_next_run_for_some_hours(tmp_path, monkeypatch):
    file = tmp_path / "var" / "quality.json"
    assert report.kept(file) == []

    report.keep([GOOD], file)

    assert report.kept(file) == [GOOD]
    monkeypatch.setattr(report.time, "time", lambda: GOOD.at + report.KEPT_SECONDS + 1)
    assert report.kept(file) == []


def test_the_table_has_a_row_for_each_page_and_language(tmp_path):
    report.write([GOOD, replace(GOOD, language="dz", slow=None, bare_shift=None)], tmp_path / "quality.md")

    words = (tmp_path / "quality.md").read_text("utf-8")
    assert "| home | en | 20,480 | 20,480 | 25,600 | 10 |" in words
    assert "| home | en | 95 | 100 | 95 | 100 | 0.000 | 0 | 0 | 3.0 s | 0.100 |" in words
    assert "| home | dz | 95 | 100 | 95 | 100 | 0.000 | 0 | 0 |  |  |" in words
