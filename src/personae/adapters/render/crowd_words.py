"""What a report on crowds says in words, the same in tables, pages and pictures."""

from __future__ import annotations

from personae.adapters.render.words import clock, counted, plain, spoken
from personae.core.crowd import CrowdReport, FilmCrowd


def about(report: CrowdReport) -> str:
    """The line below the title."""
    media = counted(len(report.films), "film or photo", "films and photos")
    return f"People at each moment, nobody identified · {media}"


def number(value: float) -> str:
    """A count: whole as it is, else with one decimal, or two below 1."""
    if abs(value - round(value)) < 5e-3:
        return f"{value:.0f}"
    return f"{value:.2f}" if value < 1 else f"{value:.1f}"


def summary(film: FilmCrowd) -> str:
    """One medium in a sentence."""
    kind = "expected" if film.expected else "followed"
    unique = film.unique
    return (
        f"People {kind}: mean {number(film.mean)}, most {number(film.most)} at "
        f"{clock(film.most_at)}; {spoken(film.person_seconds)} of presence in all; "
        f"{counted(len(film.visits), 'visit', 'visits')}; different people about "
        f"{unique.estimate} ({unique.low} to {unique.high})."
    )


def place_lines(film: FilmCrowd) -> list[str]:
    """One sentence a zone and a line."""
    zones = [
        f"Zone {plain(one.zone.name)}: mean {number(one.mean)}, most {one.most} followed at once; "
        f"{counted(one.entries, 'entry', 'entries')}, stays of {one.dwell_mean:.1f} s on average, "
        f"{one.dwell_median:.1f} s in the middle, {one.dwell_longest:.1f} s at most."
        for one in film.zones
    ]
    lines = [
        f"Line {plain(one.line.name)}: {one.to_right} to its right (where the arrow points), "
        f"{one.to_left} to its left."
        for one in film.lines
    ]
    return zones + lines
