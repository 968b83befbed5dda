"""Reports as HTML: bars with error bars, tables of appearances, pairs, downloads, the method."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Protocol
from urllib.parse import urlencode

from personae.adapters.render.palette import paint_genders, paint_rows
from personae.adapters.render.words import clock, percent, spoken
from personae.flows.figures import FilmPresence, Row, ScreenTime
from personae.flows.together import Pair, Together

FIRST = 25
"""Rows shown before "show all"."""
FORMS = (("PNG", "png"), ("SVG", "svg"), ("CSV", "csv"), ("JSON", "json"))


class Counted(Protocol):
    """Any report: it says how it was counted."""

    @property
    def method(self) -> tuple[str, ...]: ...


def facts(report: ScreenTime) -> str:
    """What was measured, in a line of figures."""
    covered = report.coverage
    parts = [
        (spoken(report.total_seconds), "of film"),
        (f"{covered.films}", "film" if covered.films == 1 else "films"),
        (f"{covered.people}", "person on screen" if covered.people == 1 else "people on screen"),
        (f"{sum(row.appearances for row in report.rows)}", "appearances"),
    ]
    if covered.photos:
        parts.insert(2, (f"{covered.photos}", "photo" if covered.photos == 1 else "photos"))
    if covered.unnamed:
        parts.append((f"{covered.unnamed}", "not named yet"))
    told = "".join(f"<div><b>{figure}</b><span>{what}</span></div>" for figure, what in parts)
    return f'<div class="pv-facts">{told}</div>'


def gauges(report: ScreenTime, title: str) -> str:
    """One bar a row, with its error bar, seconds and share."""
    rows = report.rows
    scale = max((row.high or row.seconds for row in rows), default=0.0) or 1.0
    lines = [_gauge(row, colour, scale) for row, colour in zip(rows, paint_rows(rows), strict=True)]
    shown, rest = "".join(lines[:FIRST]), "".join(lines[FIRST:])
    if rest:
        rest = f"<details><summary>{len(lines) - FIRST} more</summary>{rest}</details>"
    note = "Seconds on screen, and their share of all film. The thin line is the error bar."
    if report.by == "gender":
        note = "As people tagged them, never guessed; two at once count once. " + note
    body = shown or '<p class="pe-muted">Nobody is on screen here.</p>'
    return f'<h2>{html.escape(title)}</h2><p class="pv-small">{note}</p>{body}{rest}'


def _gauge(row: Row, colour: str, scale: float) -> str:
    name = html.escape(row.key)
    if row.person is None:
        label = f'<span class="pv-label"><i class="pv-dot" style="background:{colour}"></i>'
        people = f"{row.people} {'person' if row.people == 1 else 'people'}"
        label += f"<span>{name}</span><small>{people}</small></span>"
    else:
        label = (
            f'<a class="pv-label" href="/people/{row.person}"><img alt="" loading="lazy" '
            f'src="/api/v1/people/{row.person}/crop"><span>{name}</span></a>'
        )
    bars = ""
    if row.low is not None and row.high is not None:
        left, wide = 100 * row.low / scale, 100 * (row.high - row.low) / scale
        bars = f'<u style="left:{left:.2f}%;width:{wide:.2f}%"></u>'
        told = f"{spoken(row.low)} to {spoken(row.high)}"
    else:
        told = clock(row.seconds)
    return (
        f'<div class="pv-fig" data-key="{name}" data-seconds="{row.seconds!r}">{label}'
        f'<div class="pv-gauge" title="{told}"><i style="width:{100 * row.seconds / scale:.2f}%;'
        f'background:{colour}"></i>{bars}</div><div class="pv-value">'
        f"{spoken(row.seconds)}<small>{percent(row.share)}</small></div></div>"
    )


def when(film: FilmPresence) -> str:
    """Every appearance of a film with exact in and out, each a link to that moment."""
    found = sorted(
        ((one, lane.key) for lane in film.lanes for one in lane.intervals),
        key=lambda pair: (pair[0].start, pair[0].end, pair[1]),
    )
    lines = "".join(
        f'<tr><td>{html.escape(name)}</td><td class="n"><a href="/video/{one.media}?t='
        f'{one.start:.3f}">{clock(one.start)}</a></td><td class="n">{clock(one.end)}</td>'
        f'<td class="n">{one.end - one.start:.3f}</td><td>{html.escape(one.known_by)}</td></tr>'
        for one, name in found
    )
    head = '<th>Who</th><th class="n">In</th><th class="n">Out</th><th class="n">Seconds</th>'
    return (
        f"<details><summary>Exactly: {len(found)} appearances</summary>"
        f'<div class="pv-scroll"><table class="pe-table"><thead><tr>{head}<th>Known by</th></tr>'
        f"</thead><tbody>{lines}</tbody></table></div></details>"
    )


def pairs(report: Together, title: str) -> str:
    """Who is with whom: seconds, shares of the time of each, and how that is beside chance."""
    people = {unit.key: unit.person for unit in report.units}
    paint = paint_genders([unit.key for unit in report.units if unit.person is None])
    lines = [_pair(one, people, paint) for one in report.pairs]
    rest = "".join(lines[FIRST:])
    if rest:
        rest = f"<details><summary>{len(lines) - FIRST} more</summary>{rest}</details>"
    return f"<h2>{html.escape(title)}</h2>{''.join(lines[:FIRST])}{rest}"


def _pair(one: Pair, people: dict[str, int | None], paint: dict[str, str]) -> str:
    a, b = html.escape(one.a), html.escape(one.b)
    both = f"two or more {a}" if one.a == one.b else f"{a} and {b}"
    shares = f"{percent(one.share_a)} of the time of {a}"
    if one.a != one.b:
        shares += f", {percent(one.share_b)} of that of {b}"
    shares = shares if one.seconds else "Never at once, though in the same film"
    faces = "".join(_face(key, people.get(key), paint) for key in dict.fromkeys((one.a, one.b)))
    return (
        f'<div class="pv-pair"><div class="pv-faces">{faces}</div><div><b>{both}</b>'
        f'<div class="pv-small">{shares}. {_chance(one)}</div></div>'
        f'<div class="pv-value">{spoken(one.seconds)}</div></div>'
    )


def _face(key: str, person: int | None, paint: dict[str, str]) -> str:
    if person is None:
        return f'<i class="pv-disc" style="background:{paint.get(key, "")}"></i>'
    return f'<img alt="" loading="lazy" src="/api/v1/people/{person}/crop">'


def _chance(one: Pair) -> str:
    """How often they meet beside what chance alone gives, in words."""
    if one.lift is None:
        return ""
    if one.p is None:
        return f"{one.lift:.1f} times what chance gives ({spoken(one.expected)} expected)."
    if one.p >= 0.05:
        return f"About what chance gives ({spoken(one.expected)} expected)."
    word = "more" if one.lift > 1 else "less"
    return f"{one.lift:.1f} times what chance gives ({spoken(one.expected)}): clearly {word}."


def downloads(report: str, by: str | None, collection: str | None, medium: int | None) -> str:
    """Links to the same figures as files."""
    asked = {"by": by, "collection": collection, "media": medium}
    known = {name: value for name, value in asked.items() if value is not None}
    links = "".join(
        f'<a class="pe-btn" download href="/api/v1/reports/{report}?'
        f'{html.escape(urlencode({**known, "format": form}))}">{label}</a>'
        for label, form in FORMS
    )
    return f'<div class="pe-row pv-files"><span class="pv-small">Download</span>{links}</div>'


def how(report: Counted) -> str:
    """How it was counted, folded away."""
    lines: Sequence[str] = report.method
    said = "".join(f"<p>{html.escape(one)}</p>" for one in lines)
    return f"<details><summary>How this is counted</summary>{said}</details>"
