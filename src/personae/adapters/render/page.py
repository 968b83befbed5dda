"""A report as one HTML file: offline, in light, dark and print; no script, nothing fetched."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files

from personae.adapters.render.marks import axis, bar, lane
from personae.adapters.render.options import PageOptions
from personae.adapters.render.palette import GREY, lane_colours, paint_genders, paint_rows
from personae.adapters.render.subject import FilmPresence, Report, Row
from personae.adapters.render.words import (
    clock,
    counted,
    coverage_line,
    percent,
    plain,
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
    title = _safe(chosen.title)
    style = (files("personae.adapters.render") / "page.css").read_text(encoding="utf-8")
    body = "\n".join(
        part
        for part in (
            _head(report, chosen),
            _bars(report, chosen),
            _timelines(report, presence, chosen),
            _figures(report),
            _appearances(report),
            _method(report, chosen),
        )
        if part
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _head(report: Report, options: PageOptions) -> str:
    covered = report.coverage
    about = [f"By {report.by}", counted(covered.films, "film", "films")]
    about += [counted(covered.photos, "photo", "photos")] if covered.photos else []
    about += [_safe(options.date)] if options.date else []
    figures = (
        ("Run time", spoken(report.total_seconds)),
        ("People on screen", counted(covered.people, "person", "people").split()[0]),
        ("Appearances", counted(sum(row.appearances for row in report.rows), "", "").strip()),
        ("Longest appearance", spoken(max((row.longest for row in report.rows), default=0.0))),
    )
    cards = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in figures)
    return (
        f'<header><h1>{_safe(options.title)}</h1><p class="sub">{" · ".join(about)}</p>'
        f'<dl class="key">{cards}</dl></header>'
    )


def _bars(report: Report, options: PageOptions) -> str:
    if not report.rows:
        return '<h2>Seconds on screen</h2><p class="note">Nobody appears in this scope.</p>'
    full = max(row.seconds for row in report.rows)
    lines = []
    for row, colour in list(zip(report.rows, paint_rows(report.rows), strict=True))[
        : options.people
    ]:
        told = f"{row.key}: {clock(row.seconds)}, {percent(row.share)} of run time"
        lines.append(
            f"{_who(row, options)}{bar(row.seconds, full, colour, told)}"
            f'<span class="fig">{spoken(row.seconds)}</span>'
            f'<span class="part">{percent(row.share)}</span>'
        )
    return (
        '<section><h2>Seconds on screen</h2><p class="note">Bars show time on screen; the '
        "percentage is the share of run time. Shares add up to more than 100&nbsp;% where people "
        f'are on screen together.</p><div class="grid bars">{"".join(lines)}'
        f"<span></span>{axis(full)}</div>"
        f"{_more(len(report.rows) - options.people, 'row is', 'rows are')}</section>"
    )


def _who(row: Row, options: PageOptions) -> str:
    name = _safe(row.key)
    picture = options.thumbnails.get(row.person) if row.person is not None else None
    face = ""
    if picture:
        inlined = base64.b64encode(picture).decode("ascii")
        face = f'<img alt="" src="data:image/jpeg;base64,{inlined}">'
    elif options.thumbnails and row.person is not None:
        face = f'<i aria-hidden="true">{_safe(row.key[:1].upper())}</i>'
    return f'<span class="who"><b title="{name}">{name}</b>{face}</span>'


def _timelines(report: Report, presence: Sequence[FilmPresence], options: PageOptions) -> str:
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
        f"{_more(len(presence) - len(shown), 'film is', 'films are')}</section>"
    )


def _film(one: FilmPresence, name: str, colours: dict[int, str], options: PageOptions) -> str:
    heading = f"<h3>{_safe(name)} <span>· {clock(one.film.duration)}</span></h3>"
    if not one.lanes:
        return f'<div class="film">{heading}<p class="note">Nobody appears.</p></div>'
    lanes = "".join(
        f'<span class="who"><b title="{_safe(who.key)}">{_safe(who.key)}</b></span>'
        f"{lane(who, one.film.duration, colours.get(who.person, GREY))}"
        f'<span class="fig">{spoken(who.seconds)}</span>'
        f'<span class="part">{percent(who.seconds / max(one.film.duration, who.seconds))}</span>'
        for who in one.lanes[: options.people]
    )
    return (
        f'<div class="film">{heading}<div class="grid lanes">{lanes}'
        f"<span></span>{axis(one.film.duration)}</div>"
        f"{_more(len(one.lanes) - options.people, 'person is', 'people are')}</div>"
    )


def _legend(report: Report, presence: Sequence[FilmPresence]) -> str:
    def patch(colour: str, style: str, name: str) -> str:
        block = f'<rect width="22" height="10" rx="2" fill="{colour}" class="{style}"/>'
        return f'<span><svg aria-hidden="true">{block}</svg>{_safe(name)}</span>'

    entries = [
        patch("currentColor", "", "face seen"),
        patch("currentColor", "pale", "known by the body, or a break closed"),
    ]
    if report.by == "gender":
        genders = sorted({who.gender for film in presence for who in film.lanes})
        entries = [patch(paint_genders(genders)[name], "", name) for name in genders] + entries
    return f'<div class="legend">{"".join(entries)}</div>'


def _more(left: int, one: str, many: str) -> str:
    if left <= 0:
        return ""
    return f'<p class="note">{counted(left, one, many)} not drawn; the tables have them all.</p>'


def _figures(report: Report) -> str:
    if not report.rows:
        return ""
    photos = report.coverage.photos > 0
    by_person = report.by == "person"
    heads = [report.by.capitalize(), "Gender" if by_person else "People", "Time on screen"]
    heads += ["of run time", "of face time", "Appearances", "Longest", "First"]
    heads += ["Photos"] if photos else []
    lines = [
        (
            row.key,
            row.gender if by_person else f"{row.people}",
            clock(row.seconds),
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
        '<section><h2>Figures</h2><div class="scroll">'
        f"{_table(heads, lines, range(2, len(heads)), dots)}</div></section>"
    )


def _appearances(report: Report) -> str:
    if not report.rows:
        return ""
    names = short_names(film.path for film in report.media)
    total = sum(row.appearances for row in report.rows)
    state = " open" if total <= _OPEN_UP_TO else ""
    parts = [
        f"<details{state}><summary><b>{_safe(row.key)}</b><span>"
        f"{counted(row.appearances, 'appearance', 'appearances')} · {clock(row.seconds)}"
        '</span></summary><div class="scroll">'
        + _table(
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


def _table(
    heads: Sequence[str],
    lines: Iterable[Sequence[str]],
    numbers: range,
    before: Sequence[str] = (),
) -> str:
    head = "".join(
        f'<th scope="col"{_number(place, numbers)}>{name}</th>' for place, name in enumerate(heads)
    )
    body = []
    for number, line in enumerate(lines):
        mark = before[number] if before else ""
        cells = "".join(
            f"<td{_number(place, numbers)}>{_safe(text)}</td>"
            for place, text in enumerate(line[1:], start=1)
        )
        body.append(f'<tr><th scope="row">{mark}{_safe(line[0])}</th>{cells}</tr>')
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"


def _number(place: int, numbers: range) -> str:
    return ' class="n"' if place in numbers else ""


def _method(report: Report, options: PageOptions) -> str:
    said = "".join(f"<p>{_safe(sentence)}</p>" for sentence in report.method)
    date = f" · {_safe(options.date)}" if options.date else ""
    return (
        f"<footer><h2>Method</h2>{said}<p>{_safe(coverage_line(report))}{date} · "
        "made with Personae</p></footer>"
    )


def _safe(text: str) -> str:
    return escape(plain(text))
