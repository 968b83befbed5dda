"""Scripted films: who is where and when, drawn so that the fakes can read it back from pixels.

All times are PTS, integers in units of the script's ``base`` (25 a second unless said otherwise),
so that what a test expects can be said to the frame.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from personae.core.align import TEMPLATE
from personae.core.arrays import Boxes, Doubles, Landmarks, Luma, RgbImage
from personae.core.detections import Kind
from personae.core.geometry import inside

COLOURS = (
    (220, 60, 60),
    (60, 200, 80),
    (70, 90, 230),
    (230, 220, 60),
    (200, 70, 210),
    (60, 210, 220),
    (240, 150, 50),
    (120, 90, 70),
)
"""RGB of each person's face; a person is an index into this."""
LUMA_SIDE = 80
"""Samples along the longer side of the coarse brightness picture."""
CELLS = (18, 32)
"""Rows and columns of patches that a backdrop is made of, so that it is not moved by a face."""


@dataclass(frozen=True, slots=True)
class Actor:
    """One person's walk through the picture.

    Attributes:
        person: index into ``COLOURS``.
        start: first moment in PTS.
        end: moment at which they are gone.
        at: centre x, centre y and height of the face in pixels.
        to: the same at ``end``, reached in a straight line; None stands still.
        score: what a detector says of the face and the body.
        body: whether a body is to be seen below the face.
        turned: [from, to) during which the face is turned away and only the body is found.
        becomes: person whose face takes over during ``change``, as in a slow cross-dissolve.
        change: [from, to) of that dissolve.
    """

    person: int
    start: int
    end: int
    at: tuple[float, float, float] = (160.0, 70.0, 48.0)
    to: tuple[float, float, float] | None = None
    score: float = 0.9
    body: bool = False
    turned: tuple[int, int] | None = None
    becomes: int | None = None
    change: tuple[int, int] = (0, 1)

    def there(self, pts: int) -> bool:
        """Whether they are in the picture."""
        return self.start <= pts < self.end

    def faces_us(self, pts: int) -> bool:
        """Whether the face is to be seen, given that they are there."""
        return self.turned is None or not self.turned[0] <= pts < self.turned[1]

    def place(self, pts: int) -> Doubles:
        """(3,) centre x, centre y and height of the face."""
        here = np.array(self.at, np.float64)
        if self.to is None:
            return here
        return here + (np.array(self.to) - here) * (pts - self.start) / (self.end - self.start)

    def face(self, pts: int) -> Boxes:
        """(4,) box of the face; its width is 0.8 of its height."""
        x, y, high = self.place(pts)
        return np.array([x - 0.4 * high, y - high / 2, x + 0.4 * high, y + high / 2], np.float32)

    def landmarks(self, pts: int) -> Landmarks:
        """(5, 2) where a frontal face has its eyes, nose and mouth."""
        x, y, high = self.place(pts)
        return np.asarray((TEMPLATE - 56) / 112 * high + np.array([x, y]), np.float32)

    def figure(self, pts: int) -> Boxes:
        """(4,) box of the body, the head included."""
        x, y, high = self.place(pts)
        wide = [x - 0.9 * high, y - 0.6 * high, x + 0.9 * high, y + 4.0 * high]
        return np.array(wide, np.float32)

    def colour(self, pts: int) -> Doubles:
        """(3,) RGB of the face."""
        mine = np.array(COLOURS[self.person], np.float64)
        if self.becomes is None:
            return mine
        begin, end = self.change
        share = min(max((pts - begin) / (end - begin), 0.0), 1.0)
        return mine + share * (np.array(COLOURS[self.becomes]) - mine)


