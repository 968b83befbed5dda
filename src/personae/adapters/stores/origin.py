"""Rows about where media from the web came from."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from sqlalchemy import Engine, Row, and_, delete, insert, select, update

from personae.adapters.stores.schema import media, origin, place
from personae.adapters.stores.sqlite import reading, writing
from personae.core.origin import Origin, Subtitle


class OriginRows:
    """What is known of media that were fetched; erasing a medium erases it too."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def note(self, path: Path, found: Origin) -> bool:
        """Keeps where the medium at ``path`` came from; False if nothing there is indexed.

        Its date of publication becomes the medium's date of capture if the file had none.
        """
        with writing(self._engine) as connection:
            number = connection.scalar(
                select(place.c.media).where(place.c.path == str(path.absolute()))
            )
            if number is None:
                return False
            same = and_(origin.c.media == number, origin.c.url == found.url)
            connection.execute(delete(origin).where(same))
            subtitles = [asdict(each) for each in found.subtitles]
            row = {**asdict(found), "media": number, "subtitles": subtitles}
            connection.execute(insert(origin), [row])
            if found.published_at is not None:
                undated = and_(media.c.id == number, media.c.captured_at.is_(None))
                dated = update(media).where(undated).values(captured_at=found.published_at)
                connection.execute(dated)
            return True

    def all(self) -> dict[int, Origin]:
        """The latest origin of each medium that has one, by the medium's number."""
        query = select(origin).order_by(origin.c.fetched_at, origin.c.id)
        with reading(self._engine) as connection:
            return {row.media: _record(row) for row in connection.execute(query)}


def _record(row: Row[tuple[object, ...]]) -> Origin:
    of = row._mapping
    return Origin(
        url=of["url"],
        title=of["title"],
        uploader=of["uploader"],
        published_at=of["published_at"],
        fetched_at=of["fetched_at"],
        subtitles=tuple(Subtitle(**each) for each in of["subtitles"]),
    )
