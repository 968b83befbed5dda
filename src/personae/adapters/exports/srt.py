"""SubRip captions: who is on screen."""

from __future__ import annotations

from personae.adapters.exports.film import FilmExport, together
from personae.adapters.exports.wording import for_srt


def srt_text(film: FilmExport) -> str:
    """One caption a span with the same people on screen: their names."""
    parts = []
    for number, span in enumerate(together(film), start=1):
        times = " --> ".join(_clock(film.milliseconds(pts)) for pts in (span.first, span.last))
        names = ", ".join(for_srt(who.label) for who in span.people)
        parts.append(f"{number}\n{times}\n{names}\n")
    return "\n".join(parts)


def _clock(milliseconds: int) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02},{thousandths:03}"
