"""Tracks made by hand, for tests of counting."""

from __future__ import annotations

import numpy as np

from personae.core.detections import Kind
from personae.core.records import Media
from personae.core.traces import Trace

FILM = Media(1, "0" * 64, "street.mp4", "film", 640, 480, 1, 25, 20.0)
PHOTO = Media(2, "1" * 64, "group.jpg", "photo", 640, 480, 1, 1, 0.0)


def walk(  # noqa: PLR0913 - one value a column of a trace
    number: int,
    span: tuple[float, float],
    feet: tuple[tuple[float, float], tuple[float, float]] = ((100, 300), (100, 300)),
    *,
    tall: float = 200.0,
    quality: float = 0.9,
    kind: Kind = "body",
    body: int | None = None,
) -> Trace:
    """Somebody whose feet go straight from one place to another, seen five times a second."""
    start, end = span
    times = np.arange(start, end, 0.2)
    share = ((times - start) / max(end - 0.2 - start, 1e-9))[:, None]
    at = np.array(feet[0]) * (1 - share) + np.array(feet[1]) * share
    wide = tall * 0.4
    boxes = np.concatenate(
        [np.subtract(at, [wide / 2, tall]), np.add(at, [wide / 2, 0])], 1
    ).astype(np.float32)
    return Trace(number, 1, kind, start, end, times, boxes, quality, body)
