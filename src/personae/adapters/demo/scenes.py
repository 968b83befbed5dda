"""The words in which a film is planned: scenes, layers, framings, transitions. Data only."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from personae.core.errors import UsageError


@dataclass(frozen=True, slots=True)
class Framing:
    """Where a face stands and how large it is.

    Attributes:
        x: centre of the face, 0 = left and 1 = right edge of the layer's place.
        y: centre of the face, 0 = top and 1 = bottom edge of the layer's place.
        size: height of the face as a share of the picture's shorter side.
    """

    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Place:
    """The window of the picture that a layer fills, in shares of its width and height."""

    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0


WHOLE = Place()


@dataclass(frozen=True, slots=True)
class Layer:
    """A portrait seen through a window; the camera glides from one framing to another.

    Attributes:
        portrait: a name in ``PORTRAITS``.
        start: framing in the scene's first frame.
        end: framing in its last frame; None holds the camera still.
        place: the window; what the portrait does not fill shows the background.
        mirror: swap left and right (framings mean the mirrored portrait).
        away: from and to which progress the head is turned away; its back is painted over the face.
    """

    portrait: str
    start: Framing
    end: Framing | None = None
    place: Place = WHOLE
    mirror: bool = False
    away: tuple[float, float] | None = None

    def is_away(self, progress: float) -> bool:
        """Whether the head shows its back."""
        return self.away is not None and self.away[0] <= progress < self.away[1]

    def framing(self, progress: float) -> Framing:
        """The framing at a progress of 0 (first frame) to 1 (last frame); straight between."""
        a, b = self.start, self.end or self.start
        return Framing(
            a.x + (b.x - a.x) * progress,
            a.y + (b.y - a.y) * progress,
            a.size + (b.size - a.size) * progress,
        )


class Pattern(Enum):
    """What a generated background looks like."""

    GRADIENT = "gradient"
    SHAPES = "shapes"
    TEXTURE = "texture"


@dataclass(frozen=True, slots=True)
class Background:
    """A generated background: two RGB colours from top to bottom, a pattern, perhaps a title."""

    pattern: Pattern = Pattern.GRADIENT
    top: tuple[int, int, int] = (62, 74, 92)
    bottom: tuple[int, int, int] = (24, 28, 38)
    title: str = ""


@dataclass(frozen=True, slots=True)
class Transition:
    """How a scene begins: 0 frames is a hard cut, n frames a dissolve over n shared frames."""

    dissolve_frames: int = 0

    def __post_init__(self) -> None:
        if self.dissolve_frames < 0:
            raise UsageError(f"A dissolve cannot last {self.dissolve_frames} frames.")


CUT = Transition()


@dataclass(frozen=True, slots=True)
class Scene:
    """One camera set-up.

    Attributes:
        duration_frames: how many frames show this scene, shared frames of dissolves included.
        layers: portraits, the first lies lowest; none = nobody.
        background: what lies behind them.
        transition_in: how it begins.
        blur: standard deviation of a Gaussian blur, pixels at a shorter side of 720.
        brightness: factor on all pixel values.
        noise: standard deviation of the sensor noise, grey levels; 0 = frames repeat exactly.
    """

    duration_frames: int
    layers: tuple[Layer, ...] = ()
    background: Background = field(default_factory=Background)
    transition_in: Transition = CUT
    blur: float = 0.0
    brightness: float = 1.0
    noise: float = 1.6

    def __post_init__(self) -> None:
        if self.duration_frames < 1:
            raise UsageError(f"A scene cannot last {self.duration_frames} frames.")
