"""Five landmarks to the upright crop that face embedders were trained on."""

from __future__ import annotations

import numpy as np

from personae.core.arrays import Doubles, Landmarks, Numbers

CROP = 112
"""Side of an aligned face crop in pixels."""

TEMPLATE: Numbers = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655],
     [70.7299, 92.2041]],
    np.float32,
)  # fmt: skip
"""(5, 2) where ArcFace (Deng et al. 2019) expects eyes, nose and mouth in a 112 x 112 crop."""


def similarity(source: Landmarks, target: Numbers = TEMPLATE) -> Doubles:
    """(2, 3) rotation, uniform scale and shift that best map ``source`` (5, 2) onto ``target``.

    Least squares after Umeyama (1991), "Least-squares estimation of transformation parameters
    between two point patterns", equations 34-43.
    """
    a = np.asarray(source, np.float64)
    b = np.asarray(target, np.float64)
    mean_a, mean_b = a.mean(0), b.mean(0)
    da, db = a - mean_a, b - mean_b
    u, d, vt = np.linalg.svd(db.T @ da / len(a))
    sign = 1.0 if np.linalg.det(u) * np.linalg.det(vt) >= 0 else -1.0
    signs = np.array([1.0, sign])
    rotation = u @ np.diag(signs) @ vt
    spread = max(float((da**2).sum() / len(a)), 1e-12)
    scale = float((d * signs).sum()) / spread
    shift = mean_b - scale * rotation @ mean_a
    return np.hstack([scale * rotation, shift[:, None]])


def off_axis(landmarks: Landmarks) -> float:
    """How far the nose lies from between the eyes and mouth corners: 0 frontal, 1 profile.

    The nose's distance from the line through the middle of the eyes and of the mouth, in units of
    half the distance between the eyes (or mouth height, for a face seen so far from the side that
    its eyes meet).
    """
    eyes = landmarks[:2].astype(np.float64)
    mouth = landmarks[3:].astype(np.float64)
    top, bottom = eyes.mean(0), mouth.mean(0)
    axis = bottom - top
    length = max(float(np.hypot(*axis)), 1e-6)
    nose = landmarks[2].astype(np.float64) - top
    aside = abs(float(axis[0] * nose[1] - axis[1] * nose[0])) / length
    half = max(float(np.hypot(*(eyes[1] - eyes[0]))) / 2, 0.25 * length)
    return float(min(aside / half, 1.0))
