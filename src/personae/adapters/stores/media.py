"""Rows about media: one a content, however many places it lies at."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from sqlalchemy import Connection, Engine, Row, and_, delete, exists, insert, or_, select, update

from personae.adapters.stores.generation import bump_generation
from personae.adapters.stores.person_changes import note_changed, owners_in
from personae.adapters.stores.schema import constraint, media, pin, place, run
from personae.adapters.stores.sqlite import now_ms, reading, writing
from personae.core.errors import SourceUnsupported
from personae.core.frame import SourceInfo
from personae.core.records import Media


def media_record(row: Row[tuple[object, ...]]) -> Media:
    """A row of the table media as a record."""
    of = row._mapping
    return Media(
        id=of["id"],
        sha256=of["sha256"],
        path=of["path"],
        kind=of["kind"],
        width=of["width"],
        height=of["height"],
        base_num=of["base_num"],
        base_den=of["base_den"],
        duration=of["length"] * of["base_num"] / of["base_den"],
        collection=of["collection"],
        captured_at=of["captured_at"],
        fps=of["fps"],
    )


class MediaRows:
    """Fits the MediaStore socket."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, path: Path, sha256: str, info: SourceInfo, collection: str | None) -> Media:
        """The medium with this content, made if it is new; its place is noted."""
        wanted = select(media).where(media.c.sha256 == sha256)
        with writing(self._engine) as connection:
            row = connection.execute(wanted).first()
            if row is None:
                connection.execute(insert(media), [_new(path, sha256, info, collection)])
                row = connection.execute(wanted).one()
            elif not Path(row.path).exists():
                moved = update(media).where(media.c.id == row.id).values(path=_text(path))
                connection.execute(moved)
            _note_place(connection, row.id, path)
            return media_record(connection.execute(wanted).one())

    def done_at(self, path: Path, settings: str) -> bool:
        """Whether the very file at this place was analysed with these settings; nothing is read."""
        state = path.stat()
        finished = exists().where(
            and_(run.c.media == media.c.id, run.c.settings == settings, run.c.state == "shown")
        )
        query = (
            select(media.c.id)
            .join(place, place.c.media == media.c.id)
            .where(
                place.c.path == _text(path),
                place.c.bytes == state.st_size,
                place.c.mtime_ns == state.st_mtime_ns,
                finished,
            )
        )
        with reading(self._engine) as connection:
            return connection.execute(query).first() is not None

    def by_sha(self, sha256: str) -> Media | None:
        """The medium with this content."""
        with reading(self._engine) as connection:
            row = connection.execute(select(media).where(media.c.sha256 == sha256)).first()
        return None if row is None else media_record(row)

    def get(self, media_id: int) -> Media | None:
        """The medium with this number."""
        with reading(self._engine) as connection:
            row = connection.execute(select(media).where(media.c.id == media_id)).first()
        return None if row is None else media_record(row)

    def shown(self) -> list[Media]:
        """All media with a finished analysis, by path."""
        finished = exists().where(and_(run.c.media == media.c.id, run.c.state == "shown"))
        with reading(self._engine) as connection:
            rows: Sequence[Row[tuple[object, ...]]] = connection.execute(
                select(media).where(finished).order_by(media.c.path, media.c.id)
            ).all()
        return [media_record(row) for row in rows]

    def set_length(self, media_id: int, length: int) -> None:
        """What turned out to be the end, in PTS."""
        with writing(self._engine) as connection:
            connection.execute(update(media).where(media.c.id == media_id).values(length=length))

    def remove(self, media_id: int) -> None:
        """Forgets a medium and all that was found or said about it."""
        with writing(self._engine) as connection:
            sha256 = connection.scalar(select(media.c.sha256).where(media.c.id == media_id))
            note_changed(connection, owners_in(connection, media_id))
            connection.execute(delete(media).where(media.c.id == media_id))
            connection.execute(delete(pin).where(pin.c.sha256 == sha256))
            said = or_(
                *(c["sha256"].as_string() == sha256 for c in (constraint.c.a, constraint.c.b))
            )
            connection.execute(delete(constraint).where(said))
            bump_generation(connection)


def _new(path: Path, sha256: str, info: SourceInfo, collection: str | None) -> dict[str, object]:
    base = info.base
    length = 0 if info.still else round(Fraction(info.duration or 0) / base)
    return {
        "sha256": sha256,
        "path": _text(path),
        "kind": "photo" if info.still else "camera" if info.live else "film",
        "bytes": path.stat().st_size,
        "width": info.width,
        "height": info.height,
        "base_num": base.numerator,
        "base_den": base.denominator,
        "length": length,
        "fps": info.fps,
        "captured_at": info.captured_at,
        "collection": collection,
        "added_at": now_ms(),
    }


def _text(path: Path) -> str:
    """The whole path; SourceUnsupported for names that are no Unicode, which no table can hold."""
    text = str(path.absolute())
    try:
        text.encode()
    except UnicodeEncodeError as failure:
        said = text.encode("utf-8", "backslashreplace").decode()
        raise SourceUnsupported(
            f"the name {said} is not valid Unicode", "Rename the file or its folder."
        ) from failure
    return text


def _note_place(connection: Connection, media_id: int, path: Path) -> None:
    state = path.stat()
    where = _text(path)
    connection.execute(delete(place).where(place.c.path == where))
    # What lay here before lies elsewhere, if anywhere
    others = connection.execute(
        select(media.c.id).where(media.c.path == where, media.c.id != media_id)
    ).scalars()
    for other in list(others):
        elsewhere = connection.scalar(
            select(place.c.path).where(place.c.media == other).order_by(place.c.id).limit(1)
        )
        if elsewhere is not None:
            connection.execute(update(media).where(media.c.id == other).values(path=elsewhere))
    connection.execute(
        insert(place),
        [
            {
                "media": media_id,
                "path": where,
                "bytes": state.st_size,
                "mtime_ns": state.st_mtime_ns,
            }
        ],
    )
