"""Dissolves are told from cuts, pans, people who walk in, and noise; half is found to the frame."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from personae.core.arrays import Luma, Numbers
from personae.core.fades import coarse, fade_at

CHANCE = np.random.default_rng(3)
OLD, NEW = (CHANCE.uniform(20, 230, 220).astype(np.float32) for _ in range(2))


def film(shares: list[float], noise: float = 0.05) -> Numbers:
    """A film that shows so much of the new picture in each frame."""
    grain = np.random.default_rng(1).normal(0, noise, (len(shares), 220))
    mixed = [(1 - share) * OLD + share * NEW for share in shares]
    return (np.stack(mixed) + grain).astype(np.float32)


def dissolve(frames: int, before: int = 20, after: int = 20) -> list[float]:
    mixed = [(k + 1) / (frames + 1) for k in range(frames)]
    return [0.0] * before + mixed + [1.0] * after


@settings(deadline=None, max_examples=60)
@given(frames=st.integers(5, 60), where=st.floats(0.1, 0.9))
def test_half_of_a_dissolve_is_found_from_anywhere_in_it(frames: int, where: float) -> None:
    shares = dissolve(frames)
    fade = fade_at(film(shares), 20 + int(where * frames))
    assert fade is not None
    assert fade.half == next(k for k, share in enumerate(shares) if share >= 0.5)
    assert (fade.first, fade.last) == (19, 20 + frames)


def test_a_cut_is_no_dissolve() -> None:
    shares = [0.0] * 20 + [1.0] * 20
    assert all(fade_at(film(shares), at) is None for at in range(15, 25))


def test_where_nothing_happens_there_is_none() -> None:
    shares = dissolve(12)
    assert fade_at(film(shares), 5) is None
    assert fade_at(film([0.0] * 40, noise=1.0), 20) is None
    assert fade_at(film([0.0] * 2), 0) is None


def test_somebody_who_walks_in_is_no_dissolve() -> None:
    frames = np.full((60, 11, 20), 90, np.float32)
    for number in range(20, 45):
        frames[number, 2:, : (number - 20) // 3] = 200
    frames[45:, 2:, :8] = 200
    assert all(fade_at(frames.reshape(60, -1), at) is None for at in range(18, 48))


def test_a_pan_over_a_picture_is_no_dissolve() -> None:
    columns = np.linspace(0, 6 * np.pi, 400)
    scene = (120 + 60 * np.sin(columns) + 30 * np.sin(2.7 * columns)).astype(np.float32)
    frames = np.stack([np.tile(scene[2 * k : 2 * k + 20], 11) for k in range(120)])
    assert all(fade_at(frames, at) is None for at in range(5, 115))


@pytest.mark.parametrize("mover", [6, 12])
def test_movement_in_a_part_of_the_picture_does_not_hide_a_dissolve(mover: int) -> None:
    shares = dissolve(20)
    frames = film(shares).reshape(-1, 11, 20)
    for number in range(len(shares)):
        left = min(number // 3, 18)
        frames[number, :mover, left : left + 2] = 240 * (1 - shares[number])
    fade = fade_at(frames.reshape(len(shares), -1), 28)
    assert fade is not None
    assert abs(fade.half - next(k for k, share in enumerate(shares) if share >= 0.5)) <= 1


def test_coarse_pictures_are_means_of_cells() -> None:
    luma: Luma = np.arange(45 * 80, dtype=np.uint8).reshape(45, 80)
    made = coarse(luma)
    assert made.shape == (11 * 20,)
    assert made[21] == pytest.approx(luma[4:8, 4:8].mean())
