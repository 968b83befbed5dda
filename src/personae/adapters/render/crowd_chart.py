"""A report on crowds as one picture, PNG or SVG: counts over time, visits, heat maps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from personae.adapters.render.canvas import (
    EDGE,
    INCHES,
    INK,
    SOFT,
    Canvas,
    short,
    time_axis,
)
from personae.adapters.render.crowd_words import about, place_lines, summary
from personae.adapters.render.heat_map import draw_heat
from personae.adapters.render.palette import BLUE, GREY, VERMILLION
from personae.adapters.render.words import clock, short_names
from personae.core.arrays import RgbImage
from personae.core.crowd import CrowdReport, FilmCrowd

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FILMS = 4
"""At most so many media in one picture; a page scrolls, a picture does not."""
_COUNT, _MAP = 1.7, 3.2
_NAME, _TEXT, _AXIS, _SPACE = 0.35, 0.19, 0.38, 0.3


def crowd_png(
    report: CrowdReport, frames: Mapping[int, RgbImage], title: str, width: int = 1600
) -> bytes:
    """The picture as PNG; heat maps are drawn over ``frames`` of media where there are any."""
    canvas = _canvas(report, title, width)
    return canvas.png(lambda figure: _draw(report, frames, figure, canvas))


def crowd_svg(
    report: CrowdReport, frames: Mapping[int, RgbImage], title: str, width: int = 1600
) -> str:
    """The picture as SVG."""
    canvas = _canvas(report, title, width)
    return canvas.svg(lambda figure: _draw(report, frames, figure, canvas))


def _canvas(report: CrowdReport, title: str, width: int) -> Canvas:
    shown = report.films[:FILMS]
    said = list(report.method)
    if len(shown) < len(report.films):
        said.append(f"Drawn: {len(shown)} of {len(report.films)} media.")
    said.append(
        "Line: smoothed count; grey: each moment; bar below: visits; dot: the most. "
        "Map: where feet stood, the lighter the longer."
    )
    return Canvas.of(width, (title, about(report)), said, sum(_height(one) for one in shown))


def _height(film: FilmCrowd) -> float:
    text = _TEXT * (len(place_lines(film)) + 1)
    return _NAME + _COUNT + _AXIS + text + _SPACE + _MAP + _SPACE


def _draw(
    report: CrowdReport, frames: Mapping[int, RgbImage], figure: Figure, canvas: Canvas
) -> None:
    shown = report.films[:FILMS]
    names = short_names(one.path for one in report.films)
    top = canvas.head
    for film in shown:
        _film(figure, canvas.high, top, film, names[film.path], frames)
        top += _height(film)


def _film(
    figure: Figure,
    whole: float,
    top: float,
    film: FilmCrowd,
    name: str,
    frames: Mapping[int, RgbImage],
) -> None:
    left = EDGE / INCHES
    heading = f"{short(name, 70)}  ·  {clock(film.seconds)}"
    figure.text(left, 1 - (top + 0.12) / whole, heading, size=9.5, weight="bold", color=INK)
    wide = (INCHES - 2 * EDGE - 0.35) / INCHES
    down = top + _NAME
    area = (left + 0.35 / INCHES, 1 - (down + _COUNT) / whole, wide, _COUNT / whole)
    _counts(figure.add_axes(area), film)
    down += _COUNT + _AXIS
    for line in (summary(film), *place_lines(film)):
        figure.text(left, 1 - down / whole, line, size=8.5, color=INK, va="top")
        down += _TEXT
    down += _SPACE / 2
    across = min(_MAP * film.size[0] / film.size[1], INCHES - 2 * EDGE)
    high = across * film.size[1] / film.size[0]
    area = (left, 1 - (down + high) / whole, across / INCHES, high / whole)
    draw_heat(figure.add_axes(area), film, frames.get(film.media))


def _counts(axes: Axes, film: FilmCrowd) -> None:
    from matplotlib.ticker import MaxNLocator

    series, full = film.series, max(film.seconds, 1.0)
    times = series.times
    high = max(float(series.people.max()), 1.0)
    axes.fill_between(times, series.smooth, step="post", color=BLUE, alpha=0.18, linewidth=0)
    axes.step(times, series.people, where="post", color=GREY, linewidth=0.6)
    axes.step(times, series.smooth, where="post", color=BLUE, linewidth=1.5)
    axes.plot([film.most_at], [film.most], "o", color=VERMILLION, markersize=5, zorder=4)
    spans: Sequence[tuple[float, float]] = [(a, b - a) for a, b in film.visits]
    axes.broken_barh(spans, (-0.085 * high, 0.045 * high), facecolors=BLUE, linewidth=0)
    time_axis(axes, full)
    axes.set_ylim(-0.1 * high, high * 1.12)
    axes.set_axisbelow(True)
    axes.grid(color="#dfe3e8", linewidth=0.7)
    axes.tick_params(length=0, labelsize=7.5, labelcolor=SOFT, pad=4)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    for side in axes.spines.values():
        side.set_visible(False)
