"""Zones and lines: stays, crossings that last, and where the floor is warm."""

from __future__ import annotations

import numpy as np
import pytest

from personae.core.zones import Line, Zone
from personae.flows.crowd import STEP
from personae.flows.places import heat, line_use, zone_use
from personae.flows.standing import Stand, standing
from tests.flows.crowds import walk

TIMES = np.arange(100, dtype=np.float64) * STEP
DOOR = Zone("door", np.array([[200, 0], [400, 0], [400, 480], [200, 480]], np.float64))
GATE = Line("gate", np.array([[300, 480], [300, 0]], np.float64))


def stands(*feet: tuple[tuple[float, float], tuple[float, float]]) -> list[Stand]:
    return standing([walk(n, (2, 12), way) for n, way in enumerate(feet, 1)], TIMES)


def test_walking_through_is_one_stay() -> None:
    use = zone_use(DOOR, stands(((100, 300), (500, 300)), ((50, 300), (150, 300))), TIMES, STEP)
    assert (use.entries, use.most) == (1, 1)
    assert use.dwell_mean == use.dwell_longest == pytest.approx(use.person_seconds)
    assert use.person_seconds == pytest.approx(5, abs=0.3)
    assert use.mean == pytest.approx(use.person_seconds / 20)


def test_feet_at_the_lower_edge_are_in_a_zone_that_ends_there() -> None:
    use = zone_use(DOOR, stands(((300, 480), (300, 480))), TIMES, STEP)
    assert use.entries == 1


def test_coming_back_later_is_another_stay() -> None:
    feet = [(100, 300)] * 5 + [(250, 300)] * 10 + [(100, 300)] * 20 + [(250, 300)] * 5
    feet += [(100, 300)] * 4 + [(250, 300)] * 5  # away for less than a second
    times = np.arange(len(feet), dtype=np.float64) * STEP
    boxes = np.array([[x - 20, y - 90, x + 20, y] for x, y in feet], np.float32)
    trace = walk(1, (0, len(feet) * STEP))
    moved = type(trace)(1, 1, "body", 0.0, len(feet) * STEP, times, boxes, 0.9)
    use = zone_use(DOOR, standing([moved], times), times, STEP)
    assert use.entries == 2
    assert use.dwell_mean == pytest.approx((10 * STEP + 14 * STEP) / 2)


def test_nobody_in_a_zone_leaves_zeros() -> None:
    use = zone_use(DOOR, stands(((50, 300), (150, 300))), TIMES, STEP)
    assert (use.entries, use.most, use.mean, use.dwell_median) == (0, 0, 0, 0)


def test_lines_tell_directions_apart() -> None:
    right, left = ((100, 300), (500, 300)), ((500, 300), (100, 300))
    use = line_use(GATE, stands(right, right, left, ((400, 300), (500, 300))), TIMES)
    assert (use.to_right, use.to_left) == (2, 1)


def test_swaying_on_the_line_is_no_crossing() -> None:
    feet = [(290 if n % 2 else 310, 300) for n in range(20)]
    times = np.arange(20, dtype=np.float64) * STEP
    boxes = np.array([[x - 20, y - 90, x + 20, y] for x, y in feet], np.float32)
    trace = type(walk(1, (0, 4)))(1, 1, "body", 0.0, 4.0, times, boxes, 0.9)
    use = line_use(GATE, standing([trace], times), times)
    # Starts right and ends left: what is left over is that one way
    assert (use.to_right, use.to_left) == (0, 1)


def test_heat_lies_where_feet_stood() -> None:
    warm = heat(stands(((320, 240), (320, 240))), (640, 480), STEP)
    assert warm.shape == (48, 64)
    assert int(warm.argmax()) == 23 * 64 + 32
    assert float(warm.sum()) == pytest.approx(10)
    below = heat(stands(((320, 999), (320, 999))), (640, 480), STEP)
    assert int(below.sum(1).argmax()) == 47
