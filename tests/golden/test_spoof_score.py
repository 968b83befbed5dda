"""A user's own network that tells faces from pictures of them: what it is shown, how it is read."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from personae.adapters.models.add_card import read_card
from personae.adapters.models.cards import load_cards, weights_path
from personae.adapters.models.onnx import Session
from personae.adapters.models.spoof_score import SpoofScore
from personae.app.build import session
from personae.app.living import spoof_network
from personae.core.arrays import Crops, Numbers
from personae.core.errors import ModelError, UsageError, WeightsCorrupt, WeightsMissing
from tests.golden.inputs import noise

CARD = """
[mine-v1]
task = "spoof"
file = "net.onnx"
licence = "CC0-1.0"
origin = "me"
context = 2.0
live = 0
input = { name = "images", height = 32, width = 32, layout = "NCHW", colour = "RGB", \
mean = [0.0, 0.0, 0.0], std = [255, 255, 255] }
outputs = ["probabilities"]
thresholds = { live = { value = 0.5, source = "a guess" } }
"""


class Fake:
    """Fits what of a session is used."""

    def __init__(self, *rows: list[float]) -> None:
        self._rows = np.array(rows, np.float32)

    def run(self, first: Numbers) -> dict[str, Numbers]:
        return {"probabilities": self._rows[: len(first)]}


@pytest.fixture
def card_file(tmp_path: Path) -> Path:
    """A shipped network of two classes, described as if it told faces from pictures."""
    shutil.copyfile(weights_path(load_cards()["gender-v1"]), tmp_path / "net.onnx")
    (tmp_path / "card.toml").write_text(CARD, "utf-8")
    return tmp_path / "card.toml"


def faces(count: int) -> Crops:
    return np.stack([noise(32, seed) for seed in range(count)])


def network(card_file: Path, *rows: list[float]) -> SpoofScore:
    return SpoofScore(cast(Session, Fake(*rows)), read_card(card_file))


def test_the_class_that_the_card_names_is_read(card_file: Path) -> None:
    card = read_card(card_file)
    crops = faces(5)
    told = spoof_network(card_file).read(crops)
    pixels = np.ascontiguousarray(crops.transpose(0, 3, 1, 2), np.float32) / 255
    plain = session(card, "cpu").run(pixels)["probabilities"][:, 0]
    assert told.shape == (5,) and np.ptp(told) > 0
    np.testing.assert_allclose(told, plain, atol=1e-5)
    (card_file.parent / "card.toml").write_text(CARD.replace("live = 0", "live = 1"), "utf-8")
    np.testing.assert_allclose(spoof_network(card_file).read(crops), 1 - plain, atol=1e-5)


def test_answers_that_are_no_probabilities_are_made_some(card_file: Path) -> None:
    crops = faces(2)
    assert network(card_file, [0.25, 0.75], [1, 0]).read(crops).tolist() == [0.25, 1.0]
    told = network(card_file, [2.0, 0.0, -1.0], [0.0, 900.0, 0.0]).read(crops)
    assert told.tolist() == pytest.approx([np.e**2 / (np.e**2 + 1 + np.e**-1), 0.0])


def test_it_is_shown_the_face_with_what_is_around_it(card_file: Path) -> None:
    """Columns and rows of the picture are its colours, so that a crop says where it was cut."""
    picture = np.zeros((200, 300, 3), np.uint8)
    picture[..., 0], picture[..., 1] = np.arange(300) // 2, np.arange(200)[:, None]
    own = network(card_file)

    def cut(*box: float) -> tuple[int, int, int, int]:
        crop = own.cut(picture, np.array(box, np.float32)).astype(int)
        assert crop.shape == (32, 32, 3)
        return 2 * crop[0, 0, 0], crop[0, 0, 1], 2 * crop[-1, -1, 0], crop[-1, -1, 1]

    # Twice as wide and as high about its middle; stretched to a square
    assert cut(120, 80, 160, 140) == pytest.approx((100, 50, 180, 170), abs=4)
    # At an edge it is moved into the picture, not cut off
    assert cut(0, 0, 40, 60) == pytest.approx((0, 0, 80, 120), abs=4)
    assert cut(280, 180, 320, 220) == pytest.approx((220, 120, 300, 200), abs=4)
    # It never becomes larger than the picture
    assert cut(50, 20, 250, 180) == pytest.approx((26, 0, 274, 199), abs=6)
    assert cut(10, 10, 10, 10) == pytest.approx((10, 10, 12, 12), abs=4)


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ('task = "spoof"', 'task = "emotion"', ModelError),
        ("height = 32, width = 32", "height = 0, width = 0", ModelError),
        ("{ live = ", "{ other = ", UsageError),
        ('file = "net.onnx"', 'file = "none.onnx"', WeightsMissing),
        ("context", f'sha256 = "{"0" * 64}"\ncontext', WeightsCorrupt),
        ('origin = "me"', "", ModelError),
    ],
)
def test_a_card_that_does_not_fit_says_so(
    card_file: Path, old: str, new: str, error: type[Exception]
) -> None:
    assert old in CARD
    card_file.write_text(CARD.replace(old, new), "utf-8")
    with pytest.raises(error):
        spoof_network(card_file)


def test_a_class_that_is_not_there_is_a_mistake_of_the_card(card_file: Path) -> None:
    card_file.write_text(CARD.replace("live = 0", "live = 2"), "utf-8")
    with pytest.raises(ModelError, match="no class 2"):
        spoof_network(card_file).read(faces(1))
