"""Tracks that begin or end in a dissolve are cut where it is half done."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from personae.core.arrays import Luma
from personae.core.track import Track
from personae.flows.fading import Fading

CHANCE = np.random.default_rng(8)
OLD, NEW = (CHANCE.uniform(20, 230, (45, 80)) for _ in range(2))
TICK = 10
HALF = 25 * TICK
"""A dissolve over the frames 20 to 29: the new picture has 6/11 in frame 25."""


def luma(frame: int) -> Luma:
    share = min(max((frame - 19) / 11, 0.0), 1.0)
    return np.asarray((1 - share) * OLD + share * NEW, dtype=np.uint8)


def watched(cut: int | None = None) -> Fading:
    fading = Fading()
    for frame in range(60):
        if frame == cut:
            fading.cut(frame * TICK)
        fading.note(frame * TICK, luma(frame))
    return fading


def track(first: int, last: int, *, opened: bool = False, closed: bool = False) -> Track:
    times = np.arange(first, last, 4, dtype=np.int64) * TICK
    boxes = np.tile(np.array([10, 10, 50, 60], np.float32), (len(times), 1))
    return Track(
        1, "face", Fraction(1, 250), first * TICK, last * TICK, times, boxes,
        opened=opened, closed=closed,
    )  # fmt: skip


@pytest.mark.parametrize("seen_until", [22, 24, 27, 29])
def test_who_fades_out_is_gone_when_half_is_done(seen_until: int) -> None:
    settled = watched().settled(track(4, seen_until))
    assert settled is not None
    assert (settled.first, settled.last) == (4 * TICK, HALF)
    assert settled.times[-1] < HALF and len(settled.times) == len(settled.boxes)


@pytest.mark.parametrize("seen_from", [21, 24, 27, 30])
def test_who_fades_in_is_there_when_half_is_done(seen_from: int) -> None:
    settled = watched().settled(track(seen_from, 55))
    assert settled is not None
    assert (settled.first, settled.last) == (HALF, 55 * TICK)


def test_two_faces_that_shine_through_each_other_are_nobody() -> None:
    assert watched().settled(track(21, 29)) is None


def ends(one: Track | None) -> tuple[int, int] | None:
    return None if one is None else (one.first, one.last)


def test_ends_outside_of_a_fade_at_cuts_and_at_borders_stay() -> None:
    away = track(4, 14)
    assert ends(watched().settled(away)) == ends(away)
    at_cut = track(24, 55)
    assert ends(watched(cut=24).settled(at_cut)) == ends(at_cut)
    going_on = track(24, 55, opened=True)
    assert ends(watched().settled(going_on)) == ends(going_on)
    assert ends(watched().settled(track(24, 70))) == (HALF, 70 * TICK)


def test_a_film_that_changes_its_shape_fades_from_nothing() -> None:
    fading = watched()
    fading.note(60 * TICK, luma(59)[:, :40])
    one = track(24, 55)
    assert ends(fading.settled(one)) == ends(one)
