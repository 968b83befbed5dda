"""The library that people import: everything Personae does, on one object."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from personae.adapters.models.calibrated import load_calibration
from personae.adapters.models.crops import OpenCvCutter
from personae.adapters.queues.sqlite import SqliteQueue
from personae.adapters.stores.library import SqliteStore
from personae.app.build import choose
from personae.app.crew import Crew
from personae.app.crowding import Scope, crowd
from personae.app.cutting import Cutting
from personae.app.enrolment import Enrolled, Enrolment
from personae.app.exporting import Exported, export
from personae.app.exporting_formats import ExportOptions
from personae.app.exporting_records import Told, Who
from personae.app.finding import Finding, Found
from personae.app.indexing import Failure, Indexing, Summary, Watch, files_below
from personae.app.regions import Regions
from personae.app.reporting import Made, Reporting
from personae.app.settings import Settings
from personae.app.suggesting import Suggestion, suggestions
from personae.app.web_media import bring, note_origins, split_addresses
from personae.core.calibration import Calibration
from personae.core.crowd import CrowdReport
from personae.core.errors import NothingIndexed, UnknownOption
from personae.core.intervals import Span, length
from personae.core.origin import Origin
from personae.core.records import Act, Interval, Job, Media, Person, Sighting
from personae.flows.appearances import intervals
from personae.flows.cluster import Grouping, cluster
from personae.flows.crowd import CrowdOptions
from personae.flows.people import Verbs
from personae.flows.report import ScreenTime


class Library:
    """One library of films and photos, in one folder.

    Args:
        settings: everything that can be chosen.
        create: make the library if it is not there.

    Raises:
        LibraryMissing: it is not there and ``create`` is False.
        StoreError: it cannot be opened.
    """

    def __init__(self, settings: Settings, *, create: bool = True) -> None:
        self.settings = settings
        self.folder = settings.library.expanduser().absolute()
        self._store = SqliteStore(self.folder, OpenCvCutter().jpeg, create=create)
        rows = self._store
        self._verbs = Verbs(rows.people, rows.acts, rows.sightings, rows.together)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the files."""
        self._store.close()

    @cached_property
    def store(self) -> SqliteStore:
        """The rows behind it, for those who build on it."""
        return self._store

    @cached_property
    def calibration(self) -> Calibration:
        """What scores of the face model mean."""
        return load_calibration(choose(self.settings.face_model).space)

    def index(
        self,
        paths: Iterable[Path | str],
        *,
        recursive: bool = True,
        collection: str | None = None,
        group: bool = True,
        watch: Watch = lambda jobs, total: None,
        crew: Crew | None = None,
    ) -> Summary:
        """Analyses films and photos; what was done before is skipped, what was begun is resumed.

        Args:
            paths: files, folders, and addresses of the web, whose films are fetched first.
            recursive: look into folders below.
            collection: a name for these media together (a programme, a year).
            group: group the faces by person at the end.
            watch: is told several times a second how things go.
            crew: of workers that were started early; without one they are started now.
        """
        addresses, local = split_addresses(paths)
        brought = bring(self.folder, addresses, self.settings.web, watch)
        named = [] if brought.cancelled else [*local, *brought.files]
        files, failed = files_below(named, recursive=recursive)
        observe = self.settings.observe
        fingerprint = observe.fingerprint(choose(self.settings.face_model).names())
        work = Indexing(self._store, self.folder, self.settings, fingerprint, watch, crew or Crew())
        # Until people are grouped; whoever is killed before leaves it to the next call
        due = self.folder / "grouping.due"
        left = due.exists()
        due.touch()
        summary = work.run(files, collection)
        gone = [Failure(at, e.code, e.message, e.hint) for at, e in brought.failed]
        summary.failed[:0] = [*failed, *gone]
        summary.cancelled = summary.cancelled or brought.cancelled
        note_origins(self._store.origins, brought)
        if group and (left or summary.indexed) and not observe.anonymous:
            self.cluster()
            due.unlink(missing_ok=True)
        return summary

    def cluster(self) -> Grouping:
        """Groups the faces of everybody unnamed by person."""
        units = {m.id: _unit(m) for m in self._store.media.shown()}
        return cluster(self._store.sightings, self._store.people, self.calibration, units)

    def suggestions(self, limit: int = 100) -> list[Suggestion]:
        """Pairs of people who may be one, the most probable first."""
        units = {m.id: _unit(m) for m in self._store.media.shown()}
        stores = self._store.sightings, self._store.people
        return suggestions(*stores, self.calibration, units, self.people(), limit)

    def people(self, *, hidden: bool = False) -> list[Person]:
        """Everybody, the longest on screen first; seconds are those of the report."""
        films = {m.id for m in self._store.media.shown() if m.kind != "photo"}
        spans: dict[tuple[int, int], list[Span]] = {}
        for one in self._intervals():
            if one.media in films:
                spans.setdefault((one.person, one.media), []).append((one.start, one.end))
        seconds: dict[int, float] = {}
        for (person, _), mine in spans.items():
            seconds[person] = seconds.get(person, 0.0) + length(mine)
        found = [
            replace(p, seconds=seconds.get(p.id, 0.0))
            for p in self._store.people.all()
            if hidden or p.kind != "hidden"
        ]
        return sorted(found, key=lambda p: (-p.seconds, p.id))

    def person(self, who: str | int) -> Person:
        """One person by name or number."""
        return self._verbs.find(str(who))

    def sightings(self, who: str | int) -> list[Sighting]:
        """The sightings of a person."""
        return self._store.sightings.all(person=self.person(who).id)

    def media(self) -> list[Media]:
        """All that is indexed."""
        return self._store.media.shown()

    def origins(self) -> dict[int, Origin]:
        """Where media from the web came from, by the medium's number."""
        return self._store.origins.all()

    def name(self, who: str | int, name: str) -> Person:
        """Gives a person a name."""
        return self._verbs.name(str(who), name)

    def tag(self, who: str | int, gender: str | None = None, tags: Sequence[str] = ()) -> Person:
        """Sets a person's gender, as a person says it is, and adds tags."""
        return self._verbs.tag(str(who), gender, tags)

    def merge(self, who: str | int, *others: str | int) -> Person:
        """The others are this person."""
        return self._verbs.merge(str(who), [str(other) for other in others])

    def split(self, who: str | int, sightings: Sequence[int], name: str | None = None) -> Person:
        """These sightings are somebody else."""
        return self._verbs.split(str(who), sightings, name)

    def not_same(self, a: str | int, b: str | int) -> None:
        """These two are two people, for ever."""
        self._verbs.not_same(str(a), str(b))

    def hide(self, who: str | int, hidden: bool = True) -> Person:
        """Leaves a person out of lists and reports."""
        return self._verbs.hide(str(who), hidden)

    def undo(self) -> Act:
        """Takes back the last change to people."""
        return self._verbs.undo()

    def history(self) -> list[Act]:
        """Every change to people, newest first."""
        return self._store.acts.all()

    def enrol(self, name: str, paths: Iterable[Path | str]) -> Enrolled:
        """Makes a person known from photos and short films, and finds them in what is indexed."""
        enrolled = self._enrolment.person(name, [Path(p).expanduser() for p in paths])
        self.cluster()
        return enrolled

    def enrol_tree(self, folder: Path | str) -> list[Enrolled]:
        """One person for each folder below, by its name."""
        done = self._enrolment.tree(Path(folder).expanduser())
        self.cluster()
        return done

    def search(
        self, image: Path | str, *, face: int | None = None, fmr: float = 1e-4, limit: int = 100
    ) -> Found:
        """Who looks like the face in this picture?

        Args:
            image: a photo.
            face: which face of it, from the left, starting with 1.
            fmr: highest false-match rate of a comparison.
            limit: most matches.

        Raises:
            NoFaceFound: the picture shows no face.
            SeveralFaces: it shows several and none was chosen.
        """
        return self._finding.search(Path(image).expanduser(), face, fmr, limit)

    def faces(self, image: Path | str) -> Found:
        """The faces of a picture, without searching."""
        return self._finding.faces(Path(image).expanduser())

    def appearances(self, who: str | int | None = None) -> list[Interval]:
        """When a person (or everybody) is on screen, by medium and time."""
        if who is not None:
            number = self.person(who).id
            around = self._store.sightings.around(number)
            return [i for i in self._intervals(around) if i.person == number]
        hidden = {p.id for p in self._store.people.some(None) if p.kind == "hidden"}
        return [i for i in self._intervals() if i.person not in hidden]

    def report(
        self,
        kind: Literal["screen-time"] = "screen-time",
        *,
        by: Literal["person", "gender"] = "person",
        collection: str | None = None,
    ) -> ScreenTime:
        """Screen time by person or by gender as tagged; ``reports`` makes the others.

        Raises:
            NothingIndexed: there is nothing to report on.
        """
        if kind != "screen-time":
            raise UnknownOption(f"there is no report {kind!r} here", "Use library.reports.")
        return self.reports.screen_time(by, collection)

    def render(
        self, report: Made, form: str, *, collection: str | None = None, date: str = ""
    ) -> bytes:
        """A report as csv, json, html, png or svg; screen time and presence as parquet too.

        Raises:
            UnknownOption: there is no such format.
        """
        title = f"Screen time: {collection}" if collection else ""
        return self.reports.render(report, form, title=title, date=date)

    @cached_property
    def reports(self) -> Reporting:
        """Screen time in groups, presence, who is together, whole pages."""
        return Reporting(self._store, self.settings, self._intervals)

    @cached_property
    def cutting(self) -> Cutting:
        """Clips, supercuts and contact sheets of people."""
        return Cutting(self._store, self.person, self.appearances)

    def clips(self, who: str | int, folder: Path | str) -> list[Path]:
        """Every appearance of a person in a film as a playable clip, exact to the frame."""
        return self.cutting.clips(who, folder).paths()

    def write_clips(self, found: Found, folder: Path | str) -> list[Path]:
        """Every match of a search in a film as a playable clip."""
        return self.cutting.matches(found, folder)

    @cached_property
    def regions(self) -> Regions:
        """Face regions in photos' metadata: written and read."""
        return Regions(self._store, self._verbs)

    def export(
        self,
        form: str,
        output: Path | str,
        who: Sequence[str | int] = (),
        *,
        options: ExportOptions | None = None,
        watch: Told = lambda done, total: None,
    ) -> Exported:
        """Appearances as files of editors, players and analysts; see `personae.app.exporting`.

        Args:
            form: otio, edl, fcpxml, vtt, srt, ass, mot, coco, json, csv or sidecar.
            output: a file with the format's ending, or a folder for one file a film.
            who: people; everybody who is not hidden if there are none.
            options: which media, and how; None for all as usual.
            watch: is told of films that are done.
        """
        asked = options or ExportOptions()
        people = {p.id: p for p in self._store.people.all()}
        chosen = {self.person(one).id for one in who}
        everybody = {number for number, one in people.items() if one.kind != "hidden"}
        about = Who(people, frozenset(chosen or everybody), asked=bool(chosen))
        scope = self._scope(asked.collection), self._intervals(), about
        return export(self._store, scope, (form, Path(output).expanduser()), asked, watch)

    def crowd(
        self,
        media: str | int | None = None,
        collection: str | None = None,
        *,
        zones: Path | str | None = None,
        bin_s: float | None = None,
    ) -> CrowdReport:
        """How many people, where and when; nobody is identified.

        Args:
            media: only this one, by number, path or file name.
            collection: only the media of this collection.
            zones: JSON file of polygons and lines.
            bin_s: seconds of one line of the report.
        """
        scope = Scope(None if media is None else str(media), collection)
        file = None if zones is None else Path(zones).expanduser()
        return crowd(self._store, scope, CrowdOptions(bin_s=bin_s), file)

    def jobs(self) -> list[Job]:
        """Work that waits, runs or is over, newest last."""
        return SqliteQueue(self._store.engine).all()

    def crop(self, who: str | int) -> bytes | None:
        """JPEG of a person's best view."""
        mine = [s.id for s in self.sightings(who)]
        return self._store.sightings.best_crop(mine)

    def _scope(self, collection: str | None) -> list[Media]:
        media = [m for m in self.media() if collection is None or m.collection == collection]
        if not media:
            raise NothingIndexed(f"the library in {self.folder} holds nothing for this report")
        return media

    def _intervals(self, sightings: Sequence[Sighting] | None = None) -> list[Interval]:
        media = {m.id: m for m in self._store.media.shown()}
        chosen = self._store.sightings.all() if sightings is None else sightings
        return intervals(chosen, media, self._confidence, self.settings.gap_s)

    def _confidence(self, sighting: Sighting) -> float:
        if sighting.by == "hand" or sighting.score is None:
            return 1.0
        return self._probability(sighting.score)

    @cached_property
    def _probability(self) -> Callable[[float], float]:
        """Of a score; rounded down, as no comparison of faces is ever certain."""
        exact = self.calibration.probability
        return lru_cache(10_000)(lambda score: int(exact(score, 5, 5) * 1e4) / 1e4)

    @cached_property
    def _finding(self) -> Finding:
        return Finding(self._store, self.settings, self.calibration)

    @cached_property
    def _enrolment(self) -> Enrolment:
        return Enrolment(self._store, self.settings, self._verbs, self._finding)


def _unit(media: Media) -> float:
    return 0.0 if media.kind == "photo" else media.base_num / media.base_den


def open_library(
    path: Path | str | None = None, *, create: bool = True, settings: Settings | None = None
) -> Library:
    """Opens a library, or makes it.

    Args:
        path: its folder; None for the one that the settings name.
        create: make it if it is not there.
        settings: None for those of the environment.
    """
    chosen = settings or Settings()
    if path is not None:
        chosen = chosen.model_copy(update={"library": Path(path)})
    return Library(chosen, create=create)
