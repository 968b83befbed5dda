"""CMX 3600 edit decision lists: one video track, one person, one film."""

from __future__ import annotations

from personae.adapters.exports.film import FilmExport, OnScreen, Placed, placed
from personae.adapters.exports.wording import for_reel, one_line
from personae.core.timecode import from_timecode, to_timecode

FIRST = "01:00:00"
"""Clips that follow one another start at one o'clock, as editors expect of a new sequence."""


def edl_text(film: FilmExport, who: OnScreen, *, back_to_back: bool) -> str:
    """The list of one person's intervals.

    Source timecode is the film's own where it carries one, otherwise counted from 0; record
    timecode equals it, so that the list lies over the film, unless the clips follow one another.
    Outs are exclusive, as the format has them. Written here and not by OpenTimelineIO's adapter,
    which has no FCM line, cannot count 29.97 without drop-frame and knows no reel of a film's own;
    its reader reads what this writes.

    Args:
        film: the film.
        who: the person.
        back_to_back: put the clips one after the other from 01:00:00:00 on.
    """
    numbering = film.numbering
    lines = [
        f"TITLE: {one_line(f'{who.label} in {film.name}')[:70]}",
        f"FCM: {'DROP FRAME' if numbering.drop else 'NON-DROP FRAME'}",
        "",
    ]
    found = placed(film, who, back_to_back=back_to_back)
    for number, one in enumerate(found, start=1):
        lines += _event(film, who, one, (number, back_to_back))
    return "\n".join(lines) + "\n"


def _event(film: FilmExport, who: OnScreen, one: Placed, how: tuple[int, bool]) -> list[str]:
    number, back_to_back = how
    numbering = film.numbering
    start = numbering.start
    if back_to_back:
        start = from_timecode(FIRST + (";00" if numbering.drop else ":00"), numbering.rate)
    times = [numbering.timecode(frame) for frame in (one.first, one.first + one.length)]
    times += [
        to_timecode(start + frame, numbering.rate, drop=numbering.drop)
        for frame in (one.at, one.at + one.length)
    ]
    record = one.interval
    lines = [
        f"{number:03d}  {for_reel(film.name):8} V     C        {' '.join(times)}",
        f"* FROM CLIP NAME:  {one_line(f'{who.label} {number}')}",
        f"* FROM FILE: {one_line(film.media.path)}",
        f"* PERSONAE: person {who.person.id}, known by {record.known_by}, confidence "
        f"{record.confidence:.4f}, PTS {record.first} to {record.last} of "
        f"{numbering.base.numerator}/{numbering.base.denominator} s",
    ]
    if number == 1:
        rate = f"{numbering.rate.numerator}/{numbering.rate.denominator}"
        lines.append(f"* PERSONAE: {rate} frames a second. {numbering.method}")
    return lines
