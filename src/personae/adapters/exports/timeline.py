"""OpenTimelineIO: one timeline a film, one track a person, every interval a clip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import opentimelineio as otio  # type: ignore[import-untyped]

from personae.adapters.exports.film import FilmExport, OnScreen, Placed, placed
from personae.adapters.exports.wording import one_line
from personae.core.timecode import from_timecode

COLOURS = ("RED", "GREEN", "BLUE", "YELLOW", "MAGENTA", "CYAN", "ORANGE", "PURPLE", "PINK")
"""Marker colours, person after person."""


def otio_text(films: Sequence[FilmExport], *, back_to_back: bool) -> str:
    """A timeline, or for several films a collection of timelines.

    Ranges of clips and media count from the film's own timecode where it carries one. Metadata
    under ``personae`` holds the exact times.

    Args:
        films: what to write.
        back_to_back: put each person's clips one after the other.
    """
    made = [_timeline(film, back_to_back) for film in films]
    if len(made) == 1:
        return str(made[0].to_json_string(indent=2))
    collection = otio.schema.SerializableCollection(name="Personae", children=made)
    return str(collection.to_json_string(indent=2))


def _timeline(film: FilmExport, back_to_back: bool) -> otio.schema.Timeline:
    numbering = film.numbering
    timeline = otio.schema.Timeline(name=one_line(film.name))
    mark = ";" if numbering.drop else ":"
    start = from_timecode(f"01:00:00{mark}00", numbering.rate) if back_to_back else numbering.start
    timeline.global_start_time = _time(film, start)
    timeline.metadata["personae"] = _about(film)
    for number, who in enumerate(film.people):
        mine = placed(film, who, back_to_back=back_to_back)
        timeline.tracks.append(_track(film, who, mine))
        if back_to_back:
            continue
        timeline.tracks.markers.extend(
            otio.schema.Marker(
                name=one_line(who.label),
                color=COLOURS[number % len(COLOURS)],
                marked_range=_range(film, one.at, one.length),
                metadata={"personae": _said(who, one)},
            )
            for one in mine
        )
    return timeline


def _track(film: FilmExport, who: OnScreen, mine: Sequence[Placed]) -> otio.schema.Track:
    track = otio.schema.Track(name=one_line(who.label), kind=otio.schema.TrackKind.Video)
    track.metadata["personae"] = {"person": who.person.id, "name": who.person.name}
    end = 0
    for number, one in enumerate(mine, start=1):
        if one.at > end:
            track.append(otio.schema.Gap(source_range=_range(film, 0, one.at - end)))
        track.append(
            otio.schema.Clip(
                name=one_line(f"{who.label} {number}"),
                media_reference=otio.schema.ExternalReference(
                    target_url=film.url,
                    available_range=_range(film, film.numbering.start, film.frames),
                ),
                source_range=_range(film, film.numbering.start + one.first, one.length),
                metadata={"personae": _said(who, one)},
            )
        )
        end = one.at + one.length
    return track


def _about(film: FilmExport) -> dict[str, Any]:
    numbering = film.numbering
    return {
        "media": film.media.id,
        "sha256": film.media.sha256,
        "base": f"{numbering.base.numerator}/{numbering.base.denominator}",
        "rate": f"{numbering.rate.numerator}/{numbering.rate.denominator}",
        "drop_frame": numbering.drop,
        "method": numbering.method,
    }


def _said(who: OnScreen, one: Placed) -> dict[str, Any]:
    record = one.interval
    return {
        "person": who.person.id,
        "name": who.person.name,
        "known_by": record.known_by,
        "confidence": record.confidence,
        "first": record.first,
        "last": record.last,
        "sightings": list(record.sightings),
    }


def _time(film: FilmExport, frame: int) -> otio.opentime.RationalTime:
    return otio.opentime.RationalTime(frame, float(film.numbering.rate))


def _range(film: FilmExport, first: int, length: int) -> otio.opentime.TimeRange:
    return otio.opentime.TimeRange(_time(film, first), _time(film, length))
