"""Every model through its adapter answers what the plain network answers, in RGB and only so."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from personae.adapters.models.cards import load_cards
from tests.golden.inputs import FOLDER
from tests.golden.readings import READERS, read, red_and_blue_swapped

EXPECTED: dict[str, dict[str, list[object]]] = json.loads(
    (FOLDER / "expected.json").read_text("utf-8")
)

# Wide enough for the rounding of other processors, and less than half of what swapped channels do.
# 8 bits are looser: without VNNI, products are added up with saturation.
TOLERANCES: dict[str, dict[str, float]] = {
    "yunet-2023mar": {"boxes": 1.0, "scores": 0.01, "landmarks": 1.0},
    "sface-2021dec": {"vectors": 0.01},
    "mobilefacenet-192": {"vectors": 0.01},
    "nanodet-g": {"boxes": 1.0, "scores": 0.01},
    "nanodet-g-int8": {"boxes": 5.0, "scores": 0.04},
    "facemesh-468": {"points": 0.3, "presence": 0.001},
    "iris-64": {"contour": 0.15, "iris": 0.15, "openness": 0.004},
    "age-v1": {"years": 0.5},
    "gender-v1": {"female": 0.005},
    "emotion-mini-xception": {"shares": 0.02},
}


def differences(name: str, found: Mapping[str, NDArray[np.float32]]) -> dict[str, str]:
    """The columns that are not as expected, and in what."""
    wrong: dict[str, str] = {}
    for column, limit in TOLERANCES[name].items():
        wanted = np.array(EXPECTED[name][column])
        got = found[column]
        if got.shape != wanted.shape:
            wrong[column] = f"shape {got.shape}, expected {wanted.shape}"
        elif not np.abs(got - wanted).max() <= limit:
            wrong[column] = f"off by {np.abs(got - wanted).max():.4g}, allowed {limit}"
    return wrong


def test_every_card_has_golden_vectors() -> None:
    names = set(load_cards())
    assert names == set(EXPECTED) == set(TOLERANCES) == set(READERS)
    for name in names:
        assert set(TOLERANCES[name]) == set(EXPECTED[name])
        assert all(np.size(column) for column in EXPECTED[name].values()), name


@pytest.mark.parametrize("name", sorted(TOLERANCES))
def test_adapter_answers_what_the_network_answers(name: str) -> None:
    assert differences(name, read(name)) == {}


@pytest.mark.parametrize("name", sorted(TOLERANCES))
def test_swapped_channels_are_noticed(name: str) -> None:
    assert differences(name, read(name, red_and_blue_swapped)) != {}


@pytest.mark.parametrize("name", ["sface-2021dec", "mobilefacenet-192"])
def test_vectors_are_of_length_one_and_of_the_card_s_width(name: str) -> None:
    vectors = read(name)["vectors"]
    assert vectors.shape == (4, load_cards()[name].width)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_what_is_read_is_true_of_the_people() -> None:
    """The golden faces are a man born in 1942, a woman and a smiling man, in this order."""
    female = read("gender-v1")["female"]
    assert female[0] < 0.1 < 0.9 < female[1]
    assert female[2] < 0.1
    years = read("age-v1")["years"]
    assert years[0] > 60 > years[1]
    assert read("emotion-mini-xception")["shares"][2, 3] > 0.9
    assert len(read("yunet-2023mar")["boxes"]) == 3


def test_left_eye_is_the_one_further_left_in_the_picture() -> None:
    marks = read("yunet-2023mar")["landmarks"]
    assert (marks[:, 0, 0] < marks[:, 1, 0]).all()
    assert (marks[:, 3, 0] < marks[:, 4, 0]).all()
    assert (marks[:, :2, 1].max(1) < marks[:, 3:, 1].min(1)).all()
