"""``report crowd``: from a library's rows to counts, and from counts to files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from personae.adapters.sources.kinds import SourceOptions, open_source
from personae.adapters.stores.library import SqliteStore
from personae.adapters.stores.traces import traces, work_done
from personae.core.arrays import Doubles, RgbImage
from personae.core.crowd import CrowdReport, FilmCrowd
from personae.core.errors import (
    NothingIndexed,
    PersonaeError,
    SourceMissing,
    UnknownOption,
    UsageError,
)
from personae.core.records import Media
from personae.core.zones import Line, Zone
from personae.flows.crowd import CrowdOptions, crowd_report, film_crowd

FORMATS = ("table", "csv", "json", "html", "png", "svg")
UNITS = ("pixels", "share")
_SHAPE = (
    'A file of zones looks like {"units": "pixels", "zones": [{"name": "door", "polygon": '
    '[[10, 20], [90, 20], [90, 80]]}], "lines": [{"name": "gate", "points": [[0, 50], [99, 50]]}]}.'
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which media: those of a collection, one by number, path or file name, or all."""

    media: str | None = None
    collection: str | None = None

    def of(self, shown: Sequence[Media]) -> list[Media]:
        """The media meant.

        Raises:
            NothingIndexed: there are none.
        """
        found = [m for m in shown if self.collection in (None, m.collection)]
        if self.media is not None:
            whole = str(Path(self.media).expanduser().absolute())
            names = (self.media, whole)
            found = [m for m in found if str(m.id) in names or m.path in names] or [
                m for m in found if Path(m.path).name == self.media
            ]
        if not found:
            raise NothingIndexed("the library holds nothing for this report")
        return found


@dataclass(frozen=True, slots=True)
class Drawn:
    """A polygon or a line of the file.

    Attributes:
        points: (M, 2) in pixels, or in shares of width and height.
        media: name of the only file it is for, None for all.
    """

    name: str
    points: Doubles
    media: str | None


@dataclass(frozen=True, slots=True)
class Places:
    """What a file of zones says."""

    zones: tuple[Drawn, ...] = ()
    lines: tuple[Drawn, ...] = ()
    units: str = "pixels"

    def on(self, media: Media, options: CrowdOptions) -> CrowdOptions:
        """The options with what is drawn on this medium, in its pixels."""
        size = np.array([media.width, media.height], np.float64)
        scale = size if self.units == "share" else np.ones(2)
        name = Path(media.path).name
        return replace(
            options,
            zones=tuple(Zone(d.name, d.points * scale) for d in _for(self.zones, name)),
            lines=tuple(Line(d.name, d.points * scale) for d in _for(self.lines, name)),
        )


def crowd(
    store: SqliteStore, scope: Scope, options: CrowdOptions, zones: Path | None = None
) -> CrowdReport:
    """Counts people in the media of a library; nothing is read but boxes and times.

    Raises:
        NothingIndexed: there is nothing to report on.
        SourceMissing: there is no file of zones.
        UsageError: the file of zones cannot be understood.
    """
    places = Places() if zones is None else read_places(zones)
    media = scope.of(store.media.shown())
    done = work_done(store.engine, {m.id for m in media})
    films = [
        film_crowd(
            one,
            traces(store.engine, one.id),
            places.on(one, options),
            for_crowds=done.get(one.id, {}).get("crowd_looks", 0) > 0,
        )
        for one in media
    ]
    return crowd_report(films, options)


def read_places(path: Path) -> Places:
    """Polygons and lines of a JSON file.

    Raises:
        SourceMissing: there is no such file.
        UsageError: it is no JSON, or not of this shape.
    """
    if not path.is_file():
        raise SourceMissing(f"{path} does not exist")
    try:
        told: dict[str, Any] = json.loads(path.read_text("utf-8"))
        units = told.get("units", "pixels")
        zones = tuple(_drawn(one, "polygon") for one in told.get("zones", []))
        lines = tuple(_drawn(one, "points") for one in told.get("lines", []))
        for one in zones:
            Zone(one.name, one.points)
        for one in lines:
            Line(one.name, one.points)
    except (ValueError, KeyError, TypeError, AttributeError, PersonaeError) as error:
        raise UsageError(f"{path} says no zones: {error}", _SHAPE) from error
    if units not in UNITS or not (zones or lines):
        raise UsageError(f"{path} has units {units!r}, {len(zones)} zones", _SHAPE)
    return Places(zones, lines, units)


def crowd_file(
    report: CrowdReport, form: str, *, title: str = "People counted", over_frame: bool = False
) -> bytes:
    """The report as csv, json, html, png or svg.

    Args:
        report: the counts.
        form: one of these.
        title: heading of pages and pictures.
        over_frame: draw heat maps over the first picture of each film: people on it will be seen.

    Raises:
        UnknownOption: there is no such format.
        SourceError: a picture was asked for and its film cannot be read.
    """
    from personae.adapters.render.crowd_chart import crowd_png, crowd_svg
    from personae.adapters.render.crowd_page import crowd_html
    from personae.adapters.render.crowd_table import crowd_csv

    if form == "csv":
        return crowd_csv(report).encode()
    if form == "json":
        return json.dumps(report.as_json(), ensure_ascii=False, indent=1).encode()
    if form not in FORMATS[3:]:
        raise UnknownOption(
            f"--format {form} is not offered", f"Choose one of {', '.join(FORMATS)}."
        )
    frames = _frames(report.films) if over_frame else {}
    if form == "html":
        return crowd_html(report, frames, title).encode()
    if form == "png":
        return crowd_png(report, frames, title)
    return crowd_svg(report, frames, title).encode()


def heat_file(report: CrowdReport, *, over_frame: bool = False) -> bytes:
    """The heat map of the only medium as PNG.

    Raises:
        UnknownOption: the report is about several.
    """
    from personae.adapters.render.heat_map import heat_png

    if len(report.films) != 1:
        raise UnknownOption(
            f"a heat map shows one medium, not {len(report.films)}", "Choose it with --media."
        )
    film = report.films[0]
    return heat_png(film, _frames([film]).get(film.media) if over_frame else None)


def _frames(films: Sequence[FilmCrowd]) -> Mapping[int, RgbImage]:
    return {one.media: frame for one in films for frame in _first(Path(one.path))}


def _first(path: Path) -> Iterator[RgbImage]:
    with open_source(path, SourceOptions()) as source:
        for frame in source.frames():
            yield frame.picture.rgb()
            return


def _for(drawn: Sequence[Drawn], name: str) -> list[Drawn]:
    return [one for one in drawn if one.media in (None, name)]


def _drawn(told: Mapping[str, Any], key: str) -> Drawn:
    media = told.get("media")
    points = np.array(told[key], np.float64)
    return Drawn(str(told["name"]), points, None if media is None else str(media))
