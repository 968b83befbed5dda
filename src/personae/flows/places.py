"""What happens in zones, over lines, and on the whole floor: stays, crossings, a heat map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

import numpy as np

from personae.core.arrays import Doubles, Numbers
from personae.core.crowd import LineUse, ZoneUse
from personae.core.intervals import union
from personae.core.zones import Line, Zone, crossings, within
from personae.flows.standing import Stand

PAUSE_S = 1.0
"""Whoever leaves a zone, or goes back over a line, within so many seconds has not left, or gone."""
HEAT_COLUMNS = 64


def zone_use(zone: Zone, stands: Sequence[Stand], times: Doubles, step: float) -> ZoneUse:
    """Who was in a zone; a stay begins whether somebody walks in or appears there."""
    people, counted = np.zeros(len(times)), np.zeros(len(times), np.int64)
    stays: list[float] = []
    for one in stands:
        here = within(one.feet, zone.corners)
        people[one.moments[here]] += one.people[here]
        if one.counted:
            counted[one.moments[here]] += 1
            begins = times[one.moments[here]]
            spans = union(((t, t + step) for t in begins.tolist()), PAUSE_S)
            stays += [end - start for start, end in spans]
    return ZoneUse(
        zone=zone,
        mean=float(people.mean()) if len(people) else 0.0,
        most=int(counted.max(initial=0)),
        person_seconds=float(people.sum() * step),
        entries=len(stays),
        dwell_mean=sum(stays) / len(stays) if stays else 0.0,
        dwell_median=median(stays) if stays else 0.0,
        dwell_longest=max(stays, default=0.0),
    )


def line_use(line: Line, stands: Iterable[Stand], times: Doubles) -> LineUse:
    """Who went over a line; whoever comes straight back did not."""
    right = left = 0
    for one in stands:
        if one.counted:
            ways = _ways(one, line, times)
            right += sum(ways)
            left += len(ways) - sum(ways)
    return LineUse(line, right, left)


def _ways(one: Stand, line: Line, times: Doubles) -> list[bool]:
    """Crossings that lasted, True to the right."""
    kept: list[tuple[float, bool]] = []
    for cross in crossings(one.feet, line.points):
        at = float(times[one.moments[cross.step]])
        if kept and kept[-1][1] != cross.to_right and at - kept[-1][0] <= PAUSE_S:
            kept.pop()
        else:
            kept.append((at, cross.to_right))
    return [way for _, way in kept]


def heat(stands: Iterable[Stand], size: tuple[int, int], step: float) -> Numbers:
    """(rows, columns) person-seconds by where feet stood; feet below the edge stand on it."""
    width, height = size
    rows = max(round(HEAT_COLUMNS * height / width), 1)
    cells = np.zeros((rows, HEAT_COLUMNS), np.float64)
    for one in stands:
        x = np.clip(one.feet[:, 0] / width * HEAT_COLUMNS, 0, HEAT_COLUMNS - 1).astype(np.int64)
        y = np.clip(one.feet[:, 1] / height * rows, 0, rows - 1).astype(np.int64)
        np.add.at(cells, (y, x), one.people * step)
    return cells.astype(np.float32)
