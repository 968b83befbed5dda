"""The truth about a planned film: who is visible, from when to when, to the tick."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from personae.adapters.demo.camera import Canvas, face_is_shown
from personae.adapters.demo.cast import CAST, portrait
from personae.adapters.demo.scenes import Scene
from personae.adapters.demo.timeline import HALF, Part, frames, shot_starts

Span = tuple[int, int]
"""First tick and the tick after the last, in the film's time base."""


@dataclass(frozen=True, slots=True)
class PersonTruth:
    """When somebody is visible.

    Attributes:
        gender: as a person set it.
        spans: ticks, ascending and apart: start of the first visible frame to the end of the last.
    """

    gender: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """What is so in a film, by construction.

    Attributes:
        fps: nominal frames a second.
        time_base: seconds a tick.
        pts: presentation time of every frame, ticks.
        end: the tick at which the last frame ends.
        people: name → when, only those who appear.
        shots: ticks, one span a scene, without gaps.
    """

    fps: Fraction
    time_base: Fraction
    pts: tuple[int, ...]
    end: int
    people: Mapping[str, PersonTruth]
    shots: tuple[Span, ...]

    @property
    def duration(self) -> Fraction:
        """Seconds from the start of the first frame to the end of the last."""
        return (self.end - self.pts[0]) * self.time_base

    def seconds(self, spans: Iterable[Span]) -> list[tuple[Fraction, Fraction]]:
        """Spans in exact seconds from the first frame."""
        zero = self.pts[0]
        return [((a - zero) * self.time_base, (b - zero) * self.time_base) for a, b in spans]

    def intervals(self, name: str) -> list[tuple[Fraction, Fraction]]:
        """When a person is visible, in exact seconds from the first frame."""
        return self.seconds(self.people[name].spans)

    def as_json(self) -> dict[str, object]:
        """Seconds as floats; the exact ticks and their base are beside them."""
        return {
            "fps": float(self.fps),
            "duration": float(self.duration),
            "time_base": str(self.time_base),
            "frames": len(self.pts),
            "people": {
                name: {
                    "gender": person.gender,
                    "intervals": _floats(self.seconds(person.spans)),
                    "ticks": [list(span) for span in person.spans],
                }
                for name, person in self.people.items()
            },
            "shots": _floats(self.seconds(self.shots)),
        }


def _floats(spans: Iterable[tuple[Fraction, Fraction]]) -> list[list[float]]:
    return [[float(a), float(b)] for a, b in spans]


def visible(parts: Iterable[Part], canvas: Canvas) -> frozenset[str]:
    """Names of those of whose face at least half is in a frame, with at least half the opacity."""
    return frozenset(
        portrait(layer.portrait).person
        for part in parts
        if part.opacity >= HALF
        for layer in part.scene.layers
        if face_is_shown(layer, part.progress, canvas)
    )


def _runs(flags: Sequence[bool]) -> list[tuple[int, int]]:
    """Stretches of True as [first, after the last)."""
    edges = [False, *flags, False]
    turns = [k for k in range(len(edges) - 1) if edges[k] != edges[k + 1]]
    return list(zip(turns[::2], turns[1::2], strict=True))


def truth_of(
    plan: Sequence[Scene], canvas: Canvas, fps: Fraction, time_base: Fraction, ticks: Sequence[int]
) -> Truth:
    """Work out the truth of a plan.

    Args:
        plan: the scenes.
        canvas: size of the upright picture.
        fps: nominal frames a second.
        time_base: seconds a tick.
        ticks: presentation time of every frame, and after them the end of the last frame.
    """
    seen = [visible(parts, canvas) for parts in frames(plan)]
    people = {
        name: PersonTruth(
            person.gender,
            tuple((ticks[a], ticks[b]) for a, b in _runs([name in names for names in seen])),
        )
        for name, person in CAST.items()
        if any(name in names for names in seen)
    }
    cuts = [*shot_starts(plan), len(seen)]
    shots = tuple((ticks[a], ticks[b]) for a, b in pairwise(cuts))
    return Truth(fps, time_base, tuple(ticks[:-1]), ticks[-1], people, shots)
