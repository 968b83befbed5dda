"""A report as one picture, PNG or SVG: bars of screen time above the timelines of its films."""

from __future__ import annotations

import io
import textwrap
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from personae.adapters.render.options import PageOptions
from personae.adapters.render.palette import GREY, lane_colours, paint_rows
from personae.adapters.render.subject import FilmPresence, Lane, Report, Row
from personae.adapters.render.words import (
    clock,
    coverage_line,
    percent,
    plain,
    short_names,
    spoken,
    tick_label,
    ticks,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FILMS = 4
"""Timelines in one picture when nothing else is asked; a page scrolls, a picture does not."""

_INK, _SOFT, _LINE, _TRACK = "#16191d", "#5a6370", "#dfe3e8", "#f3f5f7"
_INCHES, _LEFT, _RIGHT, _EDGE = 10.0, 2.3, 1.9, 0.4
_BAR, _LANE = 0.3, 0.22
# Only those that are installed are asked for; the first is always there, it comes with matplotlib.
_FONTS = ("DejaVu Sans", "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans Arabic", "Noto Sans")


def png_bytes(
    report: Report, presence: Sequence[FilmPresence] = (), options: PageOptions | None = None
) -> bytes:
    """The picture as PNG, ``options.width`` pixels wide; `picture_size` says how high."""
    plan = _Plan.of(report, presence, options)
    kept = io.BytesIO()
    with _drawn(plan) as figure:
        figure.savefig(kept, format="png", metadata={"Software": None})
    return kept.getvalue()


def svg_text(
    report: Report, presence: Sequence[FilmPresence] = (), options: PageOptions | None = None
) -> str:
    """The picture as SVG, letters as outlines: it looks the same wherever it is opened."""
    plan = _Plan.of(report, presence, options)
    kept = io.StringIO()
    with _drawn(plan) as figure:
        figure.savefig(kept, format="svg", metadata={"Date": None, "Creator": None})
    return kept.getvalue()


def picture_size(
    report: Report, presence: Sequence[FilmPresence] = (), options: PageOptions | None = None
) -> tuple[int, int]:
    """(width, height) in pixels of the PNG."""
    plan = _Plan.of(report, presence, options)
    return plan.options.width, plan.pixels_high


# matplotlib's settings and Python's warning filters belong to the whole process.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is drawn, and how high each part is in inches of a picture ten inches wide."""

    report: Report
    rows: Sequence[Row]
    films: Sequence[FilmPresence]
    names: dict[str, str]
    colours: dict[int, str]
    title: tuple[str, ...]
    footer: tuple[str, ...]
    options: PageOptions

    @classmethod
    def of(
        cls, report: Report, presence: Sequence[FilmPresence], options: PageOptions | None
    ) -> _Plan:
        chosen = options or PageOptions(films=FILMS)
        rows, films = report.rows[: chosen.people], presence[: chosen.films]
        said = [coverage_line(report), *report.method]
        if len(rows) < len(report.rows) or len(films) < len(presence):
            said.append(
                f"Drawn: {len(rows)} of {len(report.rows)} rows, "
                f"{len(films)} of {len(presence)} films."
            )
        if any(one.lanes for one in films):
            said.append("Solid: face seen. Pale: known by the body, or a break closed.")
        return cls(
            report=report,
            rows=rows,
            films=films,
            names=short_names(one.film.path for one in presence),
            colours=lane_colours(report, presence),
            title=tuple(textwrap.wrap(plain(chosen.title), 62)[:3]),
            footer=tuple(line for part in said for line in textwrap.wrap(plain(part), 165)),
            options=replace(chosen, films=len(films)),
        )

    @property
    def head(self) -> float:
        return _EDGE + 0.31 * len(self.title) + 0.45

    @property
    def bars(self) -> float:
        return _BAR * max(len(self.rows), 1) + 0.45

    def film(self, one: FilmPresence) -> float:
        """Heading, lanes and axis."""
        return 0.42 + _LANE * self.lanes_of(one) + 0.32

    def lanes_of(self, one: FilmPresence) -> int:
        """How many lanes are drawn; an empty film keeps one empty track."""
        return max(min(len(one.lanes), self.options.people), 1)

    @property
    def foot(self) -> float:
        return 0.25 + 0.155 * len(self.footer) + 0.25

    @property
    def dpi(self) -> float:
        return self.options.width / _INCHES

    @property
    def pixels_high(self) -> int:
        inches = self.head + self.bars + sum(self.film(one) for one in self.films) + self.foot
        return round(inches * self.dpi)

    @property
    def inches_high(self) -> float:
        return self.pixels_high / self.dpi


@contextmanager
def _drawn(plan: _Plan) -> Iterator[Figure]:
    """The figure, with the settings it must also be saved under; they are put back."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.font_manager import get_font_names

    installed = set(get_font_names())
    with _ONE_AT_A_TIME, matplotlib.rc_context(), warnings.catch_warnings():
        matplotlib.rcdefaults()
        settings = matplotlib.rcParams
        settings["font.family"] = [name for name in _FONTS if name in installed]
        settings["text.parse_math"] = False  # a name may hold dollar signs
        settings["svg.fonttype"] = "path"
        settings["svg.hashsalt"] = "personae"  # ids would else differ from picture to picture
        # A name in a script that no font here has is drawn as boxes; the page shows it right.
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from", category=UserWarning)
        figure = Figure(figsize=(_INCHES, plan.inches_high), dpi=plan.dpi, facecolor="white")
        FigureCanvasAgg(figure)
        _draw(plan, figure)
        yield figure


def _draw(plan: _Plan, figure: Figure) -> None:
    _head(plan, figure)
    top = plan.head
    _bars(plan, _axes(plan, figure, top, plan.bars - 0.45))
    top += plan.bars
    for one in plan.films:
        _film(plan, one, _axes(plan, figure, top + 0.42, _LANE * plan.lanes_of(one)))
        top += plan.film(one)
    _foot(plan, figure, top)


def _axes(plan: _Plan, figure: Figure, top: float, height: float) -> Axes:
    """Axes ``top`` inches below the upper edge, in the column that all parts share."""
    high = plan.inches_high
    width = _INCHES - _LEFT - _RIGHT
    area = (_LEFT / _INCHES, 1 - (top + height) / high, width / _INCHES, height / high)
    axes = figure.add_axes(area)
    axes.set_yticks([])
    axes.set_axisbelow(True)
    axes.grid(axis="x", color=_LINE, linewidth=0.7)
    axes.tick_params(axis="x", length=0, labelsize=7.5, labelcolor=_SOFT, pad=4)
    for side in axes.spines.values():
        side.set_visible(False)
    return axes


def _time_axis(axes: Axes, full: float) -> None:
    marks, step = ticks(full)
    axes.set_xlim(0, full or 1)
    axes.set_xticks(marks, [tick_label(at, step) for at in marks])


def _head(plan: _Plan, figure: Figure) -> None:
    left, high = _EDGE / _INCHES, plan.inches_high
    for place, line in enumerate(plan.title):
        down = 1 - (_EDGE + 0.31 * place) / high
        figure.text(left, down, line, size=17, weight="bold", color=_INK, va="top")
    about = f"By {plan.report.by} · time on screen and share of run time"
    if plan.options.date:
        about += f" · {plain(plan.options.date)}"
    down = 1 - (_EDGE + 0.31 * len(plan.title) + 0.04) / high
    figure.text(left, down, about, size=9.5, color=_SOFT, va="top")


def _bars(plan: _Plan, axes: Axes) -> None:
    if not plan.rows:
        axes.text(0, 0.5, "Nobody appears in this scope.", size=9.5, color=_SOFT, va="center")
        axes.set_xticks([])
        return
    full = max(row.seconds for row in plan.rows)
    _time_axis(axes, full)
    axes.set_ylim(len(plan.rows) - 0.5, -0.5)
    places = range(len(plan.rows))
    axes.barh(places, [row.seconds for row in plan.rows], 0.68, color=paint_rows(plan.rows))
    for place, row in enumerate(plan.rows):
        _beside(axes, place, row.key, (spoken(row.seconds), percent(row.share)), 9.5)


def _film(plan: _Plan, one: FilmPresence, axes: Axes) -> None:
    count, length = plan.lanes_of(one), one.film.duration
    _time_axis(axes, length)
    axes.set_ylim(count - 0.5, -0.5)
    axes.barh(range(count), [length or 1] * count, 0.78, color=_TRACK, zorder=0)
    heading = f"{_short(plan.names[one.film.path], 60)}  ·  {clock(length)}"
    axes.annotate(
        heading,
        (0, 1),
        (0, 6),
        xycoords="axes fraction",
        textcoords="offset points",
        size=9.5,
        weight="bold",
        color=_INK,
    )
    for place, lane in enumerate(one.lanes[: plan.options.people]):
        _lane(axes, place, lane, plan.colours.get(lane.person, GREY))
        part = percent(lane.seconds / max(length, lane.seconds))
        _beside(axes, place, lane.key, (spoken(lane.seconds), part), 8)


def _lane(axes: Axes, place: int, lane: Lane, colour: str) -> None:
    whole = [(one.start, one.end - one.start) for one in lane.intervals]
    seen = [(start, end - start) for start, end in lane.seen]
    axes.broken_barh(whole, (place - 0.39, 0.78), facecolors=colour, alpha=0.38, linewidth=0)
    # The thin outline keeps two seconds of a long film visible.
    axes.broken_barh(
        seen, (place - 0.39, 0.78), facecolors=colour, edgecolors=colour, linewidth=0.4
    )


def _beside(axes: Axes, place: int, name: str, figures: tuple[str, str], size: float) -> None:
    """Name left of the axes, time and share right of them."""
    columns = ((-8, 0, "right", _short(name, 24), _INK), (64, 1, "right", figures[0], _INK))
    for shift, at, side, text, colour in (*columns, (108, 1, "right", figures[1], _SOFT)):
        axes.annotate(
            text,
            (at, place),
            (shift, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            size=size,
            color=colour,
            ha=side,
            va="center",
        )


def _foot(plan: _Plan, figure: Figure, top: float) -> None:
    high = plan.inches_high
    left, line = _EDGE / _INCHES, 1 - (top + 0.12) / high
    from matplotlib.lines import Line2D

    figure.add_artist(Line2D([left, 1 - left], [line, line], color=_LINE, linewidth=1))
    figure.text(
        left,
        1 - (top + 0.25) / high,
        "\n".join(plan.footer),
        size=7,
        color=_SOFT,
        va="top",
        linespacing=1.45,
    )


def _short(text: str, most: int) -> str:
    shown = plain(text)
    return shown if len(shown) <= most else shown[: most - 1].rstrip() + "…"
