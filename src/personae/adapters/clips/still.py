"""One frame of a film as a small upright picture."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np

from personae.adapters.clips.film import Film
from personae.adapters.clips.picture import Shaper
from personae.core.arrays import RgbImage
from personae.core.errors import SourceTruncated

APPROACH_S = 1


def still(source: Path, seconds: float, max_height: int) -> RgbImage:
    """The frame that is on screen at a moment, with square pixels.

    Args:
        source: the film.
        seconds: from its first frame.
        max_height: rows at most.

    Raises:
        SourceError: the film is missing, cannot be read, or ends before.
    """
    with Film(source) as film:
        shaper = Shaper(film, max_height)
        for shown in film.shown(Fraction(seconds) - APPROACH_S):
            if shown.end > seconds:
                picture = shaper.shaped(shown.frame).to_ndarray(format="rgb24")
                return np.asarray(picture, np.uint8)
    raise SourceTruncated(f"{source} ends before {seconds:.3f} seconds")
