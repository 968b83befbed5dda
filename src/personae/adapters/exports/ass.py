"""Advanced SubStation Alpha: each name above its face, following it through the picture."""

from __future__ import annotations

from collections.abc import Iterator

from personae.adapters.exports.film import FilmExport, OnScreen
from personae.adapters.exports.motion import course, thinned
from personae.adapters.exports.wording import for_ass, for_ass_field, one_line
from personae.core.arrays import Boxes
from personae.core.records import Interval

LETTERS = 22
"""The picture is this many times as high as the letters."""
TOLERANCE = 2.0
"""Pixels by which a name may stand beside where it belongs."""
_STYLE = (
    "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, "
    "Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, "
    "Shadow, Alignment, MarginL, MarginR, MarginV, Encoding"
)
_EVENT = "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"


def ass_text(film: FilmExport) -> str:
    """One event a piece of straight movement, for every interval of everybody."""
    size = _letters(film)
    lines = [
        "[Script Info]",
        "; Times are rounded down to hundredths of a second, so that they begin with their frame",
        f"Title: {one_line(film.name)}",
        "ScriptType: v4.00+",
        f"PlayResX: {film.media.width}",
        f"PlayResY: {film.media.height}",
        "WrapStyle: 2",
        "ScaledBorderAndShadow: yes",
        "",
        "[V4+ Styles]",
        _STYLE,
        f"Style: Person,Arial,{size},&H00FFFFFF,&H00FFFFFF,&H00202020,&H80000000,"
        f"-1,0,0,0,100,100,0,0,1,{max(1, size // 12)},0,2,0,0,0,1",
        "",
        "[Events]",
        _EVENT,
    ]
    pieces = [
        piece for who in film.people for one in who.intervals for piece in _pieces(film, who, one)
    ]
    lines += [text for _, text in sorted(pieces)]
    return "\n".join(lines) + "\n"


def _pieces(film: FilmExport, who: OnScreen, one: Interval) -> Iterator[tuple[int, str]]:
    """Events with their starts in hundredths of a second."""
    path = course(film, who, one)
    if path is None:
        yield from _event(film, who, (one.first, one.last), "{\\an8}")
        return
    thin = thinned(path, TOLERANCE)
    places = [_above(film, box) for box in thin.boxes]
    times = [int(time) for time in thin.times]
    for number in range(len(times) - 1):
        here, there = places[number], places[number + 1]
        moves = f"\\move({here[0]},{here[1]},{there[0]},{there[1]})"
        stands = f"\\pos({here[0]},{here[1]})"
        tag = f"{{\\an2{stands if here == there else moves}}}"
        yield from _event(film, who, (times[number], times[number + 1]), tag)


def _event(
    film: FilmExport, who: OnScreen, span: tuple[int, int], tag: str
) -> Iterator[tuple[int, str]]:
    # Rounded down at both ends, so that the frame at the end is out
    start, end = (film.milliseconds(pts) // 10 for pts in span)
    if start < end:
        head = f"Dialogue: 0,{_clock(start)},{_clock(end)},Person,{for_ass_field(who.label)}"
        yield start, f"{head},0,0,0,,{tag}{for_ass(who.label)}"


def _above(film: FilmExport, box: Boxes) -> tuple[int, int]:
    """Middle and foot of the name above a box, kept inside the picture."""
    left, top, right, _ = (float(side) for side in box)
    size = _letters(film)
    across = min(max((left + right) / 2, 0.0), float(film.media.width))
    return round(across), round(max(top - size / 6, size))


def _letters(film: FilmExport) -> int:
    return max(10, film.media.height // LETTERS)


def _clock(hundredths: int) -> str:
    seconds, part = divmod(hundredths, 100)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}.{part:02}"
