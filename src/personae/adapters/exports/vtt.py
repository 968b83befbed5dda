"""WebVTT: chapters by who is on screen, or metadata cues with boxes for players' scripts."""

from __future__ import annotations

import json
from collections.abc import Iterable

from personae.adapters.exports.film import FilmExport, OnScreen, together
from personae.adapters.exports.motion import course, thinned
from personae.adapters.exports.wording import for_vtt
from personae.core.records import Interval

TOLERANCE = 1.0
"""Pixels by which a box drawn between two given ones may be off."""
_NO_MARKUP = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def chapters_text(film: FilmExport) -> str:
    """One cue a span with the same people on screen; its text is their names."""
    cues = (
        (span.first, span.last, ", ".join(for_vtt(who.label) for who in span.people))
        for span in together(film)
    )
    return _file(film, "chapters", cues)


def metadata_text(film: FilmExport) -> str:
    """One cue an interval; its text is one line of JSON.

    Keys: ``person``, ``name``, ``known_by``, ``confidence``, ``first``, ``last`` (PTS), and
    ``boxes``, a list of [milliseconds from the first frame, x1, y1, x2, y2] in pixels of the
    upright picture; between two the box moves straight, to within a pixel.
    """
    found = sorted(
        ((one, who) for who in film.people for one in who.intervals),
        key=lambda pair: (pair[0].first, pair[0].last, pair[0].person),
    )
    cues = ((one.first, one.last, _payload(film, who, one)) for one, who in found)
    return _file(film, "metadata", cues)


def _payload(film: FilmExport, who: OnScreen, one: Interval) -> str:
    path = course(film, who, one)
    boxes: list[list[float]] = []
    if path is not None:
        thin = thinned(path, TOLERANCE)
        boxes = [
            [film.milliseconds(int(time)), *(round(float(side), 1) for side in box)]
            for time, box in zip(thin.times, thin.boxes, strict=True)
        ]
    said = {
        "person": who.person.id,
        "name": who.person.name,
        "known_by": one.known_by,
        "confidence": one.confidence,
        "first": one.first,
        "last": one.last,
        "boxes": boxes,
    }
    # The arrow and tags may not stand in a cue; as JSON escapes they do no harm
    return json.dumps(said, ensure_ascii=False).translate(_NO_MARKUP)


def _file(film: FilmExport, kind: str, cues: Iterable[tuple[int, int, str]]) -> str:
    media, numbering = film.media, film.numbering
    parts = [
        "WEBVTT",
        f"NOTE\n{kind} of {for_vtt(film.name)}, picture {media.width} x {media.height}, exact "
        f"times count {numbering.base.numerator}/{numbering.base.denominator} s",
    ]
    for number, (first, last, text) in enumerate(cues, start=1):
        times = f"{_clock(film.milliseconds(first))} --> {_clock(film.milliseconds(last))}"
        parts.append(f"{number}\n{times}\n{text}")
    return "\n\n".join(parts) + "\n"


def _clock(milliseconds: int) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}.{thousandths:03}"
