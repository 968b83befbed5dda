"""Rows of cameras: one medium each, one run that is always shown and grows piece by piece."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict

from sqlalchemy import Engine, insert, select, update

from personae.adapters.stores.expiring import Expired, forget_seen, numbers_of
from personae.adapters.stores.generation import bump_generation
from personae.adapters.stores.media import media_record
from personae.adapters.stores.runs import insert_segment, jpegs_of
from personae.adapters.stores.schema import media, run
from personae.adapters.stores.sqlite import now_ms, writing
from personae.core.arrays import Crop
from personae.core.records import Media
from personae.core.segment import Segment


class PresenceRows:
    """What cameras saw. Times are milliseconds from the camera's first day in the library on.

    Args:
        engine: of the library.
        jpeg: turns a crop into the bytes that are kept.
    """

    def __init__(self, engine: Engine, jpeg: Callable[[Crop], bytes]) -> None:
        self._engine = engine
        self._jpeg = jpeg

    def camera(self, name: str, size: tuple[int, int], since: int) -> Media:
        """The medium of a camera, made when it is first seen; its times count from ``since``."""
        sha256 = hashlib.sha256(f"camera:{name}".encode()).hexdigest()
        wanted = select(media).where(media.c.sha256 == sha256)
        with writing(self._engine) as connection:
            row = connection.execute(wanted).first()
            if row is None:
                connection.execute(insert(media), [_new(name, sha256, size, since)])
                row = connection.execute(wanted).one()
                values = {
                    "media": row.id,
                    "settings": "camera",
                    "state": "shown",
                    "segments": 0,
                    "counts": {},
                    "started_at": now_ms(),
                }
                connection.execute(insert(run), [values])
            return media_record(row)

    def keep(self, camera: Media, segment: Segment, until: int) -> list[int]:
        """Adds a piece; all of it or nothing.

        Args:
            camera: its medium.
            segment: its tracks, times counted from the camera's beginning.
            until: the end of the piece.

        Returns:
            The sightings of its face tracks, in their order.
        """
        jpegs = jpegs_of(segment, self._jpeg)
        with writing(self._engine) as connection:
            row = connection.execute(select(run).where(run.c.media == camera.id)).one()
            made = insert_segment(connection, row.id, segment, jpegs)
            counts = asdict(segment.counts)
            total = {name: n + row.counts.get(name, 0) for name, n in counts.items()}
            connection.execute(
                update(run)
                .where(run.c.id == row.id)
                .values(segments=row.segments + 1, counts=total, finished_at=now_ms())
            )
            connection.execute(update(media).where(media.c.id == camera.id).values(length=until))
            bump_generation(connection)
        return made

    def forget_before(self, moment: int) -> Expired:
        """Deletes what cameras saw before a moment, in milliseconds since 1970, bit by bit.

        People with a name stay, and stay known by their best face; see `forget_seen`.
        """
        return forget_seen(self._engine, moment)

    def numbers_of(self, person: int) -> frozenset[int]:
        """The number of a person, and those of everybody who was merged into them."""
        return numbers_of(self._engine, person)


def _new(name: str, sha256: str, size: tuple[int, int], since: int) -> Mapping[str, object]:
    return {
        "sha256": sha256,
        "path": f"camera:{name}",
        "kind": "camera",
        "bytes": 0,
        "width": size[0],
        "height": size[1],
        "base_num": 1,
        "base_den": 1000,
        "length": 0,
        "fps": None,
        "captured_at": since,
        "collection": None,
        "added_at": now_ms(),
    }
