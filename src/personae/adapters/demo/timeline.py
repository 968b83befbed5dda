"""From a plan to single frames: which scenes each frame shows, how far on and how strongly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from personae.adapters.demo.scenes import Scene
from personae.core.errors import UsageError

HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Part:
    """One scene's share in a frame.

    Attributes:
        number: the scene's place in the plan.
        scene: the scene.
        frame: frames since the scene began.
        opacity: 1 alone, less while it dissolves; the shares of a frame add up to 1.
    """

    number: int
    scene: Scene
    frame: int
    opacity: Fraction

    @property
    def progress(self) -> float:
        """0 in the scene's first frame, 1 in its last."""
        return self.frame / max(1, self.scene.duration_frames - 1)


def starts(plan: Sequence[Scene]) -> tuple[int, ...]:
    """First frame of each scene: a dissolve begins before the former scene ends.

    Raises:
        UsageError: the plan is empty, or a scene is too short for its two dissolves.
    """
    if not plan:
        raise UsageError("A film needs at least one scene.")
    if plan[0].transition_in.dissolve_frames:
        raise UsageError("The first scene has nothing to dissolve from.")
    found = [0]
    for before, after in pairwise(plan):
        shared = before.transition_in.dissolve_frames + after.transition_in.dissolve_frames
        if shared > before.duration_frames:
            raise UsageError(
                f"A scene of {before.duration_frames} frames cannot dissolve over {shared}."
            )
        if after.transition_in.dissolve_frames > after.duration_frames:
            raise UsageError("A scene cannot be shorter than the dissolve that begins it.")
        found.append(found[-1] + before.duration_frames - after.transition_in.dissolve_frames)
    return tuple(found)


def frame_count(plan: Sequence[Scene]) -> int:
    """How many frames the film has."""
    return starts(plan)[-1] + plan[-1].duration_frames


def frames(plan: Sequence[Scene]) -> Iterator[tuple[Part, ...]]:
    """The one or two scenes of every frame, the older first.

    In a dissolve of n frames the new scene has the opacity 1/(n+1), 2/(n+1) … n/(n+1).
    """
    begins = starts(plan)
    for number, scene in enumerate(plan):
        entering = scene.transition_in.dissolve_frames
        leaving = plan[number + 1].transition_in.dissolve_frames if number + 1 < len(plan) else 0
        for k in range(scene.duration_frames - leaving):
            new = Fraction(min(k + 1, entering + 1), entering + 1)
            part = Part(number, scene, k, new)
            if k < entering:
                old = plan[number - 1]
                at = begins[number] + k - begins[number - 1]
                yield Part(number - 1, old, at, 1 - new), part
            else:
                yield (part,)


def shot_starts(plan: Sequence[Scene]) -> tuple[int, ...]:
    """First frame of each shot: the cut, or in a dissolve the first frame with half the opacity."""
    return tuple(
        begin + scene.transition_in.dissolve_frames // 2
        for begin, scene in zip(starts(plan), plan, strict=True)
    )
