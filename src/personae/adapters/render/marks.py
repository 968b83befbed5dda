"""Inline SVG by hand: a bar, a lane, a time axis. Positions in percent, so that they stretch."""

from __future__ import annotations

from html import escape

from personae.adapters.render.subject import Lane
from personae.adapters.render.words import clock, plain, tick_label, ticks

_BAR, _LANE, _AXIS = 22, 15, 20


Ends = tuple[float | None, float | None]
"""Both ends of an error bar; None where there is none."""


def bar(
    seconds: float,
    full: float,
    colour: str,
    told: str,
    ends: Ends = (None, None),
    pale: bool = False,
) -> str:
    """A bar on an axis that ends at ``full`` seconds; ``told`` is its hover title."""
    style = ' class="pale"' if pale else ""
    return (
        f'<svg height="{_BAR}" role="img" aria-label="{_safe(told)}">{_grid(full, _BAR)}'
        f'<rect x="0" y="2" width="{_at(seconds, full)}" height="{_BAR - 4}" rx="2" '
        f'fill="{colour}"{style}><title>{_safe(told)}</title></rect>{_whisker(ends, full)}</svg>'
    )


def _whisker(ends: Ends, full: float) -> str:
    low, high = ends
    if low is None or high is None:
        return ""
    a, b, middle = _at(low, full), _at(high, full), _BAR // 2
    lines = [(a, b, middle, middle), (a, a, middle - 4, middle + 4), (b, b, middle - 4, middle + 4)]
    return "".join(
        f'<line class="{style}" x1="{x1}" x2="{x2}" y1="{y1}" y2="{y2}"/>'
        for style in ("halo", "whisker")
        for x1, x2, y1, y2 in lines
    )


def lane(one: Lane, duration: float, colour: str) -> str:
    """One person's appearances in a film.

    Pale is the whole appearance, solid what was seen of the face. The outline of one pixel keeps
    two seconds of a long film visible.
    """
    told = f"{one.key}: {len(one.intervals)} appearances, {clock(one.seconds)}"
    pale = "".join(
        _block(spell.start, spell.end, duration, f'class="pale" fill="{colour}"', "")
        for spell in one.intervals
    )
    seen = "".join(
        _block(start, end, duration, f'fill="{colour}" stroke="{colour}"', "")
        for start, end in one.seen
    )
    # Invisible and on top: one hover title an appearance, whatever was drawn below.
    titles = "".join(
        _block(
            spell.start,
            spell.end,
            duration,
            'fill="#000" fill-opacity="0"',
            f"{one.key} · {clock(spell.start)} – {clock(spell.end)} "
            f"({spell.end - spell.start:.3f} s, {spell.known_by})",
        )
        for spell in one.intervals
    )
    return (
        f'<svg height="{_LANE}" role="img" aria-label="{_safe(told)}">'
        f'<rect class="track" width="100%" y="1" height="{_LANE - 2}" rx="2"/>'
        f"{_grid(duration, _LANE)}{pale}{seen}{titles}</svg>"
    )


def axis(full: float) -> str:
    """Times below bars or lanes."""
    marks, step = ticks(full)
    texts = []
    for place, at in enumerate(marks):
        anchor = "middle" if place else "start"
        texts.append(
            f'<text x="{_at(at, full)}" y="13" text-anchor="{anchor}">{tick_label(at, step)}</text>'
        )
    return f'<svg height="{_AXIS}" aria-hidden="true">{"".join(texts)}</svg>'


def _grid(full: float, height: int) -> str:
    # A little beyond both edges: neighbouring rows then join to one line.
    return "".join(
        f'<line class="g" x1="{_at(at, full)}" x2="{_at(at, full)}" y1="-3" y2="{height + 3}"/>'
        for at in ticks(full)[0]
    )


def _block(start: float, end: float, duration: float, style: str, told: str) -> str:
    title = f"<title>{_safe(told)}</title>" if told else ""
    return (
        f'<rect x="{_at(start, duration)}" y="1" width="{_at(end - start, duration)}" '
        f'height="{_LANE - 2}" {style}>{title}</rect>'
    )


def _at(seconds: float, full: float) -> str:
    return f"{100 * seconds / full if full > 0 else 0:.4f}%"


def _safe(text: str) -> str:
    return escape(plain(text))
