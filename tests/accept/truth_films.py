"""Films whose truth is known to the frame: what boundaries and screen time are measured on."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from personae.adapters.demo import (
    Background,
    FilmSettings,
    Framing,
    Layer,
    Place,
    Scene,
    Transition,
    Truth,
    make_film,
)
from personae.adapters.demo.scenes import Pattern
from personae.adapters.demo.timeline import frame_count

LEFT = Place(0.03, 0.0, 0.48, 1.0)
RIGHT = Place(0.52, 0.0, 0.97, 1.0)
MIDDLE = Place(0.2, 0.0, 0.8, 1.0)
WALL = Background(top=(84, 92, 104), bottom=(36, 40, 48))
SAND = Background(top=(150, 138, 118), bottom=(84, 76, 66))
LEAF = Background(top=(58, 92, 82), bottom=(20, 36, 34))
CLOTH = Background(Pattern.TEXTURE, (112, 96, 84), (70, 62, 58))


def plan() -> tuple[Scene, ...]:
    """Twelve scenes: cuts, dissolves, two people at once, heads turned away, come and gone."""
    collins = Layer("collins", Framing(0.42, 0.25, 0.25), Framing(0.54, 0.25, 0.25), MIDDLE)
    turns = Layer("obama", Framing(0.5, 0.22, 0.3), None, MIDDLE, away=(0.4, 0.6))
    pair = (
        Layer("collins", Framing(0.48, 0.23, 0.24), None, LEFT),
        Layer("obama", Framing(0.52, 0.22, 0.29), Framing(0.50, 0.21, 0.27), RIGHT),
    )
    passes = Layer("biden", Framing(-0.4, 0.3, 0.3), Framing(1.4, 0.3, 0.3))
    speech = Layer("obama2", Framing(0.44, 0.31, 0.32), Framing(0.55, 0.31, 0.32), MIDDLE)
    looks = Layer("biden", Framing(0.5, 0.26, 0.3), None, MIDDLE, away=(0.35, 0.5))
    other = (
        Layer("biden", Framing(0.50, 0.25, 0.28), None, LEFT),
        Layer("collins", Framing(0.47, 0.24, 0.25), Framing(0.52, 0.25, 0.26), RIGHT, mirror=True),
    )
    small = Layer("collins", Framing(0.6, 0.3, 0.13), Framing(0.4, 0.3, 0.13))
    dim = Layer("obama3", Framing(0.48, 0.36, 0.3), Framing(0.52, 0.3, 0.25), MIDDLE)
    return (
        Scene(48, (), CLOTH),
        Scene(118, (collins,), WALL),
        Scene(130, (turns,), SAND, Transition(14)),
        Scene(96, pair, LEAF),
        Scene(132, (passes,), WALL),
        Scene(100, (speech,), SAND, Transition(20)),
        Scene(40, (), Background(Pattern.SHAPES, (98, 70, 52), (36, 24, 18))),
        Scene(140, (looks,), LEAF, Transition(10)),
        Scene(104, other, WALL),
        Scene(90, (small,), SAND, Transition(16)),
        Scene(96, (dim,), WALL, brightness=0.4, noise=2.2),
        Scene(56, (), CLOTH, Transition(24)),
    )


def variable(count: int) -> tuple[int, ...]:
    """Times of a variable-rate film in ticks of 1/12,000 s: 24 to 40 ms a frame, in waves."""
    times, now = [], 0
    for number in range(count):
        times.append(now)
        now += 288 + (number * 7 % 13) * 16
    return tuple(times)


def settings() -> dict[str, FilmSettings]:
    """By name: 25 and 29.97 frames a second, a variable rate, and a phone's upright film."""
    plain = FilmSettings(seed=5)
    count = frame_count(plan())
    return {
        "25 fps": plain,
        "29.97 fps": replace(plain, fps=Fraction(30000, 1001)),
        "variable rate": replace(plain, fps=Fraction(30), pts=variable(count)),
        "phone": replace(plain, width=720, height=1280, rotation=90, fps=Fraction(30)),
    }


def made(folder: Path) -> dict[str, tuple[Path, Truth]]:
    """All of them in ``folder``."""
    films = {}
    for name, chosen in settings().items():
        path = folder / f"{name.replace(' ', '-')}.mp4"
        films[name] = (path, make_film(path, plan(), chosen))
    return films
