"""What a page or picture is made of when it is more than one report: bars, a matrix, tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Stroke:
    """One bar: seconds with an error bar.

    Attributes:
        text: the figures beside it.
        pale: drawn lighter, to tell it from the other of two.
    """

    label: str
    seconds: float
    low: float | None
    high: float | None
    colour: str
    text: str
    pale: bool = False


@dataclass(frozen=True, slots=True)
class Cluster:
    """Bars that belong together, with their heading."""

    name: str
    strokes: tuple[Stroke, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Clusters of bars on one axis of seconds."""

    title: str
    note: str
    clusters: tuple[Cluster, ...]

    @property
    def full(self) -> float:
        """Where the axis ends."""
        strokes = [stroke for cluster in self.clusters for stroke in cluster.strokes]
        return max((stroke.high or stroke.seconds for stroke in strokes), default=0.0)


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of a matrix.

    Attributes:
        shade: 0..1, how dark; None for a field that is no pair.
        text: in it; ``small`` is the line below.
    """

    shade: float | None
    text: str
    small: str = ""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Each with each: ``cells[row][column]``."""

    title: str
    note: str
    names: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table; ``numbers`` are the columns set to the right."""

    title: str
    note: str
    heads: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    numbers: range


@dataclass(frozen=True, slots=True)
class Markup:
    """A finished part of a page; a picture leaves it out."""

    html: str


Part: TypeAlias = Bars | Matrix | Sheet | Markup


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole page or picture; ``method`` are the sentences of its footer."""

    title: str
    about: str
    parts: Sequence[Part]
    method: tuple[str, ...]
    date: str = ""
    cards: tuple[tuple[str, str], ...] = ()


def shaded(shade: float) -> tuple[str, str]:
    """Colours of a field and of the letters in it: from nearly white to dark blue.

    One hue that only grows darker is read alike by every kind of colour vision, and in grey.
    """
    share = min(max(shade, 0.0), 1.0)
    light, middle, dark = (238, 244, 250), (96, 160, 206), (8, 58, 110)
    a, b, at = (light, middle, share * 2) if share < 0.5 else (middle, dark, share * 2 - 1)
    mixed = [round(one + (two - one) * at) for one, two in zip(a, b, strict=True)]
    return "#" + "".join(f"{part:02x}" for part in mixed), "#ffffff" if share > 0.67 else "#000000"