@dataclass(frozen=True, slots=True)
class Script:
    """A whole film.

    Attributes:
        actors: everybody, those behind first.
        length: PTS at which the film ends.
        base: seconds of one PTS unit.
        times: PTS of its frames; every unit when empty.
        size: width and height in pixels.
        shots: PTS at which each shot begins, with the brightness of its backdrop.
        breaks_at: PTS from which on nothing can be read, None for a sound film.
        fps: what the container claims; None for a container that does not say.
        still: it is a photo.
    """

    actors: tuple[Actor, ...]
    length: int
    base: Fraction = Fraction(1, 25)
    times: tuple[int, ...] = ()
    size: tuple[int, int] = (320, 180)
    shots: tuple[tuple[int, int], ...] = ((0, 90),)
    breaks_at: int | None = None
    fps: float | None = 25.0
    still: bool = False
    backdrops: dict[tuple[int, int, int], RgbImage] = field(
        default_factory=dict, compare=False, repr=False
    )

    def moments(self) -> tuple[int, ...]:
        """PTS of every frame."""
        return self.times or tuple(range(self.length))

    def shown(self, pts: int) -> list[Actor]:
        """Who is in the picture, those behind first."""
        return [actor for actor in self.actors if actor.there(pts)]

    def visible(self, pts: int, kind: Kind) -> list[Actor]:
        """Whose face or body is to be seen: not turned away, not covered by those in front."""
        shown = self.shown(pts)
        return [
            actor
            for place, actor in enumerate(shown)
            if (actor.faces_us(pts) if kind == "face" else actor.body)
            and not _covered(actor, shown[place + 1 :], pts, kind)
        ]

    def drawn(self, pts: int, width: int, height: int) -> RgbImage:
        """(height, width, 3) the picture at a time, the time itself in its first pixel."""
        image = self._backdrop(pts, width, height).copy()
        scale = np.array([width / self.size[0], height / self.size[1]])
        for actor in self.shown(pts):
            colour = actor.colour(pts)
            if actor.body:
                _fill(image, actor.figure(pts), scale, 0.6 * colour)
            _fill(image, actor.face(pts), scale, colour if actor.faces_us(pts) else 0.3 * colour)
        image[0, 0] = (pts >> 16 & 255, pts >> 8 & 255, pts & 255)
        return image

    def _backdrop(self, pts: int, width: int, height: int) -> RgbImage:
        begin, brightness = max(shot for shot in self.shots if shot[0] <= pts)
        made = self.backdrops.get((begin, width, height))
        if made is None:
            patches = brightness + np.random.default_rng(begin).uniform(-30, 30, CELLS)
            rows = np.arange(height) * CELLS[0] // height
            columns = np.arange(width) * CELLS[1] // width
            grey = np.clip(patches, 0, 255).astype(np.uint8)[rows[:, None], columns[None, :]]
            made = np.repeat(grey[:, :, None], 3, 2)
            self.backdrops[begin, width, height] = made
        return made


def time_of(picture: RgbImage) -> int:
    """The PTS that a scripted picture carries in its first pixel."""
    red, green, blue = (int(v) for v in picture[0, 0])
    return red << 16 | green << 8 | blue


def _covered(actor: Actor, nearer: list[Actor], pts: int, kind: Kind) -> bool:
    """Whether one of those in front hides more than half of the face or four fifths of the body."""
    box = actor.face(pts) if kind == "face" else actor.figure(pts)
    fronts = [other.figure(pts) if other.body else other.face(pts) for other in nearer]
    least = 0.5 if kind == "face" else 0.8
    return bool(fronts) and bool(inside(box[None], np.stack(fronts)).max() > least)


def _fill(picture: RgbImage, box: Boxes, scale: Doubles, colour: Doubles) -> None:
    """Paints a chequered box (8 x 8 fields, so that there is detail to judge sharpness by)."""
    height, width = picture.shape[:2]
    left, top, right, bottom = np.rint(box * np.tile(scale, 2)).astype(int).tolist()
    x = np.arange(max(left, 0), min(right, width))
    y = np.arange(max(top, 0), min(bottom, height))
    if not x.size or not y.size:
        return
    across, down = (x - left) * 8 // (right - left), (y - top) * 8 // (bottom - top)
    odd = (across[None, :] + down[:, None]) % 2
    shades = np.clip([colour - 20, colour + 20], 0, 255).astype(np.uint8)
    picture[y[0] : y[-1] + 1, x[0] : x[-1] + 1] = shades[odd]


class FakePicture:
    """One frame of a scripted film, drawn when asked for; fits the Picture protocol."""

    def __init__(self, script: Script, pts: int) -> None:
        self._script = script
        self._pts = pts

    @property
    def width(self) -> int:
        """Columns."""
        return self._script.size[0]

    @property
    def height(self) -> int:
        """Rows."""
        return self._script.size[1]

    def rgb(self) -> RgbImage:
        """(H, W, 3) RGB."""
        return self._script.drawn(self._pts, *self._script.size)

    def rgb_at(self, width: int, height: int) -> RgbImage:
        """(height, width, 3) RGB."""
        return self._script.drawn(self._pts, width, height)

    def luma(self) -> Luma:
        """(h, w) brightness, the longer side 80 samples; does not show the time."""
        scale = LUMA_SIDE / max(self._script.size)
        width, height = (max(round(side * scale), 1) for side in self._script.size)
        picture = self._script.drawn(self._pts, width, height).astype(np.float32)
        picture[0, 0] = picture[0, 1]
        return np.asarray(picture @ np.array([0.299, 0.587, 0.114]), np.uint8)
