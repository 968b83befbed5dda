"""A report on crowds as one HTML file: offline, in light, dark and print."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping

from personae.adapters.render.crowd_words import about, number, place_lines, summary
from personae.adapters.render.document import document, head, method, safe, sheet
from personae.adapters.render.heat_map import heat_png
from personae.adapters.render.marks import axis
from personae.adapters.render.palette import BLUE, GREY, VERMILLION
from personae.adapters.render.words import clock, short_names, spoken
from personae.core.arrays import Doubles, RgbImage
from personae.core.crowd import CrowdReport, FilmCrowd

_WIDE, _HIGH = 1000.0, 170.0


def crowd_html(
    report: CrowdReport, frames: Mapping[int, RgbImage], title: str, date: str = ""
) -> str:
    """The whole page; heat maps are drawn over ``frames`` of media where there are any."""
    films = report.films
    names = short_names(one.path for one in films)
    most = max(films, key=lambda one: one.most)
    cards = (
        ("Most at once", number(most.most)),
        ("when", clock(most.most_at)),
        ("Presence in all", spoken(sum(one.person_seconds for one in films))),
        ("Visits", str(sum(len(one.visits) for one in films))),
    )
    parts = [_film(one, names[one.path], frames.get(one.media)) for one in films]
    return document(title, [head(title, about(report), cards), *parts, method(report.method, date)])


def _film(film: FilmCrowd, name: str, frame: RgbImage | None) -> str:
    said = "".join(f"<p>{safe(line)}</p>" for line in (summary(film), *place_lines(film)))
    return (
        f"<section><h2>{safe(name)}</h2>{said}{_counts(film)}{_heat(film, frame)}"
        f"{_places(film)}{_visits(film)}{_bins(film)}</section>"
    )


def _counts(film: FilmCrowd) -> str:
    if film.seconds <= 0:
        return ""
    series = film.series
    full, high = film.seconds, max(float(series.people.max()), 1.0)
    smooth = _steps(series.times, series.smooth, full, high)
    raw = _steps(series.times, series.people, full, high)
    low = _HIGH - 8
    bars = "".join(
        f'<rect x="{a / full * _WIDE:.1f}" y="{_HIGH - 5}" width="{(b - a) / full * _WIDE:.1f}" '
        f'height="5" fill="{BLUE}"><title>visit {clock(a)} – {clock(b)}</title></rect>'
        for a, b in film.visits
    )
    x, y = film.most_at / full * _WIDE, low - film.most / high * (low - 4)
    told = safe(summary(film))
    return (
        f'<p class="note">Line: smoothed, 0 to {number(high)} people; thin and grey: each moment; '
        "below: visits; mark: the most.</p>"
        f'<svg viewBox="0 0 {_WIDE:g} {_HIGH:g}" height="{_HIGH:g}" preserveAspectRatio="none" '
        f'role="img" aria-label="{told}"><line class="g" x1="0" x2="{_WIDE:g}" y1="{low}" '
        f'y2="{low}"/><path d="{smooth} V{low} H0 Z" fill="{BLUE}" fill-opacity=".18"/>'
        f'<path d="{raw}" fill="none" stroke="{GREY}" stroke-width=".8" '
        f'vector-effect="non-scaling-stroke"/><path d="{smooth}" fill="none" stroke="{BLUE}" '
        f'stroke-width="2" vector-effect="non-scaling-stroke"/>{bars}'
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{max(y - 7, 0):.1f}" y2="{y + 7:.1f}" '
        f'stroke="{VERMILLION}" stroke-width="4" vector-effect="non-scaling-stroke"/></svg>'
        f"{axis(full)}"
    )


def _steps(times: Doubles, values: Doubles, full: float, high: float) -> str:
    """A path of steps; moments between which nothing changes are left out."""
    low = _HIGH - 8
    path, last = [], None
    for at, value in zip(times.tolist(), values.tolist(), strict=True):
        y = f"{low - value / high * (low - 4):.1f}"
        if last is None:
            path.append(f"M0 {y}")
        elif y != last:
            path.append(f"H{at / full * _WIDE:.1f} V{y}")
        last = y
    return " ".join(path) + f" H{_WIDE:g}"


def _heat(film: FilmCrowd, frame: RgbImage | None) -> str:
    inlined = base64.b64encode(heat_png(film, frame)).decode("ascii")
    return (
        '<h3>Where people stood</h3><p class="note">By where feet were; the lighter, the longer.'
        f'</p><img alt="heat map" style="max-width:100%" src="data:image/png;base64,{inlined}">'
    )


def _places(film: FilmCrowd) -> str:
    tables = []
    if film.zones:
        heads = ("Zone", "Mean", "Most", "Person-seconds", "Entries", "Mean stay", "Longest")
        lines: Iterable[tuple[str, ...]] = (
            (
                one.zone.name,
                f"{one.mean:.2f}",
                f"{one.most}",
                f"{one.person_seconds:.1f}",
                f"{one.entries}",
                f"{one.dwell_mean:.1f} s",
                f"{one.dwell_longest:.1f} s",
            )
            for one in film.zones
        )
        tables.append(sheet(heads, lines, range(1, 7)))
    if film.lines:
        crossed = ((one.line.name, f"{one.to_right}", f"{one.to_left}") for one in film.lines)
        tables.append(sheet(("Line", "To its right", "To its left"), crossed, range(1, 3)))
    return "".join(f'<div class="scroll">{one}</div>' for one in tables)


def _visits(film: FilmCrowd) -> str:
    if not film.visits:
        return ""
    lines = [(f"{n}", clock(a), clock(b), spoken(b - a)) for n, (a, b) in enumerate(film.visits, 1)]
    table = sheet(("Visit", "In", "Out", "Length"), lines, range(1, 4))
    return f"<details><summary><b>Visits</b><span>{len(lines)}</span></summary>{table}</details>"


def _bins(film: FilmCrowd) -> str:
    lines = [
        (clock(b.start), clock(b.end), f"{b.mean:.2f}", f"{b.least:.2f}", f"{b.most:.2f}")
        for b in film.bins
    ]
    table = sheet(("From", "To", "Mean", "Least", "Most"), lines, range(1, 5))
    return (
        f"<details><summary><b>Counts over time</b><span>{len(lines)}</span></summary>"
        f"{table}</details>"
    )
