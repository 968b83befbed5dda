"""Manual work hangs on content (which file, when, where), so that later runs find it again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, select

from personae.adapters.stores.packing import as_ids, unpack_path
from personae.adapters.stores.schema import media, run, sighting
from personae.core.arrays import Ids
from personae.core.geometry import iou

SAME_PLACE = 0.3
"""Least overlap of an anchor's box with a sighting's box at the same time."""
SLACK_S = 0.5
"""A sighting that begins or ends this near an anchor's time may be meant when none is there."""
TRAIL = (0.5, 0.2, 0.8)
"""Where along its path a sighting is anchored, the middle first."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in a medium that says which sighting is meant, whatever its row number."""

    sha256: str
    kind: str
    pts: int
    box: tuple[float, float, float, float]

    def as_json(self) -> dict[str, object]:
        """For keeping."""
        return {"sha256": self.sha256, "kind": self.kind, "pts": self.pts, "box": list(self.box)}

    @staticmethod
    def from_json(data: Mapping[str, object]) -> Anchor:
        """What ``as_json`` made."""
        x1, y1, x2, y2 = (float(v) for v in data["box"])  # type: ignore[attr-defined]
        return Anchor(
            str(data["sha256"]), str(data["kind"]), int(str(data["pts"])), (x1, y1, x2, y2)
        )


def anchors_of(connection: Connection, sightings: Iterable[int]) -> dict[int, Anchor]:
    """The anchor of each sighting: the middle of its path."""
    return {key: trail[0] for key, trail in trails_of(connection, sightings).items()}


def trails_of(connection: Connection, sightings: Iterable[int]) -> dict[int, list[Anchor]]:
    """Several anchors along each sighting's path, the middle first."""
    wanted = list(sightings)
    found: dict[int, list[Anchor]] = {}
    for start in range(0, len(wanted), 500):
        query = (
            select(sighting.c.id, sighting.c.kind, sighting.c.path, media.c.sha256)
            .join(run, run.c.id == sighting.c.run)
            .join(media, media.c.id == run.c.media)
            .where(sighting.c.id.in_(wanted[start : start + 500]))
        )
        for row in connection.execute(query):
            path = unpack_path(row.path)
            trail: dict[int, Anchor] = {}
            for share in TRAIL:
                place = int(len(path.times) * share)
                x1, y1, x2, y2 = (round(float(v), 2) for v in path.boxes[place])
                pts = int(path.times[place])
                trail.setdefault(place, Anchor(row.sha256, row.kind, pts, (x1, y1, x2, y2)))
            found[row.id] = list(trail.values())
    return found


@dataclass(frozen=True, slots=True)
class _Film:
    """When the sightings of one kind in one medium are; ``slack`` in the medium's time units."""

    ids: Ids
    first: Ids
    last: Ids
    slack: int


class Resolver:
    """Finds the sightings that anchors mean in what is shown now.

    Args:
        connection: of the transaction.
        run_id: looks only in this run, shown or not; None looks in all that is shown.
    """

    def __init__(self, connection: Connection, run_id: int | None = None) -> None:
        self._connection = connection
        self._run = run_id
        self._films: dict[tuple[str, str], _Film] = {}

    def find(self, anchor: Anchor) -> int | None:
        """The sighting at the anchor, None if there is none now."""
        film = self._film(anchor)
        pts = anchor.pts
        near = (film.first - film.slack <= pts) & (pts < film.last + film.slack)
        box = np.array([anchor.box], np.float32)
        best, best_fit = None, (False, SAME_PLACE)
        for row in np.flatnonzero(near):
            sighting_id = int(film.ids[row])
            query = select(sighting.c.path).where(sighting.c.id == sighting_id)
            path = unpack_path(self._connection.execute(query).scalar_one())
            here = np.array(
                [[np.interp(pts, path.times, path.boxes[:, k]) for k in range(4)]], np.float32
            )
            overlap = float(iou(box, here)[0, 0])
            fit = (bool(film.first[row] <= pts < film.last[row]), overlap)
            if overlap > SAME_PLACE and fit > best_fit:
                best, best_fit = sighting_id, fit
        return best

    def _film(self, anchor: Anchor) -> _Film:
        key = (anchor.sha256, anchor.kind)
        if key not in self._films:
            which = run.c.state == "shown" if self._run is None else run.c.id == self._run
            query = (
                select(
                    sighting.c.id,
                    sighting.c.first,
                    sighting.c.last,
                    media.c.base_num,
                    media.c.base_den,
                )
                .join(run, run.c.id == sighting.c.run)
                .join(media, media.c.id == run.c.media)
                .where(media.c.sha256 == anchor.sha256, sighting.c.kind == anchor.kind, which)
                .order_by(sighting.c.id)
            )
            rows = self._connection.execute(query).all()
            self._films[key] = _Film(
                as_ids([row.id for row in rows]),
                as_ids([row.first for row in rows]),
                as_ids([row.last for row in rows]),
                int(SLACK_S * rows[0].base_den / rows[0].base_num) if rows else 0,
            )
        return self._films[key]
