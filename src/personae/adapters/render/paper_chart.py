"""A paper as one picture, PNG or SVG: its bars and its matrix; tables are left to the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from personae.adapters.render.canvas import (
    EDGE,
    INCHES,
    INK,
    SOFT,
    Canvas,
    above,
    beside,
    short,
    time_axis,
    whiskers,
)
from personae.adapters.render.paper import Bars, Cluster, Matrix, Paper, shaded

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BAR, _PALE = 0.26, 0.5
_NAMES, _MOST = 2.3, 0.8
_NOTE, _AXIS = 0.42, 0.34


def paper_png(paper: Paper, width: int = 1600) -> bytes:
    """The picture, ``width`` pixels wide."""
    sheet = _sheet(paper, width)
    return sheet.png(lambda figure: _draw(paper, sheet, figure))


def paper_svg(paper: Paper, width: int = 1600) -> str:
    """The picture with letters as outlines."""
    sheet = _sheet(paper, width)
    return sheet.svg(lambda figure: _draw(paper, sheet, figure))


def _sheet(paper: Paper, width: int) -> Canvas:
    about = paper.about + (f" · {paper.date}" if paper.date else "")
    body = sum(_height(part) for part in paper.parts if isinstance(part, Bars | Matrix))
    return Canvas.of(width, (paper.title, about), paper.method, body)


def _height(part: Bars | Matrix) -> float:
    if isinstance(part, Matrix):
        return _NOTE + 0.5 + _field(part) * max(len(part.names), 1)
    return _NOTE + sum(_cluster_height(cluster) for cluster in part.clusters) + _AXIS


def _cluster_height(cluster: Cluster) -> float:
    return 0.36 + _BAR * max(len(cluster.strokes), 1) + 0.06


def _field(part: Matrix) -> float:
    """Height of a field, inches: as many as there are must fit beside each other."""
    return min((INCHES - _NAMES - EDGE) / max(len(part.names), 1), _MOST)


def _draw(paper: Paper, sheet: Canvas, figure: Figure) -> None:
    top = sheet.head
    for part in paper.parts:
        if not isinstance(part, Bars | Matrix):
            continue
        sheet.write(figure, top, part.title, size=11, weight="bold")
        sheet.write(figure, top + 0.2, short(part.note, 165), size=7.5, color=SOFT)
        if isinstance(part, Bars):
            _bars(part, sheet, figure, top + _NOTE)
        else:
            _matrix(part, sheet, figure, top + _NOTE)
        top += _height(part)


def _bars(part: Bars, sheet: Canvas, figure: Figure, top: float) -> None:
    for cluster in part.clusters:
        count = max(len(cluster.strokes), 1)
        axes = sheet.axes(figure, top + 0.36, _BAR * count)
        time_axis(axes, part.full)
        axes.set_ylim(count - 0.5, -0.5)
        # One axis for all: they share it
        axes.tick_params(labelbottom=cluster is part.clusters[-1])
        above(axes, short(cluster.name, 70))
        if not cluster.strokes:
            axes.text(0, 0, "Nobody appears.", size=8.5, color=SOFT, va="center")
        for place, one in enumerate(cluster.strokes):
            alpha = _PALE if one.pale else 1.0
            axes.barh(place, one.seconds, 0.7, color=one.colour, alpha=alpha)
            beside(axes, place, one.label, ("", one.text), 8.5)
        whiskers(axes, [(i, one.low, one.high) for i, one in enumerate(cluster.strokes)])
        top += _cluster_height(cluster)


def _matrix(part: Matrix, sheet: Canvas, figure: Figure, top: float) -> None:
    count, field = len(part.names), _field(part)
    if not count:
        sheet.write(figure, top + 0.2, "Nobody appears in this scope.", color=SOFT)
        return
    wide = min(field * 1.45, (INCHES - _NAMES - EDGE) / count)
    area = (_NAMES / INCHES, 1 - (top + 0.35 + field * count) / sheet.high)
    axes = figure.add_axes((*area, wide * count / INCHES, field * count / sheet.high))
    axes.set_xlim(-0.5, count - 0.5)
    axes.set_ylim(count - 0.5, -0.5)
    letters = max(int(wide * 13.5), 3)
    axes.set_xticks(range(count), [short(name, letters) for name in part.names])
    axes.set_yticks(range(count), [short(name, 26) for name in part.names])
    axes.tick_params(length=0, labelsize=8.5, labelcolor=INK, labeltop=True, labelbottom=False)
    for side in axes.spines.values():
        side.set_visible(False)
    for row, cells in enumerate(part.cells):
        for column, cell in enumerate(cells):
            colour, ink = ("#f3f5f7", SOFT) if cell.shade is None else shaded(cell.shade)
            _fill(axes, (column, row), colour)
            size = min(9.0, 9.5 * wide)
            said = cell.text + (f"\n{cell.small}" if cell.small else "")
            axes.text(column, row, said, size=size, color=ink, ha="center", va="center")


def _fill(axes: Axes, place: tuple[int, int], colour: str) -> None:
    from matplotlib.patches import Rectangle

    column, row = place
    area = Rectangle((column - 0.48, row - 0.47), 0.96, 0.94, facecolor=colour, linewidth=0)
    axes.add_patch(area)
