"""A report as one picture, PNG or SVG: bars of screen time above the timelines of its films."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from personae.adapters.render.canvas import (
    SOFT,
    TRACK,
    Canvas,
    above,
    beside,
    short,
    time_axis,
    whiskers,
)
from personae.adapters.render.options import PageOptions
from personae.adapters.render.palette import GREY, lane_colours, paint_rows
from personae.adapters.render.subject import FilmPresence, Lane, Report, Row
from personae.adapters.render.words import clock, coverage_line, percent, short_names, spoken

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FILMS = 4
"""Timelines in one picture when nothing else is asked; a page scrolls, a picture does not."""
_BAR, _LANE = 0.3, 0.22


def png_bytes(
    report: Report, presence: Sequence[FilmPresence] = (), options: PageOptions | None = None
) -> bytes:
    """The picture as PNG, ``options.width`` pixels wide; `picture_size` says how high."""
    plan = _Plan.of(report, presence, options)
    return plan.canvas.png(plan.draw)


def svg_text(
    report: Report, presence: Sequence[FilmPresence] = (), options: PageOptions | None = None
) -> str:
    """The picture as SVG, letters as outlines: it looks the same wherever it is opened."""
    plan = _Plan.of(report, presence, options)
    return plan.canvas.svg(plan.draw)


def picture_size(
    report: Report, presence: Sequence[FilmPresence] = (), options: PageOptions | None = None
) -> tuple[int, int]:
    """(width, height) in pixels of the PNG."""
    plan = _Plan.of(report, presence, options)
    return plan.options.width, plan.canvas.pixels_high


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is drawn, and how high each part is in inches of a picture ten inches wide."""

    report: Report
    rows: Sequence[Row]
    films: Sequence[FilmPresence]
    names: dict[str, str]
    colours: dict[int, str]
    options: PageOptions

    @classmethod
    def of(
        cls, report: Report, presence: Sequence[FilmPresence], options: PageOptions | None
    ) -> _Plan:
        chosen = options or PageOptions(films=FILMS)
        films = presence[: chosen.films]
        return cls(
            report=report,
            rows=report.rows[: chosen.people],
            films=films,
            names=short_names(one.film.path for one in presence),
            colours=lane_colours(report, presence),
            options=replace(chosen, films=len(presence)),
        )

    @property
    def canvas(self) -> Canvas:
        """The sheet; as high as its parts."""
        told = "time on screen and share of run time" if self.options.bars else "who is there when"
        date = f" · {self.options.date}" if self.options.date else ""
        body = self.bars + sum(self.film(one) for one in self.films)
        words = (self.options.title, f"By {self.report.by} · {told}{date}")
        return Canvas.of(self.options.width, words, self._said(), body)

    def _said(self) -> list[str]:
        said = [coverage_line(self.report), *self.report.method]
        rows, films = len(self.report.rows), self.options.films
        if len(self.rows) < rows or len(self.films) < films:
            said.append(
                f"Drawn: {len(self.rows)} of {rows} rows, {len(self.films)} of {films} films."
            )
        if any(one.lanes for one in self.films):
            said.append("Solid: face seen. Pale: known by the body, or a break closed.")
        return said

    @property
    def bars(self) -> float:
        return _BAR * max(len(self.rows), 1) + 0.45 if self.options.bars else 0.0

    def film(self, one: FilmPresence) -> float:
        """Heading, lanes and axis."""
        return 0.42 + _LANE * self.lanes_of(one) + 0.32

    def lanes_of(self, one: FilmPresence) -> int:
        """How many lanes are drawn; an empty film keeps one empty track."""
        return max(min(len(one.lanes), self.options.people), 1)

    def draw(self, figure: Figure) -> None:
        """Everything between heading and footer."""
        canvas = self.canvas
        top = canvas.head
        if self.options.bars:
            _bars(self, canvas.axes(figure, top, self.bars - 0.45))
        top += self.bars
        for one in self.films:
            _film(self, one, canvas.axes(figure, top + 0.42, _LANE * self.lanes_of(one)))
            top += self.film(one)


def _bars(plan: _Plan, axes: Axes) -> None:
    if not plan.rows:
        axes.text(0, 0.5, "Nobody appears in this scope.", size=9.5, color=SOFT, va="center")
        axes.set_xticks([])
        return
    time_axis(axes, max(row.high or row.seconds for row in plan.rows))
    axes.set_ylim(len(plan.rows) - 0.5, -0.5)
    places = range(len(plan.rows))
    axes.barh(places, [row.seconds for row in plan.rows], 0.68, color=paint_rows(plan.rows))
    whiskers(axes, [(place, row.low, row.high) for place, row in enumerate(plan.rows)])
    for place, row in enumerate(plan.rows):
        beside(axes, place, row.key, (spoken(row.seconds), percent(row.share)), 9.5)


def _film(plan: _Plan, one: FilmPresence, axes: Axes) -> None:
    count, length = plan.lanes_of(one), one.film.duration
    time_axis(axes, length)
    axes.set_ylim(count - 0.5, -0.5)
    axes.barh(range(count), [length or 1] * count, 0.78, color=TRACK, zorder=0)
    above(axes, f"{short(plan.names[one.film.path], 60)}  ·  {clock(length)}")
    for place, lane in enumerate(one.lanes[: plan.options.people]):
        _lane(axes, place, lane, plan.colours.get(lane.person, GREY))
        part = percent(lane.seconds / max(length, lane.seconds))
        beside(axes, place, lane.key, (spoken(lane.seconds), part), 8)


def _lane(axes: Axes, place: int, lane: Lane, colour: str) -> None:
    whole = [(one.start, one.end - one.start) for one in lane.intervals]
    seen = [(start, end - start) for start, end in lane.seen]
    axes.broken_barh(whole, (place - 0.39, 0.78), facecolors=colour, alpha=0.38, linewidth=0)
    # The thin outline keeps two seconds of a long film visible.
    axes.broken_barh(
        seen, (place - 0.39, 0.78), facecolors=colour, edgecolors=colour, linewidth=0.4
    )
