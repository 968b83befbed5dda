"""``evaluate blink`` and ``evaluate spoof``: their contracts, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from personae.adapters.demo.cast import picture
from personae.app.evaluating_blink import blink
from personae.app.evaluating_spoof import spoof
from personae.app.settings import Settings
from personae.core.errors import SourceMissing, UsageError
from tests.app.test_evaluating_commands import run


def series(folder: Path) -> Path:
    """Two blinks, of which one is too shallow to be found."""
    lows = {**dict.fromkeys(range(40, 46), 0.05), **dict.fromkeys(range(80, 84), 0.26)}
    lines = [f"{n},{lows.get(n, 0.3)},{int(n in lows)}" for n in range(120)]
    lines[100] = "100,,0"
    (folder / "series.csv").write_text("\n".join(["frame,ear,blink", *lines]), encoding="utf-8")
    return folder / "series.csv"


def test_blink_says_what_the_contract_says(tmp_path: Path) -> None:
    data = json.loads(run("blink", series(tmp_path), "--json"))
    assert (data["precision"], data["recall"]) == (1.0, 0.5)
    assert data["f1"] == pytest.approx(2 / 3)
    assert "0.667" in run("blink", series(tmp_path))


def test_a_slower_series_needs_its_rate(tmp_path: Path) -> None:
    assert blink(series(tmp_path), Settings(), fps=2.0).score.right == 0
    with pytest.raises(UsageError):
        blink(series(tmp_path), Settings(), fps=0.0)


def test_blink_refuses_what_it_cannot_score(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match="blinks_by_eye"):
        blink(tmp_path, Settings())
    (tmp_path / "blinks_by_eye.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(UsageError, match="columns"):
        blink(tmp_path, Settings())
    (tmp_path / "blinks_by_eye.csv").write_text(
        "video,start_frame,end_frame\ngone.mp4,1,2\n", encoding="utf-8"
    )
    with pytest.raises(SourceMissing, match=r"gone\.mp4"):
        blink(tmp_path, Settings())


def test_spoof_tells_both_rates_with_their_intervals(tmp_path: Path) -> None:
    photo = Image.fromarray(picture("collins")).resize((320, 320))
    for name in ("ImposterRaw/0001/0001_00_08_01_1", "ClientRaw/0001/0001_00_00_01_1"):
        (tmp_path / name).parent.mkdir(parents=True)
        photo.save(tmp_path / f"{name}.jpg")
    data = json.loads(run("spoof", tmp_path, "--json"))
    still = data["attacks"]["printed photo, still (08)"]
    assert (still["apcer"], still["presentations"]) == (0.0, 1)
    assert still["interval"][1] == pytest.approx(0.793, abs=0.001)
    assert data["bona_fide"]["living face, single photos in turn"]["bpcer"] == 1.0
    assert "not tested to ISO/IEC 30107-3" in run("spoof", tmp_path)


def test_spoof_refuses_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match="ImposterRaw"):
        spoof(tmp_path, Settings())
