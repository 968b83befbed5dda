"""Manual work hangs on content (which file, when, where), so that later runs find it again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, delete, insert, or_, select

from personae.adapters.stores.packing import unpack_path
from personae.adapters.stores.schema import belongs, media, person, pin, run, sighting
from personae.core.geometry import iou

SAME_PLACE = 0.3
"""Least overlap of an anchor's box with a sighting's box at the same time."""


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
    wanted = list(sightings)
    found: dict[int, Anchor] = {}
    for start in range(0, len(wanted), 500):
        query = (
            select(sighting.c.id, sighting.c.kind, sighting.c.path, media.c.sha256)
            .join(run, run.c.id == sighting.c.run)
            .join(media, media.c.id == run.c.media)
            .where(sighting.c.id.in_(wanted[start : start + 500]))
        )
        for row in connection.execute(query):
            path = unpack_path(row.path)
            middle = len(path.times) // 2
            x1, y1, x2, y2 = (round(float(v), 2) for v in path.boxes[middle])
            pts = int(path.times[middle])
            found[row.id] = Anchor(row.sha256, row.kind, pts, (x1, y1, x2, y2))
    return found


class Resolver:
    """Finds the sightings that anchors mean in what is shown now.

    Args:
        connection: of the transaction.
        run_id: looks only in this run, shown or not; None looks in all that is shown.
    """

    def __init__(self, connection: Connection, run_id: int | None = None) -> None:
        self._connection = connection
        self._run = run_id
        self._runs: dict[str, list[int]] = {}

    def find(self, anchor: Anchor) -> int | None:
        """The sighting at the anchor, None if there is none now."""
        best, best_fit = None, SAME_PLACE
        box = np.array([anchor.box], np.float32)
        query = select(sighting.c.id, sighting.c.path).where(
            sighting.c.run.in_(self._runs_of(anchor.sha256)),
            sighting.c.kind == anchor.kind,
            sighting.c.first <= anchor.pts,
            sighting.c.last > anchor.pts,
        )
        for row in self._connection.execute(query.order_by(sighting.c.id)):
            path = unpack_path(row.path)
            here = np.array(
                [[np.interp(anchor.pts, path.times, path.boxes[:, k]) for k in range(4)]],
                np.float32,
            )
            fit = float(iou(box, here)[0, 0])
            if fit > best_fit:
                best, best_fit = int(row.id), fit
        return best

    def _runs_of(self, sha256: str) -> list[int]:
        if sha256 not in self._runs:
            which = run.c.state == "shown" if self._run is None else run.c.id == self._run
            query = (
                select(run.c.id)
                .join(media, media.c.id == run.c.media)
                .where(media.c.sha256 == sha256, which)
            )
            self._runs[sha256] = list(self._connection.execute(query).scalars())
        return self._runs[sha256]


def carry_over(connection: Connection, run_id: int, media_id: int) -> None:
    """Gives the new run's sightings to the people the former run's were given to.

    By hand first (pins), then whatever named, tagged or hidden people had without a pin; people
    that only a clustering made are found anew.
    """
    resolver = Resolver(connection, run_id)
    given: dict[int, dict[str, object]] = {}
    former = (
        select(belongs)
        .join(sighting, sighting.c.id == belongs.c.sighting)
        .join(run, run.c.id == sighting.c.run)
        .join(person, person.c.id == belongs.c.person)
        .where(
            run.c.media == media_id,
            run.c.id != run_id,
            or_(person.c.kind != "auto", person.c.gender != "Unknown", belongs.c.by == "hand"),
        )
        .order_by(belongs.c.id)
    )
    rows = connection.execute(former).all()
    anchors = anchors_of(connection, [row.sighting for row in rows])
    for row in rows:
        found = resolver.find(anchors[row.sighting])
        if found is not None:
            given[found] = {"person": row.person, "by": row.by, "score": row.score}
    for found, person_id, by in pinned(connection, media_id, resolver):
        given[found] = {"person": person_id, "by": by, "score": None}
    if given:
        values = [{"sighting": sighting_id, **row} for sighting_id, row in given.items()]
        connection.execute(delete(belongs).where(belongs.c.sighting.in_(list(given))))
        connection.execute(insert(belongs), values)


def pinned(
    connection: Connection, media_id: int, resolver: Resolver
) -> list[tuple[int, int, str]]:
    """(sighting, person, by) of the pins in a medium; later pins win."""
    query = (
        select(pin)
        .join(media, media.c.sha256 == pin.c.sha256)
        .where(media.c.id == media_id)
        .order_by(pin.c.id)
    )
    found = []
    for row in connection.execute(query):
        x1, y1, x2, y2 = row.box
        sighting_id = resolver.find(Anchor(row.sha256, row.kind, row.pts, (x1, y1, x2, y2)))
        if sighting_id is not None:
            found.append((sighting_id, row.person, row.by))
    return found
