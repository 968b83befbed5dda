"""The sheet that pictures are drawn on: sizes, fonts, heading, footer; the same in all."""

from __future__ import annotations

import io
import textwrap
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from personae.adapters.render.words import plain, tick_label, ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, SOFT, LINE, TRACK = "#16191d", "#5a6370", "#dfe3e8", "#f3f5f7"
INCHES, LEFT, RIGHT, EDGE = 10.0, 2.3, 1.9, 0.4
# Only those that are installed are asked for; the first is always there, it comes with matplotlib.
_FONTS = ("DejaVu Sans", "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans Arabic", "Noto Sans")
# matplotlib's settings and Python's warning filters belong to the whole process.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class Canvas:
    """A picture ten inches wide: heading, a body of ``body`` inches, footer.

    Attributes:
        width: in pixels.
        title: wrapped lines.
        about: the line below.
        body: height in inches of what is between heading and footer.
        footer: wrapped lines.
    """

    width: int
    title: tuple[str, ...]
    about: str
    body: float
    footer: tuple[str, ...]

    @classmethod
    def of(cls, width: int, words: tuple[str, str], said: Sequence[str], body: float) -> Canvas:
        """With ``words`` (title, the line below) and the footer's sentences wrapped."""
        title, about = (plain(text) for text in words)
        lines = tuple(line for part in said for line in textwrap.wrap(plain(part), 165))
        return cls(width, tuple(textwrap.wrap(title, 62)[:3]), about, body, lines)

    @property
    def head(self) -> float:
        """Height of the heading, inches."""
        return EDGE + 0.31 * len(self.title) + 0.45

    @property
    def dpi(self) -> float:
        """Pixels an inch."""
        return self.width / INCHES

    @property
    def pixels_high(self) -> int:
        """Of the whole picture."""
        foot = 0.25 + 0.155 * len(self.footer) + 0.25
        return round((self.head + self.body + foot) * self.dpi)

    @property
    def high(self) -> float:
        """Height of the whole picture, inches."""
        return self.pixels_high / self.dpi

    def png(self, draw: Callable[[Figure], None]) -> bytes:
        """The picture as PNG, ``width`` x ``pixels_high``."""
        kept = io.BytesIO()
        with self._drawn(draw) as figure:
            figure.savefig(kept, format="png", metadata={"Software": None})
        return kept.getvalue()

    def svg(self, draw: Callable[[Figure], None]) -> str:
        """The picture as SVG, letters as outlines: it looks the same wherever it is opened."""
        kept = io.StringIO()
        with self._drawn(draw) as figure:
            figure.savefig(kept, format="svg", metadata={"Date": None, "Creator": None})
        return kept.getvalue()

    def axes(self, figure: Figure, top: float, height: float) -> Axes:
        """Axes ``top`` inches below the upper edge, in the column that all parts share."""
        area = (LEFT / INCHES, 1 - (top + height) / self.high)
        axes = figure.add_axes((*area, (INCHES - LEFT - RIGHT) / INCHES, height / self.high))
        axes.set_yticks([])
        axes.set_axisbelow(True)
        axes.grid(axis="x", color=LINE, linewidth=0.7)
        axes.tick_params(axis="x", length=0, labelsize=7.5, labelcolor=SOFT, pad=4)
        for side in axes.spines.values():
            side.set_visible(False)
        return axes

    def write(self, figure: Figure, top: float, text: str, **looks: object) -> None:
        """A line at the left edge, ``top`` inches below the upper one."""
        settings: dict[str, object] = {"size": 9.5, "color": INK, "va": "top", **looks}
        figure.text(EDGE / INCHES, 1 - top / self.high, text, **settings)  # type: ignore[arg-type]

    @contextmanager
    def _drawn(self, draw: Callable[[Figure], None]) -> Iterator[Figure]:
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
            warnings.filterwarnings(
                "ignore", message=r"Glyph .* missing from", category=UserWarning
            )
            figure = Figure(figsize=(INCHES, self.high), dpi=self.dpi, facecolor="white")
            FigureCanvasAgg(figure)
            self._heading(figure)
            draw(figure)
            self._footer(figure)
            yield figure

    def _heading(self, figure: Figure) -> None:
        for place, line in enumerate(self.title):
            self.write(figure, EDGE + 0.31 * place, line, size=17, weight="bold")
        self.write(figure, EDGE + 0.31 * len(self.title) + 0.04, self.about, color=SOFT)

    def _footer(self, figure: Figure) -> None:
        from matplotlib.lines import Line2D

        top = self.head + self.body
        left, line = EDGE / INCHES, 1 - (top + 0.12) / self.high
        figure.add_artist(Line2D([left, 1 - left], [line, line], color=LINE, linewidth=1))
        text = "\n".join(self.footer)
        self.write(figure, top + 0.25, text, size=7, color=SOFT, linespacing=1.45)


def time_axis(axes: Axes, full: float) -> None:
    """From 0 to ``full`` seconds, round times marked."""
    marks, step = ticks(full)
    axes.set_xlim(0, full or 1)
    axes.set_xticks(marks, [tick_label(at, step) for at in marks])


def beside(axes: Axes, place: int, name: str, figures: tuple[str, str], size: float) -> None:
    """Name left of the axes, two figures right of them."""
    columns = ((-8, 0, "right", short(name, 24), INK), (64, 1, "right", figures[0], INK))
    for shift, at, side, text, colour in (*columns, (108, 1, "right", figures[1], SOFT)):
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


def above(axes: Axes, text: str) -> None:
    """A heading over the axes."""
    axes.annotate(
        text,
        (0, 1),
        (0, 6),
        xycoords="axes fraction",
        textcoords="offset points",
        size=9.5,
        weight="bold",
        color=INK,
    )


def whiskers(axes: Axes, bars: Sequence[tuple[float, float | None, float | None]]) -> None:
    """Error bars over horizontal bars: (place, low, high), those without are left out."""
    for place, low, high in bars:
        if low is None or high is None:
            continue
        for colour, wide in (("white", 2.6), (INK, 1.1)):
            axes.plot([low, high], [place, place], color=colour, linewidth=wide, zorder=3)
        axes.plot([low, high], [place, place], "|", color=INK, markersize=6, zorder=3)


def short(text: str, most: int) -> str:
    """The text in one line of at most so many letters."""
    shown = plain(text)
    return shown if len(shown) <= most else shown[: most - 1].rstrip() + "…"
