"""A report as one HTML file: offline, in light, dark and print; no script, nothing fetched."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from personae.adapters.render.document import document, head, method, more, safe, sheet
from personae.adapters.render.marks import axis, bar, lane
from personae.adapters.render.options import PageOptions
from personae.adapters.render.palette import GREY, lane_colours, paint_genders, paint_rows
from personae.adapters.render.subject import FilmPresence, Report, Row
from personae.adapters.render.words import (
    clock,
    counted,
    coverage_line,
    percent,
    short_names,
    spoken,
)

_OPEN_UP_TO = 150
"""Appearances; a longer report shows its lists folded."""


def html_page(
    report: Report, presence: Sequence[FilmPresence] = (), options: PageOptions | None = None
) -> str:
    """The whole page; ``presence`` are the films whose timelines are drawn."""
    chosen = options or PageOptions()
    parts = [
        head_of(report, chosen),
        bars(report, chosen) if chosen.bars else "",
        timelines(report, presence, chosen),
        figures(report) if chosen.bars else "",
        appearances(report),
        method([*report.method, coverage_line(report)], chosen.date),
    ]
    return document(chosen.title, parts)


def head_of(report: Report, options: PageOptions) -> str:
    """Title, scope, and four figures."""
    covered = report.coverage
    about = [f"By {report.by}", counted(covered.films, "film", "films")]
    about += [counted(covered.photos, "photo", "photos")] if covered.photos else []
    about += [options.date] if options.date else []
    cards = (
        ("Run time", spoken(report.total_seconds)),
        ("People on screen", counted(covered.people, "person", "people").split()[0]),
        ("Appearances", counted(sum(row.appearances for row in report.rows), "", "").strip()),
        ("Longest appearance", spoken(max((row.longest for row in report.rows), default=0.0))),
    )
    return head(options.title, " · ".join(about), cards)


def bars(report: Report, options: PageOptions, title: str = "Seconds on screen") -> str:
    """A bar a row, with its error bar."""
    if not report.rows:
        return f'<h2>{safe(title)}</h2><p class="note">Nobody appears in this scope.</p>'
    full = max(row.high or row.seconds for row in report.rows)
    lines = []
    for row, colour in list(zip(report.rows, paint_rows(report.rows), strict=True))[
        : options.people
    ]:
        told = f"{row.key}: {clock(row.seconds)}, {percent(row.share)} of run time"
        lines.append(
            f"{_who(row, options)}{bar(row.seconds, full, colour, told, (row.low, row.high))}"
            f'<span class="fig">{spoken(row.seconds)}</span>'
            f'<span class="part">{percent(row.share)}</span>'
        )
    return (
        f'<section><h2>{safe(title)}</h2><p class="note">Bars show time on screen, the thin lines '
        "on them their error bars; the percentage is the share of run time. Shares add up to more "
        'than 100&nbsp;% where people are on screen together.</p><div class="grid bars">'
        f"{''.join(lines)}"
        f"<span></span>{axis(full)}</div>"
        f"{more(len(report.rows) - options.people, 'row is', 'rows are')}</section>"
    )


def _who(row: Row, options: PageOptions) -> str:
    name = safe(row.key)
    picture = options.thumbnails.get(row.person) if row.person is not None else None
    face = ""
    if picture:
        inlined = base64.b64encode(picture).decode("ascii")
        face = f'<img alt="" src="data:image/jpeg;base64,{inlined}">'
    elif options.thumbnails and row.person is not None:
        face = f'<i aria-hidden="true">{safe(row.key[:1].upper())}</i>'
    return f'<span class="who"><b title="{name}">{name}</b>{face}</span>'


def timelines(report: Report, presence: Sequence[FilmPresence], options: PageOptions) -> str:
    """Lanes of who is there when, film by film."""
    if not presence:
        return ""
    names = short_names(one.film.path for one in presence)
    shown = presence[: options.films]
    colours = lane_colours(report, presence)
    parts = [_film(one, names[one.film.path], colours, options) for one in shown]
    return (
        '<section><h2>Presence</h2><p class="note">One lane a person, with time and '
        "share of the film; rest the pointer on an "
        f"appearance for its exact in and out.</p>{_legend(report, shown)}{''.join(parts)}"
        f"{more(len(presence) - len(shown), 'film is', 'films are')}</section>"
    )


def _film(one: FilmPresence, name: str, colours: dict[int, str], options: PageOptions) -> str:
    heading = f"<h3>{safe(name)} <span>· {clock(one.film.duration)}</span></h3>"
    if not one.lanes:
        return f'<div class="film">{heading}<p class="note">Nobody appears.</p></div>'
    lanes = "".join(
        f'<span class="who"><b title="{safe(who.key)}">{safe(who.key)}</b></span>'
        f"{lane(who, one.film.duration, colours.get(who.person, GREY))}"
        f'<span class="fig">{spoken(who.seconds)}</span>'
        f'<span class="part">{percent(who.seconds / max(one.film.duration, who.seconds))}</span>'
        for who in one.lanes[: options.people]
    )
    return (
        f'<div class="film">{heading}<div class="grid lanes">{lanes}'
        f"<span></span>{axis(one.film.duration)}</div>"
        f"{more(len(one.lanes) - options.people, 'person is', 'people are')}</div>"
    )


def _legend(report: Report, presence: Sequence[FilmPresence]) -> str:
    def patch(colour: str, style: str, name: str) -> str:
        block = f'<rect width="22" height="10" rx="2" fill="{colour}" class="{style}"/>'
        return f'<span><svg aria-hidden="true">{block}</svg>{safe(name)}</span>'

    entries = [
        patch("currentColor", "", "face seen"),
        patch("currentColor", "pale", "known by the body, or a break closed"),
    ]
    if report.by == "gender":
        genders = sorted({who.gender for film in presence for who in film.lanes})
        entries = [patch(paint_genders(genders)[name], "", name) for name in genders] + entries
    return f'<div class="legend">{"".join(entries)}</div>'


def figures(report: Report, title: str = "Figures") -> str:
    """Every row's numbers."""
    if not report.rows:
        return ""
    photos = report.coverage.photos > 0
    by_person = report.by == "person"
    barred = all(row.low is not None for row in report.rows)
    heads = [report.by.capitalize(), "Gender" if by_person else "People", "Time on screen"]
    heads += ["at least", "at most"] if barred else []
    heads += ["of run time", "of face time", "Appearances", "Longest", "First"]
    heads += ["Photos"] if photos else []
    lines = [
        (
            row.key,
            row.gender if by_person else f"{row.people}",
            clock(row.seconds),
            *([clock(row.low or 0.0), clock(row.high or 0.0)] if barred else []),
            percent(row.share),
            percent(row.face_share),
            f"{row.appearances}",
            clock(row.longest),
            "–" if row.first is None else clock(row.first),
            *([f"{row.photos}"] if photos else []),
        )
        for row in report.rows
    ]
    dots = [
        f'<span class="dot" style="background:{one}"></span>' for one in paint_rows(report.rows)
    ]
    return (
        f'<section><h2>{safe(title)}</h2><div class="scroll">'
        f"{sheet(heads, lines, range(2, len(heads)), dots)}</div></section>"
    )


def appearances(report: Report) -> str:
    """In and out of every appearance, a list a row."""
    if not report.rows:
        return ""
    names = short_names(film.path for film in report.media)
    total = sum(row.appearances for row in report.rows)
    state = " open" if total <= _OPEN_UP_TO else ""
    parts = [
        f"<details{state}><summary><b>{safe(row.key)}</b><span>"
        f"{counted(row.appearances, 'appearance', 'appearances')} · {clock(row.seconds)}"
        '</span></summary><div class="scroll">'
        + sheet(
            ["Film", "In", "Out", "Length", "Known by"],
            (
                (
                    names[one.path],
                    clock(one.start),
                    clock(one.end),
                    clock(one.end - one.start),
                    one.known_by.replace("+", " + "),
                )
                for one in row.intervals
            ),
            range(1, 4),
        )
        + "</div></details>"
        for row in report.rows
        if row.appearances
    ]
    return (
        '<section><h2>Every appearance</h2><p class="note">In and out as h:mm:ss.mmm from the '
        f"first frame of the film; the out point is exclusive.</p>{''.join(parts)}</section>"
    )
