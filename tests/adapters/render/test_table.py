"""CSV holds the report's numbers, and no text that a spreadsheet would run."""

from __future__ import annotations

import csv
import io

import pytest

from personae.adapters.render.table import appearances_csv, csv_text
from personae.flows.report import By
from tests.adapters.render.sample import HOSTILE, report


def parsed(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("by", ["person", "gender"])
def test_the_numbers_come_back(by: By) -> None:
    told = report(by)
    lines = parsed(csv_text(told))
    assert len(lines) == len(told.rows) == 4
    for line, row in zip(lines, told.rows, strict=True):
        for name in ("seconds", "share", "face_share", "longest"):
            assert float(line[name]) == pytest.approx(getattr(row, name), abs=1e-6)
        assert float(line["first"]) == pytest.approx(row.first, abs=1e-6)
        assert int(line["appearances"]) == row.appearances
        assert int(line["photos"]) == row.photos
        assert line["person"] == ("" if row.person is None else str(row.person))
        assert (line["by"], float(line["gap"])) == (by, 0.5)
        assert float(line["total_seconds"]) == told.total_seconds


def test_every_appearance_has_a_line() -> None:
    told = report()
    lines = parsed(appearances_csv(told))
    spells = [one for row in told.rows for one in row.intervals]
    assert len(lines) == len(spells) == 5
    for line, one in zip(lines, spells, strict=True):
        assert float(line["start"]) == pytest.approx(one.start, abs=1e-6)
        assert float(line["end"]) == pytest.approx(one.end, abs=1e-6)
        assert (int(line["media"]), line["known_by"]) == (one.media, one.known_by)


def test_names_are_text_and_not_formulas() -> None:
    names = [line["key"] for line in parsed(csv_text(report()))]
    assert HOSTILE in names
    assert "'=cmd|' /C calc'!A0" in names
    assert not [name for name in names if name.startswith(("=", "+", "-", "@"))]
