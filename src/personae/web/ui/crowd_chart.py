"""How many people are in a film over its time, as a chart that tells figures under the pointer."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from nicegui import ui

from personae.adapters.render.palette import BLUE
from personae.adapters.render.words import tick_label
from personae.core.crowd import FilmCrowd
from personae.web.ui.layout import markup

_GREY = "#8a9098"
"""Legible on light and on dark panels."""


def crowd_panels(films: Sequence[FilmCrowd], names: Mapping[str, str]) -> None:
    """One panel a film: figures and a chart."""
    for film in films:
        with ui.element("section").classes("pe-panel"):
            name = html.escape(names[film.path])
            markup(f'<h2><a href="/video/{film.media}">{name}</a></h2>{_facts(film)}')
            # Text in the picture would be drawn by the browser's canvas, which tests cannot read
            chart = ui.echart(_options(film), renderer="svg").classes("pv-chart")
            chart.props(f'aria-label="People over time in {name}"')


def _facts(film: FilmCrowd) -> str:
    unique = film.unique
    several = f"{unique.low} – {unique.high}" if unique.low != unique.high else f"{unique.low}"
    parts = (
        (f"{film.mean:.1f}", "people on average"),
        (f"{film.most:.0f}", f"at most, first at {tick_label(film.most_at, 1)}"),
        (several, "different people"),
        (f"{len(film.visits)}", "visits"),
    )
    told = "".join(f"<div><b>{figure}</b><span>{what}</span></div>" for figure, what in parts)
    return f'<div class="pv-facts">{told}</div>'


def _options(film: FilmCrowd) -> dict[str, object]:
    points = [
        [round(float(at), 2), round(float(count), 2)]
        for at, count in zip(film.series.times, film.series.smooth, strict=True)
    ]
    text = {"color": _GREY}
    line = {"lineStyle": {"color": _GREY, "opacity": 0.25}}
    return {
        "animation": False,
        "grid": {"left": 36, "right": 16, "top": 16, "bottom": 56},
        "tooltip": {"trigger": "axis"},
        "xAxis": {
            "type": "value",
            "min": 0,
            "max": round(film.seconds, 2),
            "name": "seconds",
            "nameLocation": "middle",
            "nameGap": 24,
            "nameTextStyle": text,
            "axisLabel": text,
            "splitLine": {"show": False},
        },
        "yAxis": {"type": "value", "minInterval": 1, "axisLabel": text, "splitLine": line},
        "dataZoom": [{"type": "inside", "zoomOnMouseWheel": "ctrl"}],
        "series": [
            {
                "name": "people",
                "type": "line",
                "step": "end",
                "showSymbol": False,
                "sampling": "max",
                "data": points,
                "lineStyle": {"color": BLUE, "width": 2},
                "itemStyle": {"color": BLUE},
                "areaStyle": {"color": BLUE, "opacity": 0.15},
            }
        ],
    }
