"""Reports of one library: which media and people go in, and which file comes out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from personae.adapters.render.options import PageOptions
from personae.adapters.stores.counted import counts_of_shown
from personae.adapters.stores.library import SqliteStore
from personae.app.publishing import render
from personae.app.report_files import Line, paper_file, presence_file
from personae.app.settings import Settings
from personae.core.errors import NothingIndexed, UnknownOption
from personae.core.records import Interval, Media, Person
from personae.flows.accuracy import with_error_bars
from personae.flows.coverage import unseen, with_unseen
from personae.flows.figures import By, FilmPresence, Presence, ScreenTime
from personae.flows.groups import Comparison, Group, Groups, Per, compare, per_group
from personae.flows.report import presence, screen_time
from personae.flows.together import Together, together

Made = ScreenTime | Groups | Comparison | Presence | Together
"""Every report there is."""


class Reporting:
    """Reads the library and makes reports of it.

    Args:
        store: its rows.
        settings: the tolerance for breaks, and the accuracy that error bars are made of.
        known: gives everybody's appearances.
    """

    def __init__(
        self, store: SqliteStore, settings: Settings, known: Callable[[], list[Interval]]
    ) -> None:
        self._store = store
        self._settings = settings
        self._known = known

    def scope(self, collection: str | None = None, medium: int | None = None) -> list[Media]:
        """The media of a collection, or all; only one of them, if it is named by its number.

        Raises:
            NothingIndexed: there are none.
        """
        media = self._store.media.shown()
        kept = [m for m in media if collection is None or m.collection == collection]
        kept = [m for m in kept if medium is None or m.id == medium]
        if not kept:
            what = "nothing" if collection is None else f"no collection {collection!r}"
            what = what if medium is None else f"no medium {medium} here"
            raise NothingIndexed(f"the library holds {what} for this report")
        return kept

    def named(self, name: str) -> list[Media]:
        """The media that a collection's name, a path or a file's name stands for.

        Raises:
            NothingIndexed: it stands for none.
            UnknownOption: it is the name of several files.
        """
        media = self._store.media.shown()
        whole = str(Path(name).expanduser().absolute())
        for fits in (
            [m for m in media if m.path == whole],
            [m for m in media if m.collection == name],
        ):
            if fits:
                return fits
        alike = [m for m in media if Path(m.path).name == name]
        if len(alike) > 1:
            raise UnknownOption(f"{len(alike)} files are called {name}", "Give the whole path.")
        if not alike:
            raise NothingIndexed(f"{name} is no collection of the library and no file in it")
        return alike

    def screen_time(
        self, by: By = "person", collection: str | None = None, medium: int | None = None
    ) -> ScreenTime:
        """Seconds on screen by person or by gender as tagged."""
        return self._counted(self.scope(collection, medium), by)

    def per(
        self,
        per: Per,
        by: By = "person",
        collection: str | None = None,
        medium: int | None = None,
    ) -> Groups:
        """The same for each medium, collection, month or year."""
        scope = self.scope(collection, medium)
        return per_group(scope, per, by, lambda media: self._counted(media, by))

    def compare(self, a: str, b: str, by: By = "person") -> Comparison:
        """Two collections side by side."""
        one, two = (Group(name, self._counted(self.scope(name), by)) for name in (a, b))
        return compare(one, two)

    def presence(
        self, by: By = "person", collection: str | None = None, medium: int | None = None
    ) -> Presence:
        """Who is there when, film by film; ``by`` gender, lanes have their gender's colour."""
        return self._presence(self.scope(collection, medium), by)

    def together(
        self, by: By = "person", collection: str | None = None, medium: int | None = None
    ) -> Together:
        """Who is on screen with whom."""
        return self._together(self.scope(collection, medium), by)

    def page(self, name: str, date: str = "") -> bytes:
        """Everything about one film, photo or collection as one HTML page."""
        from personae.adapters.render.paper_page import paper_html
        from personae.app.papers import whole_paper

        media = self.named(name)
        lanes = self._presence(media, "person")
        title = media[0].collection if len(media) > 1 else Path(media[0].path).name
        options = PageOptions(title=title or name, date=date, thumbnails=self._faces(lanes.report))
        pairs = self._together(media, "person")
        gender = self._counted(media, "gender")
        return paper_html(whole_paper(lanes.report, gender, lanes.films, pairs, options)).encode()

    def rows(self, media: Collection[int] | None = None) -> list[Line]:
        """Every appearance, tidy: one line each with person, medium, seconds and PTS.

        Args:
            media: numbers of the media; None for all.
        """
        shown = {m.id: m for m in self._store.media.shown() if media is None or m.id in media}
        people = {p.id: p for p in self._people().values() if p.kind != "hidden"}
        known = [one for one in self._known() if one.media in shown and one.person in people]
        return [_line(one, people[one.person], shown[one.media]) for one in known]

    def parquet(self, media: Collection[int] | None = None) -> bytes:
        """`rows` as a Parquet file.

        Raises:
            ExtraMissing: pyarrow is not installed.
        """
        from personae.adapters.render.parquet import parquet_bytes

        return parquet_bytes(self.rows(media))

    def render(self, made: Made, form: str, *, title: str = "", date: str = "") -> bytes:
        """Any of these reports as csv, json, html, png or svg; screen time as parquet too.

        Raises:
            UnknownOption: there is no such format for it.
        """
        if isinstance(made, Groups | Comparison | Together):
            return paper_file(made, title, form)
        if form == "parquet":
            return self.parquet({film.media for film in _of(made).media})
        faces = self._faces(_of(made)) if form == "html" else {}
        if isinstance(made, Presence):
            options = PageOptions(
                title=title or "Presence", date=date, thumbnails=faces, bars=False
            )
            return presence_file(made, options, form)
        chosen = {film.media for film in made.media}
        lanes = self._lanes([m for m in self._store.media.shown() if m.id in chosen])
        options = PageOptions(title=title or "Screen time", date=date, thumbnails=faces)
        return render(made, lanes, options, form)

    def _counted(self, media: Sequence[Media], by: By) -> ScreenTime:
        people, known = self._people(), self._within(media)
        plain = screen_time(known, people, media, by=by, gap=self._settings.gap_s)
        faces = self._store.sightings.all(media_ids=[m.id for m in media])
        left = unseen(known, faces, people, media, counts_of_shown(self._store.engine))
        return with_unseen(with_error_bars(plain, self._settings.report), left)

    def _presence(self, media: Sequence[Media], by: By) -> Presence:
        return Presence(self._counted(media, by), self._lanes(media))

    def _lanes(self, media: Sequence[Media]) -> tuple[FilmPresence, ...]:
        return presence(self._within(media), self._people(), media, gap=self._settings.gap_s)

    def _together(self, media: Sequence[Media], by: By) -> Together:
        report = screen_time(
            self._within(media), self._people(), media, by="person", gap=self._settings.gap_s
        )
        return together(report, by=by)

    def _within(self, media: Sequence[Media]) -> list[Interval]:
        chosen = {m.id for m in media}
        return [one for one in self._known() if one.media in chosen]

    def _people(self) -> dict[int, Person]:
        return {p.id: p for p in self._store.people.all()}

    def _faces(self, report: ScreenTime) -> dict[int, bytes]:
        found = {}
        for row in report.rows:
            if row.person is not None:
                mine = [s.id for s in self._store.sightings.all(person=row.person)]
                crop = self._store.sightings.best_crop(mine)
                if crop is not None:
                    found[row.person] = crop
        return found


def _of(made: ScreenTime | Presence) -> ScreenTime:
    return made.report if isinstance(made, Presence) else made


def _line(one: Interval, who: Person, medium: Media) -> Line:
    return {
        "person": who.label,
        "person_id": who.id,
        "gender": who.gender,
        "medium": one.path,
        "medium_id": one.media,
        "collection": medium.collection,
        "start_s": one.start,
        "end_s": one.end,
        "first_pts": one.first,
        "last_pts": one.last,
        "base": f"{medium.base_num}/{medium.base_den}",
        "known_by": one.known_by,
        "confidence": one.confidence,
    }
