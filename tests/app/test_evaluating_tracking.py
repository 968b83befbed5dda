"""Tracks of given and of found boxes against truth: scales, rates, and what never was confirmed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from personae.adapters.demo import FilmSettings, Scene, make_film
from personae.app.evaluating_tracking import TrackingOptions, TrackingReport, tracking
from personae.app.settings import Settings
from personae.core.errors import SourceError, UsageError
from tests.shared import shared_file

FRAMES = 50


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of nobody, 320x240 at 25 frames a second."""
    path = tmp_path_factory.mktemp("film") / "empty.mp4"
    make_film(path, (Scene(FRAMES),), FilmSettings(width=320, height=240))
    return path


def rows(size: tuple[int, int] = (320, 240), *, noise: bool = False) -> str:
    """Two people walking on their own lines; with ``noise`` a box that is seen once only."""
    width, height = size
    lines = []
    for frame in range(1, FRAMES + 1):
        for person, top in ((1, 0.1), (2, 0.55)):
            left = 1 + width * (0.05 + 0.01 * frame)
            lines.append(
                f"{frame},{person},{left:.2f},{1 + top * height:.2f},"
                f"{0.12 * width:.2f},{0.3 * height:.2f},1,1,1\n"
            )
    if noise:
        lines.append(f"20,-1,{0.8 * width},{0.1 * height},{0.1 * width},{0.3 * height},0.5\n")
    return "".join(lines)


def followed(
    folder: Path,
    texts: tuple[str, str],
    options: TrackingOptions | None = None,
    video: Path | None = None,
) -> TrackingReport:
    truth, boxes = folder / "gt.txt", folder / "det.txt"
    truth.write_text(texts[0], encoding="utf-8")
    boxes.write_text(texts[1], encoding="utf-8")
    settings = Settings(library=folder, workers=1)
    return tracking(video, truth, settings, options or TrackingOptions(), boxes)


def test_given_boxes_alone_are_followed(tmp_path: Path) -> None:
    data = followed(tmp_path, (rows(), rows())).as_json()
    assert (data["hota"], data["idf1"], data["mota"]) == pytest.approx((1, 1, 1))
    assert (data["id_switches"], data["looked_at"]) == (0, FRAMES)


def test_a_track_that_was_never_confirmed_is_not_told(tmp_path: Path) -> None:
    report = followed(tmp_path, (rows(), rows(noise=True)))
    assert len(report.tracks) == 2 * FRAMES
    assert report.score.clear.fp == 0


def test_boxes_come_back_in_the_truths_own_pixels(tmp_path: Path, film: Path) -> None:
    large = (1280, 960)
    report = followed(tmp_path, (rows(large), rows(large)), TrackingOptions(large), film)
    assert report.as_json()["hota"] == pytest.approx(1, abs=1e-3)
    first = report.tracks.boxes[report.tracks.frames == 1]
    wanted = 1 + np.array([0.06 * 1280, 0.1 * 960, 0.18 * 1280, 0.4 * 960])
    np.testing.assert_allclose(first[np.argmin(first[:, 1])], wanted, atol=0.05)


def test_a_truth_of_another_size_is_doubted(tmp_path: Path, film: Path) -> None:
    texts = rows((1280, 960)), rows((1280, 960))
    with pytest.raises(UsageError, match="outside the film of 320x240") as told:
        followed(tmp_path, texts, None, film)
    assert "--truth-size" in told.value.hint


def test_at_a_lower_rate_the_truth_in_between_is_left_out(tmp_path: Path, film: Path) -> None:
    report = followed(tmp_path, (rows(), rows()), TrackingOptions(fps=5), film)
    assert report.looked_at == 10
    assert set(report.tracks.frames.tolist()) == set(range(1, 51, 5))
    assert report.score.clear.fn == 0 and report.score.clear.tp == 20


def test_our_detector_finds_nobody_where_nobody_is(tmp_path: Path, film: Path) -> None:
    (tmp_path / "gt.txt").write_text(rows(), encoding="utf-8")
    settings = Settings(library=tmp_path, workers=1)
    report = tracking(film, tmp_path / "gt.txt", settings, TrackingOptions(fps=2))
    assert report.as_json()["detector"] != "given boxes"
    assert (report.score.clear.tp, report.score.clear.fn) == (0, 8)


def test_without_film_and_boxes_there_is_nothing_to_follow(tmp_path: Path) -> None:
    (tmp_path / "gt.txt").write_text(rows(), encoding="utf-8")
    settings = Settings(library=tmp_path)
    with pytest.raises(UsageError, match="nothing to follow"):
        tracking(None, tmp_path / "gt.txt", settings, TrackingOptions())
    with pytest.raises(SourceError):
        tracking(None, tmp_path / "none.txt", settings, TrackingOptions())


def test_tud_campus_is_no_worse_than_it_was(tmp_path: Path) -> None:
    folder = shared_file("data/mot/TUD-Campus")
    settings = Settings(library=tmp_path)
    data = tracking(None, folder / "gt.txt", settings, TrackingOptions(), folder / "det.txt")
    score = data.as_json()
    # Measured: HOTA 0.515, IDF1 0.735, MOTA 0.574
    assert float(str(score["hota"])) > 0.50
    assert float(str(score["idf1"])) > 0.70
