"""Rows about analyses: a hidden run grows segment by segment and then replaces the former one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from personae.adapters.stores.carry import carry_over
from personae.adapters.stores.generation import bump_generation
from personae.adapters.stores.packing import pack_path, pack_vector
from personae.adapters.stores.person_changes import note_changed, owners_in
from personae.adapters.stores.schema import (
    crop,
    embedding,
    media,
    run,
    shot,
    sighting,
    space,
)
from personae.adapters.stores.sqlite import now_ms, reading, writing
from personae.adapters.stores.stitch import stitch
from personae.core.arrays import Crop
from personae.core.embedding import Space
from personae.core.errors import StoreError
from personae.core.records import Path, Run
from personae.core.segment import Segment
from personae.core.track import Track


class RunRows:
    """Fits the RunStore socket.

    Args:
        engine: of the library.
        jpeg: turns a crop into the bytes that are kept.
    """

    def __init__(self, engine: Engine, jpeg: Callable[[Crop], bytes]) -> None:
        self._engine = engine
        self._jpeg = jpeg

    def begin(self, media_id: int, settings: str) -> Run:
        """The hidden run to go on with; half-done work of other settings is dropped."""
        with writing(self._engine) as connection:
            mine = (run.c.media == media_id) & (run.c.state == "hidden")
            connection.execute(delete(run).where(mine, run.c.settings != settings))
            row = connection.execute(select(run).where(mine)).first()
            if row is not None:
                return Run(row.id, media_id, settings, "hidden", row.segments)
            made = connection.execute(
                insert(run).returning(run.c.id),
                [
                    {
                        "media": media_id,
                        "settings": settings,
                        "state": "hidden",
                        "segments": 0,
                        "counts": {},
                        "started_at": now_ms(),
                    }
                ],
            ).scalar_one()
        return Run(made, media_id, settings, "hidden", 0)

    def shown(self, media_id: int, settings: str) -> bool:
        """Whether a finished analysis with these settings is what the library shows."""
        query = select(run.c.id).where(
            run.c.media == media_id, run.c.settings == settings, run.c.state == "shown"
        )
        with reading(self._engine) as connection:
            return connection.execute(query).first() is not None

    def keep(self, run_id: int, segment: Segment) -> None:
        """Adds a finished segment; all of it or nothing, and once however often it is called.

        Raises:
            StoreError: the run is gone: another analysis of the same content took its place.
        """
        jpegs = jpegs_of(segment, self._jpeg)
        with writing(self._engine) as connection:
            row = _run(connection, run_id)
            if row.state != "hidden" or row.segments > segment.number:
                return
            insert_segment(connection, run_id, segment, jpegs)
            counts = asdict(segment.counts)
            total = {name: n + row.counts.get(name, 0) for name, n in counts.items()}
            connection.execute(
                update(run)
                .where(run.c.id == run_id)
                .values(segments=segment.number + 1, counts=total)
            )

    def finish(self, run_id: int, length: int | None, room: int) -> dict[str, int]:
        """Shows the run in place of the former one, in one transaction; answers its counts.

        Args:
            run_id: the hidden run.
            length: the film's end in PTS as it turned out, None to leave what is known.
            room: views kept of a track, for those that went over a segment's end.

        Raises:
            StoreError: the run is gone: another analysis of the same content took its place.
        """
        with writing(self._engine) as connection:
            row = _run(connection, run_id)
            # Another worker may have met the same content at another place and been quicker
            if row.state == "hidden":
                if row.segments > 1:
                    stitch(connection, run_id, room)
                carry_over(connection, run_id, row.media)
                _show(connection, run_id, row.media)
            if length is not None:
                connection.execute(
                    update(media).where(media.c.id == row.media).values(length=length)
                )
            found = connection.execute(
                select(sighting.c.kind).where(sighting.c.run == run_id)
            ).scalars()
            kinds = list(found)
        faces, bodies = kinds.count("face"), kinds.count("body")
        return {**row.counts, "face_tracks": faces, "body_tracks": bodies}

    def discard(self, run_id: int) -> None:
        """Drops a run that gave nothing, and its medium if it has no other.

        What is shown stays: another worker may have finished the run at another place.
        """
        hidden = (run.c.id == run_id) & (run.c.state == "hidden")
        with writing(self._engine) as connection:
            media_id = connection.scalar(select(run.c.media).where(hidden))
            if media_id is None:
                return
            connection.execute(delete(run).where(hidden))
            left = connection.scalar(select(run.c.id).where(run.c.media == media_id).limit(1))
            if left is None:
                connection.execute(delete(media).where(media.c.id == media_id))


def jpegs_of(segment: Segment, jpeg: Callable[[Crop], bytes]) -> dict[int, bytes]:
    """The crops of a segment as they are kept; made before other writers have to wait."""
    return {id(s): jpeg(s.crop) for t in segment.tracks for s in t.shots if s.crop is not None}


def insert_segment(
    connection: Connection, run_id: int, segment: Segment, jpegs: dict[int, bytes]
) -> list[int]:
    """Rows for all tracks of a segment; the ids of its faces in their order."""
    bodies = [t for t in segment.tracks if t.kind == "body"]
    ids = _insert_tracks(connection, run_id, segment.number, bodies, {})
    numbers = {t.number: i for t, i in zip(bodies, ids, strict=True)}
    faces = [t for t in segment.tracks if t.kind == "face"]
    ids = _insert_tracks(connection, run_id, segment.number, faces, numbers)
    for track, sighting_id in zip(faces, ids, strict=True):
        _insert_shots(connection, sighting_id, track, jpegs)
        _insert_vector(connection, sighting_id, track)
    return ids


def _run(connection: Connection, run_id: int) -> Row[tuple[object, ...]]:
    row = connection.execute(select(run).where(run.c.id == run_id)).first()
    if row is None:
        raise StoreError(
            f"analysis {run_id} is gone: another one of the same content took its place",
            "Nothing is lost; run the command again if the other one used other settings.",
        )
    return row


def _insert_shots(
    connection: Connection, sighting_id: int, track: Track, jpegs: dict[int, bytes]
) -> None:
    if not track.shots:
        return
    rows = [
        {
            "sighting": sighting_id,
            "pts": s.pts,
            "box": [round(float(v), 2) for v in s.box],
            "landmarks": None
            if s.landmarks is None
            else [[round(float(x), 2), round(float(y), 2)] for x, y in s.landmarks],
            "quality": round(s.quality.total, 5),
            "parts": s.quality.parts(),
        }
        for s in track.shots
    ]
    ids = connection.execute(
        insert(shot).returning(shot.c.id, sort_by_parameter_order=True), rows
    ).scalars()
    crops = [
        {"shot": shot_id, "jpeg": jpegs[id(s)]}
        for shot_id, s in zip(ids, track.shots, strict=True)
        if id(s) in jpegs
    ]
    if crops:
        connection.execute(insert(crop), crops)


def _show(connection: Connection, run_id: int, media_id: int) -> None:
    note_changed(connection, owners_in(connection, media_id))
    connection.execute(delete(run).where(run.c.media == media_id, run.c.id != run_id))
    connection.execute(
        update(run).where(run.c.id == run_id).values(state="shown", finished_at=now_ms())
    )
    bump_generation(connection)


def _insert_tracks(
    connection: Connection,
    run_id: int,
    segment: int,
    tracks: Sequence[Track],
    bodies: dict[int, int],
) -> list[int]:
    if not tracks:
        return []
    rows = [
        {
            "run": run_id,
            "segment": segment,
            "number": t.number,
            "kind": t.kind,
            "first": t.first,
            "last": t.last,
            "path": pack_path(Path(t.times, t.boxes)),
            "quality": round(t.quality, 5),
            "opened": t.opened,
            "closed": t.closed,
            "body": None if t.body is None else bodies.get(t.body),
        }
        for t in tracks
    ]
    made = connection.execute(
        insert(sighting).returning(sighting.c.id, sort_by_parameter_order=True), rows
    )
    return list(made.scalars())


def _insert_vector(connection: Connection, sighting_id: int, track: Track) -> None:
    if track.vector is None or track.space is None:
        return
    connection.execute(
        insert(embedding),
        [
            {
                "sighting": sighting_id,
                "space": space_id(connection, track.space),
                "vector": pack_vector(track.vector),
                "shots": len(track.shots),
            }
        ],
    )


def space_id(connection: Connection, wanted: Space) -> int:
    """The number of a space, noted if it is new."""
    query = select(space.c.id).where(
        space.c.model == wanted.model,
        space.c.weights == wanted.weights,
        space.c.size == wanted.size,
    )
    found: int | None = connection.scalar(query)
    if found is None:
        values = {"model": wanted.model, "weights": wanted.weights, "size": wanted.size}
        made = connection.execute(insert(space).returning(space.c.id), [values])
        found = int(made.scalar_one())
    return found
