"""Cuts: found to the frame between different pictures, not in movement, dissolves or stillness."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.core.arrays import Luma
from personae.core.cuts import CutDetector, change, histogram_change, unchanged


def picture(seed: int, mean: float = 110, spread: float = 40) -> Luma:
    rng = np.random.default_rng(seed)
    cells = rng.normal(mean, spread, (9, 16))
    return np.clip(np.kron(cells, np.ones((5, 5))), 0, 255).astype(np.uint8)


def noisy(luma: Luma, seed: int, amount: float = 1.5) -> Luma:
    grain = np.random.default_rng(seed).normal(0, amount, luma.shape)
    return np.clip(luma + grain, 0, 255).astype(np.uint8)


def cuts(pictures: list[Luma]) -> list[int]:
    detector = CutDetector()
    return [i for i, luma in enumerate(pictures) if detector.is_cut(luma)]


seeds = st.integers(0, 10_000)


@given(seeds, seeds)
def test_change_is_a_distance(a: int, b: int) -> None:
    one, other = picture(a), picture(b, mean=80)
    assert change(one, one) == 0
    assert change(one, other) == change(other, one)
    assert 0 <= change(one, other) <= 255
    assert histogram_change(one, one) == 0
    assert 0 <= histogram_change(one, other) == histogram_change(other, one) <= 1


def test_change_of_black_to_white_is_all_there_is() -> None:
    black, white = np.zeros((45, 80), np.uint8), np.full((45, 80), 255, np.uint8)
    assert change(black, white) == 255 and histogram_change(black, white) == 1


def test_pictures_of_other_sizes_are_as_different_as_can_be() -> None:
    small = picture(0)[::2, ::2]
    assert change(picture(0), small) == 255.0
    assert not unchanged(picture(0), small)
    assert cuts([picture(0)] * 3 + [small] * 3) == [3]


@given(seeds)
def test_grain_is_no_change_but_a_face_one_sample_wide_is(seed: int) -> None:
    luma = picture(seed)
    moved = luma.copy()
    moved[20, 30] ^= 64
    assert unchanged(luma, luma)
    assert not unchanged(luma, moved)
    assert not unchanged(luma, np.clip(luma.astype(int) + 2, 0, 255).astype(np.uint8))


@pytest.mark.parametrize("at", [1, 2, 5, 30])
def test_a_hard_cut_is_found_to_the_frame(at: int) -> None:
    before = [noisy(picture(1, mean=90), i) for i in range(at)]
    after = [noisy(picture(2, mean=150), 100 + i) for i in range(20)]
    assert cuts(before + after) == [at]


def test_a_cut_in_one_studio_out_of_stillness_is_found() -> None:
    """The same brightness as a whole, only put elsewhere."""
    one = picture(3)
    other = np.ascontiguousarray(one[:, ::-1])
    assert histogram_change(one, other) == 0
    film = [noisy(one, i) for i in range(20)] + [noisy(other, 50 + i) for i in range(20)]
    assert cuts(film) == [20]


def test_a_bus_passing_is_no_cut() -> None:
    wide = np.concatenate([picture(seed) for seed in range(6)], 1)
    film = [np.ascontiguousarray(wide[:, 6 * i : 6 * i + 80]) for i in range(60)]
    assert change(film[0], film[1]) > CutDetector().least
    assert cuts(film) == []


def test_a_slow_dissolve_is_no_cut() -> None:
    a, b = picture(1, mean=90).astype(float), picture(2, mean=150).astype(float)
    film = [(a + (b - a) * min(max(i - 20, 0) / 25, 1)).astype(np.uint8) for i in range(70)]
    assert cuts(film) == []


def test_every_cut_of_many_is_found() -> None:
    film = [noisy(picture(i // 12, mean=70 + 60 * (i // 12 % 2)), i) for i in range(60)]
    assert cuts(film) == [12, 24, 36, 48]


def test_stillness_and_the_first_frame_are_no_cuts() -> None:
    assert cuts([picture(0)]) == []
    assert cuts([noisy(picture(0), i) for i in range(50)]) == []
