"""``evaluate crowd`` on a film made here: one person comes and goes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from personae.app.evaluating_crowd import crowd
from personae.app.settings import Settings
from personae.core.errors import SourceMissing, UsageError
from tests.shared import REPOSITORY

PORTRAIT = REPOSITORY / "src/personae/adapters/demo/portraits/obama.jpg"


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Ten frames a second: three seconds of somebody, three of nobody."""
    path = tmp_path / "film.gif"
    nobody = Image.new("RGB", (640, 480), (90, 110, 90))
    person = nobody.copy()
    person.paste(Image.open(PORTRAIT).resize((240, 300)), (200, 180))
    pictures = [person] * 30 + [nobody] * 30
    # A GIF's writer joins frames that are equal: a dot that moves keeps them apart
    marked = []
    for number, picture in enumerate(pictures):
        copy = picture.copy()
        copy.putpixel((number, 0), (255, 0, 0))
        marked.append(copy)
    marked[0].save(path, save_all=True, append_images=marked[1:], duration=100)
    return path


def truth(folder: Path, frames: int) -> Path:
    path = folder / "gt.txt"
    rows = [f"{frame},1,210,190,215,290,1,1,1\n" for frame in range(1, frames + 1)]
    path.write_text("".join(rows) + "60,9,1,1,5,5,0,1,1\n", encoding="utf-8")
    return path


def test_right_counts_have_no_error_and_wrong_ones_have(film: Path, tmp_path: Path) -> None:
    settings = Settings(library=tmp_path / "untouched", workers=1)
    report = crowd(film, truth(tmp_path, 30), settings)
    assert report.followed.frames == 60
    assert report.followed.truth == 0.5
    assert report.followed.mae <= 2 / 60
    assert report.people.mae <= 0.1
    assert set(report.held_out) == {2, 3, 5}
    assert not (tmp_path / "untouched").exists()
    wrong = crowd(film, truth(tmp_path, 60), settings, for_crowds=False)
    assert wrong.followed.mae == pytest.approx(0.5, abs=0.04)
    assert wrong.held_out == {}
    assert wrong.people == wrong.followed


def test_truth_of_another_size_and_no_truth_are_refused(film: Path, tmp_path: Path) -> None:
    settings = Settings(library=tmp_path, workers=1)
    with pytest.raises(SourceMissing):
        crowd(film, tmp_path / "none.txt", settings)
    far = tmp_path / "far.txt"
    far.write_text("1,1,1900,1900,200,200,1,1,1\n", encoding="utf-8")
    with pytest.raises(UsageError, match="lie outside the film"):
        crowd(film, far, settings)
