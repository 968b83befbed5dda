"""Quality of a view: each part falls when its own reason does, and one bad part spoils it all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.core.align import TEMPLATE
from personae.core.arrays import Crop
from personae.core.quality import Quality, judge

parts = st.floats(0, 1)
qualities = st.builds(Quality, parts, parts, parts, parts, parts, parts)
NAMES = ("size", "sharpness", "contrast", "light", "pose", "score")


def crop(mean: float = 128, spread: float = 45) -> Crop:
    grains = np.random.default_rng(0).normal(mean, spread, (112, 112, 1))
    return np.clip(np.repeat(grains, 3, 2), 0, 255).astype(np.uint8)


def soft() -> Crop:
    """Full of contrast, without any detail."""
    wave = 128 + 60 * np.sin(np.arange(112) / 12)
    return np.repeat(((wave[:, None] + wave[None, :]) / 2).astype(np.uint8)[:, :, None], 3, 2)


@given(qualities)
def test_the_total_lies_between_the_worst_and_the_best_part(quality: Quality) -> None:
    values = [max(getattr(quality, name), 0.01) for name in NAMES]
    assert min(values) - 1e-9 <= quality.total <= max(values) + 1e-9


@given(qualities, st.sampled_from(NAMES), parts)
def test_a_better_part_never_makes_a_worse_view(quality: Quality, name: str, value: float) -> None:
    other = replace(quality, **{name: value})
    better = value >= getattr(quality, name)
    assert (
        (other.total >= quality.total - 1e-12) if better else (other.total <= quality.total + 1e-12)
    )


@pytest.mark.parametrize("name", NAMES)
def test_one_useless_part_spoils_the_view(name: str) -> None:
    perfect = Quality(1, 1, 1, 1, 1, 1)
    assert perfect.total == pytest.approx(1)
    assert replace(perfect, **{name: 0.0}).total < 0.7


def test_a_good_view_is_good_in_every_part() -> None:
    quality = judge(crop(), TEMPLATE * 2, 0.95)
    assert min(quality.parts().values()) > 0.9
    assert list(quality.parts()) == list(NAMES)


@pytest.mark.parametrize(
    ("part", "worse"),
    [
        ("sharpness", judge(soft(), TEMPLATE * 2, 0.9)),
        ("contrast", judge(crop(spread=5), TEMPLATE * 2, 0.9)),
        ("light", judge(crop(mean=10), TEMPLATE * 2, 0.9)),
        ("light", judge(crop(mean=250), TEMPLATE * 2, 0.9)),
        ("size", judge(crop(), TEMPLATE / 4, 0.9)),
        ("pose", judge(crop(), TEMPLATE + np.float32([[0, 0]] * 2 + [[14, 0]] + [[0, 0]] * 2), 1)),
        ("score", judge(crop(), TEMPLATE * 2, 0.3)),
    ],
)
def test_each_part_falls_for_its_own_reason(part: str, worse: Quality) -> None:
    good = judge(crop(), TEMPLATE * 2, 0.9)
    assert getattr(worse, part) < 0.6 * getattr(good, part)
    assert worse.total < good.total


@given(st.integers(0, 255))
def test_a_plain_crop_is_judged_without_complaint(grey: int) -> None:
    quality = judge(np.full((112, 112, 3), grey, np.uint8), TEMPLATE, 0.9)
    assert quality.sharpness == quality.contrast == 0
    assert 0 < quality.total < 0.5
