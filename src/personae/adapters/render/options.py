"""What a page or chart may be told: title, date, how much to draw, faces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PageOptions:
    """How to draw a report; two renderings with equal options are equal.

    Attributes:
        title: heading.
        date: shown as it is; empty for none. Never read from a clock.
        people: at most so many bars, and lanes a film; tables hold everybody.
        films: at most so many timelines.
        width: of the PNG and SVG in pixels.
        bars: draw the bars of screen time, not the timelines alone.
        thumbnails: person number to the bytes of a JPEG of their face.
    """

    title: str = "Screen time"
    date: str = ""
    people: int = 20
    films: int = 12
    width: int = 1600
    bars: bool = True
    thumbnails: Mapping[int, bytes] = field(default_factory=dict)
