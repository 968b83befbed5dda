"""Constant-velocity Kalman filter of many boxes at once, over steps of any length in seconds.

The state is that of SORT (Bewley et al. 2016) as used by DeepSORT and ByteTrack: centre x, centre
y, aspect (width / height), height, and their velocities. With that model no coordinate ever learns
anything from another: the 8 x 8 covariance is four blocks of 2 x 2. They are kept as three (N, 4)
columns, which makes every step a handful of element-wise operations whatever the number of tracks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from personae.core.arrays import Boxes, Doubles, Flags, Ids

ASPECT = 2
"""The column whose noise is absolute; that of the others is in proportion to the height."""
ASPECT_NOISE = 0.1
ASPECT_AGILITY = 0.05


@dataclass(frozen=True, slots=True)
class Noise:
    """How far boxes jitter and how wildly they move, in heights of the box.

    Attributes:
        measured: standard deviation of a detection, in heights.
        drift: random walk of the position, heights per square root of a second.
        agility: random change of velocity, heights/s per square root of a second.
        launch: standard deviation of the unknown first velocity, heights/s.
    """

    measured: float = 0.08
    drift: float = 0.25
    agility: float = 0.6
    launch: float = 2.0


@dataclass(frozen=True, slots=True)
class Motion:
    """Where N boxes are and how they move: all columns (N, 4) float64.

    Attributes:
        place: centre x, centre y, aspect, height; pixels.
        speed: the same per second.
        pp: variance of the place.
        pv: covariance of place and speed.
        vv: variance of the speed.
    """

    place: Doubles
    speed: Doubles
    pp: Doubles
    pv: Doubles
    vv: Doubles

    def __len__(self) -> int:
        return len(self.place)

    def take(self, rows: Flags | Ids) -> Motion:
        """The chosen rows."""
        return Motion(
            self.place[rows], self.speed[rows], self.pp[rows], self.pv[rows], self.vv[rows]
        )

    def joined(self, other: Motion) -> Motion:
        """These rows, then the other's."""
        return Motion(
            np.concatenate([self.place, other.place]),
            np.concatenate([self.speed, other.speed]),
            np.concatenate([self.pp, other.pp]),
            np.concatenate([self.pv, other.pv]),
            np.concatenate([self.vv, other.vv]),
        )

    def shifted(self, by: Doubles) -> Motion:
        """All moved by ``by`` (2,) pixels, as when the camera turned; speeds stay."""
        return replace(self, place=self.place + np.array([by[0], by[1], 0.0, 0.0]))

    def boxes(self) -> Boxes:
        """(N, 4) the boxes as corners."""
        height = np.maximum(self.place[:, 3], 1.0)
        half = np.stack([np.maximum(self.place[:, 2], 0.05) * height, height], 1) / 2
        return np.concatenate([self.place[:, :2] - half, self.place[:, :2] + half], 1).astype(
            np.float32
        )


def measured(boxes: Boxes) -> Doubles:
    """(N, 4) corners to centre x, centre y, aspect, height."""
    wide = boxes.astype(np.float64)
    size = np.maximum(wide[:, 2:] - wide[:, :2], 1.0)
    centre = (wide[:, :2] + wide[:, 2:]) / 2
    return np.column_stack([centre, size[:, 0] / size[:, 1], size[:, 1]])


def start(boxes: Boxes, noise: Noise) -> Motion:
    """New motions at rest, with a wide guess of their speed."""
    place = measured(boxes)
    height = np.maximum(place[:, 3:], 1.0)
    zero = np.zeros_like(place)
    return Motion(
        place,
        zero,
        _variance(height, 2 * noise.measured, ASPECT_NOISE),
        zero,
        _variance(height, noise.launch, ASPECT_AGILITY),
    )


def predict(motion: Motion, dt: float, noise: Noise) -> Motion:
    """The motions ``dt`` seconds later (white-noise acceleration, plus a random walk)."""
    height = np.maximum(motion.place[:, 3:], 1.0)
    wander = _variance(height, noise.agility, ASPECT_AGILITY)
    drift = _variance(height, noise.drift, ASPECT_AGILITY)
    return Motion(
        motion.place + dt * motion.speed,
        motion.speed,
        motion.pp + dt * (2 * motion.pv + dt * motion.vv) + wander * dt**3 / 3 + drift * dt,
        motion.pv + dt * motion.vv + wander * dt**2 / 2,
        motion.vv + wander * dt,
    )


def correct(motion: Motion, boxes: Boxes, noise: Noise) -> Motion:
    """The motions after each was seen at its row of ``boxes`` (N, 4)."""
    height = np.maximum(motion.place[:, 3:], 1.0)
    spread = motion.pp + _variance(height, noise.measured, ASPECT_NOISE)
    place_gain, speed_gain = motion.pp / spread, motion.pv / spread
    miss = measured(boxes) - motion.place
    return Motion(
        motion.place + place_gain * miss,
        motion.speed + speed_gain * miss,
        (1 - place_gain) * motion.pp,
        (1 - place_gain) * motion.pv,
        motion.vv - speed_gain * motion.pv,
    )


def _variance(height: Doubles, relative: float, absolute: float) -> Doubles:
    """(N, 4) variances: relative to the height, but absolute for the aspect."""
    variance = np.repeat((relative * height) ** 2, 4, axis=1)
    variance[:, ASPECT] = absolute**2
    return variance
