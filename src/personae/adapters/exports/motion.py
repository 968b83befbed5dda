"""Where somebody is over time: followed boxes joined, thinned out, and read at any moment."""

from __future__ import annotations

import numpy as np

from personae.adapters.exports.film import FilmExport, OnScreen
from personae.core.arrays import Boxes, Ids
from personae.core.records import Interval, Path


def boxes_at(path: Path, times: Ids) -> Boxes:
    """(N, 4) boxes at N times in PTS, drawn straight between the nearest known ones."""
    columns = [np.interp(times, path.times, path.boxes[:, k]) for k in range(4)]
    return np.stack(columns, axis=1).astype(np.float32)


def course(film: FilmExport, who: OnScreen, interval: Interval) -> Path | None:
    """The boxes of a person from the start to the end of an interval; None where none is known.

    Those of the face; of the body where only the body vouches for them. Between two sightings the
    box goes straight from one to the other.
    """
    kind = "body" if interval.known_by == "body" else "face"
    times: list[Ids] = []
    boxes: list[Boxes] = []
    for track in film.tracks:
        if track.owner is None or track.owner.person.id != who.person.id:
            continue
        seen = track.sighting
        if seen.kind == kind and seen.first < interval.last and interval.first < seen.last:
            times.append(track.path.times)
            boxes.append(track.path.boxes)
    if not times:
        return None
    joined, places = np.unique(np.concatenate(times), return_index=True)
    known = Path(joined, np.concatenate(boxes)[places])
    inner = joined[(joined > interval.first) & (joined < interval.last)]
    wanted = np.array([interval.first, *inner, interval.last], np.int64)
    return Path(wanted, boxes_at(known, wanted))


def thinned(path: Path, tolerance: float) -> Path:
    """The fewest moments from which no box comes out wrong by more than ``tolerance`` pixels.

    Ramer-Douglas-Peucker over time (Douglas and Peucker 1973): a stretch is halved at its worst
    moment until straight lines are good enough.
    """
    keep = {0, len(path.times) - 1}
    todo = [(0, len(path.times) - 1)]
    while todo:
        first, last = todo.pop()
        if last - first < 2:
            continue
        ends = Path(path.times[[first, last]], path.boxes[[first, last]])
        drawn = boxes_at(ends, path.times[first : last + 1])
        wrong = np.abs(drawn - path.boxes[first : last + 1]).max(axis=1)
        worst = first + int(wrong.argmax())
        if wrong.max() > tolerance:
            keep.add(worst)
            todo += [(first, worst), (worst, last)]
    chosen = sorted(keep)
    return Path(path.times[chosen], path.boxes[chosen])
