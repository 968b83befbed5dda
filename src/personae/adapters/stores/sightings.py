"""Rows about what was seen, read for clustering, search and reports."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Engine, RowMapping, Select, and_, func, select

from personae.adapters.stores.among import among
from personae.adapters.stores.packing import unpack_path, unpack_vectors
from personae.adapters.stores.schema import (
    belongs,
    crop,
    embedding,
    media,
    meta,
    run,
    shot,
    sighting,
    space,
)
from personae.adapters.stores.sqlite import reading
from personae.core.embedding import Space
from personae.core.records import FaceVector, Path, Sighting

VARIABLES = 500
"""Most values in one statement; SQLite takes some 32,000."""


_COLUMNS = (
    sighting,
    media.c.id.label("media"),
    media.c.base_num,
    media.c.base_den,
    belongs.c.person,
    belongs.c.by,
    belongs.c.score,
)


def _shown(*columns: object) -> Select[tuple[object, ...]]:
    """Sightings of shown runs, with who they belong to."""
    chosen: Select[tuple[object, ...]] = select(*columns)  # type: ignore[call-overload]
    return (
        chosen.select_from(sighting)
        .join(run, and_(run.c.id == sighting.c.run, run.c.state == "shown"))
        .join(media, media.c.id == run.c.media)
        .outerjoin(belongs, belongs.c.sighting == sighting.c.id)
    )


class SightingRows:
    """Fits the SightingStore socket."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(
        self, *, media_ids: Sequence[int] | None = None, person: int | None = None
    ) -> list[Sighting]:
        """Shown sightings, by medium and time; of these media or this person only if given."""
        query = _shown(*_COLUMNS).order_by(media.c.id, sighting.c.first, sighting.c.id)
        wanted = None if media_ids is None else set(media_ids)
        if wanted is not None and len(wanted) <= VARIABLES:
            query = query.where(media.c.id.in_(wanted))
        if person is not None:
            query = query.where(belongs.c.person == person)
        with reading(self._engine) as connection:
            rows = connection.execute(query).mappings()
            return [_sighting(row) for row in rows if wanted is None or row["media"] in wanted]

    def around(self, person: int) -> list[Sighting]:
        """A person's shown faces, the bodies that carry them, and all faces on those bodies."""
        mine = select(belongs.c.sighting).where(belongs.c.person == person)
        carried = select(sighting.c.body).where(
            sighting.c.id.in_(mine), sighting.c.body.is_not(None)
        )
        # Three questions, each by an index; joined by "or" they would read every sighting
        parts = (
            sighting.c.id.in_(mine),
            sighting.c.id.in_(carried),
            sighting.c.body.in_(carried),
        )
        found: dict[int, Sighting] = {}
        with reading(self._engine) as connection:
            for part in parts:
                rows = connection.execute(_shown(*_COLUMNS).where(part)).mappings()
                found |= {row["id"]: _sighting(row) for row in rows}
        return sorted(found.values(), key=lambda one: (one.media, one.first, one.id))

    def get(self, sighting_id: int) -> Sighting | None:
        """The shown sighting with this number."""
        query = _shown(*_COLUMNS).where(sighting.c.id == sighting_id)
        with reading(self._engine) as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else _sighting(row)

    def vectors(self, wanted: Space, persons: Collection[int] | None = None) -> list[FaceVector]:
        """Every shown face vector of a space; of these people only if given."""
        query = (
            _shown(
                sighting.c.id,
                sighting.c.first,
                sighting.c.last,
                sighting.c.quality,
                media.c.id.label("media"),
                belongs.c.person,
                belongs.c.by,
                embedding.c.vector,
                embedding.c.shots,
            )
            .join(embedding, embedding.c.sighting == sighting.c.id)
            .join(space, space.c.id == embedding.c.space)
            .where(
                space.c.model == wanted.model,
                space.c.weights == wanted.weights,
                space.c.size == wanted.size,
            )
            .order_by(sighting.c.id)
        )
        with reading(self._engine) as connection:
            rows = among(connection, query, belongs.c.person, persons)
        vectors = unpack_vectors([row.vector for row in rows], wanted.size)
        return [
            FaceVector(
                sighting=row.id,
                media=row.media,
                first=row.first,
                last=row.last,
                vector=vector,
                shots=row.shots,
                quality=row.quality,
                person=row.person,
                by=row.by,
            )
            for row, vector in zip(rows, vectors, strict=True)
        ]

    def path(self, sighting_id: int) -> Path | None:
        """Where a sighting was."""
        with reading(self._engine) as connection:
            query = _shown(sighting.c.path).where(sighting.c.id == sighting_id)
            data: bytes | None = connection.execute(query).scalars().first()  # type: ignore[assignment]
        return None if data is None else unpack_path(data)

    def best_crop(self, sightings: Iterable[int]) -> bytes | None:
        """JPEG of the best view of any of these sightings."""
        wanted = sorted(set(sightings))
        query = (
            _shown(shot.c.id, shot.c.quality)
            .join(shot, shot.c.sighting == sighting.c.id)
            .join(crop, crop.c.shot == shot.c.id)
            .order_by(shot.c.quality.desc(), shot.c.id)
            .limit(1)
        )
        with reading(self._engine) as connection:
            best: list[tuple[float, int]] = []
            for start in range(0, len(wanted), VARIABLES):
                part = sighting.c.id.in_(wanted[start : start + VARIABLES])
                best += [(-row.quality, row.id) for row in connection.execute(query.where(part))]
            if not best:
                return None
            return connection.scalar(select(crop.c.jpeg).where(crop.c.shot == min(best)[1]))

    def counts(self) -> dict[str, int]:
        """What was done in all shown runs together."""
        total: dict[str, int] = {}
        with reading(self._engine) as connection:
            rows = connection.execute(select(run.c.counts).where(run.c.state == "shown")).scalars()
            for row in rows:
                for name, number in row.items():
                    total[name] = total.get(name, 0) + number
        return total

    def spaces(self) -> list[Space]:
        """The spaces that shown vectors live in, the most used first."""
        query = (
            select(space.c.model, space.c.weights, space.c.size, func.count())
            .join(embedding, embedding.c.space == space.c.id)
            .join(sighting, sighting.c.id == embedding.c.sighting)
            .join(run, and_(run.c.id == sighting.c.run, run.c.state == "shown"))
            .group_by(space.c.id)
            .order_by(func.count().desc())
        )
        with reading(self._engine) as connection:
            return [Space(row[0], row[1], row[2]) for row in connection.execute(query)]

    def generation(self) -> int:
        """Grows whenever vectors come or go."""
        with reading(self._engine) as connection:
            found = connection.scalar(select(meta.c.value).where(meta.c.key == "generation"))
        return int(found or 0)


def _sighting(row: RowMapping) -> Sighting:
    unit = row["base_num"] / row["base_den"]
    return Sighting(
        id=row["id"],
        media=row["media"],
        kind=row["kind"],
        first=row["first"],
        last=row["last"],
        start=row["first"] * unit,
        end=row["last"] * unit,
        quality=row["quality"],
        body=row["body"],
        person=row["person"],
        by=row["by"],
        score=row["score"],
    )
