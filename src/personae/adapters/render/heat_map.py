"""Where people stood: a heat map with its zones and lines, plain or over a picture."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from personae.adapters.render.canvas import INK, SOFT
from personae.adapters.render.palette import ORANGE, VERMILLION
from personae.adapters.render.words import plain
from personae.core.arrays import Doubles, Numbers, RgbImage
from personae.core.crowd import FilmCrowd

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MAP = "viridis"
"""Grows lighter evenly, and is told apart by every kind of colour vision and in grey."""


def heat_png(film: FilmCrowd, frame: RgbImage | None = None, width: int = 960) -> bytes:
    """The heat map alone, without edges or letters but the names of zones and lines.

    Args:
        film: the medium.
        frame: (H, W, 3) its picture, to draw over; None for white paper.
        width: of the PNG in pixels.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    height = max(round(width * film.size[1] / film.size[0]), 1)
    figure = Figure(figsize=(width / 100, height / 100), dpi=100, facecolor="white")
    FigureCanvasAgg(figure)
    draw_heat(figure.add_axes((0, 0, 1, 1)), film, frame)
    kept = io.BytesIO()
    figure.savefig(kept, format="png", metadata={"Software": None})
    return kept.getvalue()


def draw_heat(axes: Axes, film: FilmCrowd, frame: RgbImage | None = None) -> None:
    """Draws it; axes are in pixels of the medium, y downwards."""
    wide, high = film.size
    place = (0.0, float(wide), float(high), 0.0)
    if frame is not None:
        axes.imshow(frame, extent=place, aspect="auto")
    soft = softened(film.heat)
    share = soft / soft.max() if soft.max() > 0 else soft
    axes.imshow(
        share,
        extent=place,
        aspect="auto",
        cmap=MAP,
        vmin=0,
        vmax=1,
        alpha=np.clip(share * 2.5, 0, 0.7 if frame is not None else 1.0),
        interpolation="bicubic",
    )
    bright = frame is not None
    for zone in film.zones:
        corners = zone.zone.corners
        closed = np.concatenate([corners, corners[:1]])
        _stroke(axes, closed, zone.zone.name, ORANGE, bright)
    for line in film.lines:
        _stroke(axes, line.line.points, line.line.name, VERMILLION, bright)
        _arrow(axes, line.line.points)
    axes.set_xlim(0, wide)
    axes.set_ylim(high, 0)
    axes.set_xticks([])
    axes.set_yticks([])
    for side in axes.spines.values():
        side.set_color(SOFT)
        side.set_linewidth(0.6)


def softened(cells: Numbers) -> Numbers:
    """Spread over neighbours by a bell curve of one cell, nothing lost but over the edges."""
    bell = np.exp(-0.5 * np.arange(-3, 4) ** 2)
    bell /= bell.sum()
    spread: Doubles = cells.astype(np.float64)
    for axis in (0, 1):
        spread = np.apply_along_axis(_blurred, axis, spread, bell)
    return spread.astype(np.float32)


def _blurred(values: Doubles, bell: Doubles) -> Doubles:
    return np.convolve(np.pad(values, 3), bell, "valid")


def _stroke(axes: Axes, points: Doubles, name: str, colour: str, bright: bool) -> None:
    axes.plot(points[:, 0], points[:, 1], color="white", linewidth=3.4, solid_capstyle="round")
    axes.plot(points[:, 0], points[:, 1], color=colour, linewidth=1.8, solid_capstyle="round")
    axes.annotate(
        plain(name),
        (float(points[0, 0]), float(points[0, 1])),
        (3, -3),
        textcoords="offset points",
        size=8,
        weight="bold",
        color=INK,
        va="top",
        bbox={"facecolor": "white", "alpha": 0.85 if bright else 0.7, "linewidth": 0, "pad": 1.5},
    )


def _arrow(axes: Axes, points: Doubles) -> None:
    """From the middle of the line's longest piece to its right."""
    pieces = np.diff(points, axis=0)
    at = int(np.hypot(pieces[:, 0], pieces[:, 1]).argmax())
    middle, way = points[at] + pieces[at] / 2, pieces[at]
    right = np.array([-way[1], way[0]]) / max(float(np.hypot(*way)), 1e-9)
    tip = middle + right * max(float(np.ptp(axes.get_xlim())) * 0.04, 1.0)
    axes.annotate(
        "",
        (float(tip[0]), float(tip[1])),
        (float(middle[0]), float(middle[1])),
        arrowprops={"arrowstyle": "-|>", "color": VERMILLION, "linewidth": 1.6},
    )
