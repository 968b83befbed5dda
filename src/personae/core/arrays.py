"""The dictionary of arrays: shape, type, unit and colour order of every array, said once."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

RgbImage: TypeAlias = NDArray[np.uint8]
"""(H, W, 3) uint8, RGB, upright."""
Luma: TypeAlias = NDArray[np.uint8]
"""(h, w) uint8, brightness only, much smaller than the picture it stands for."""
Boxes: TypeAlias = NDArray[np.float32]
"""(N, 4) float32, x1 y1 x2 y2 in pixels of the full upright frame."""
Scores: TypeAlias = NDArray[np.float32]
"""(N,) float32, 0..1."""
Landmarks: TypeAlias = NDArray[np.float32]
"""(N, 5, 2) float32, pixels: left eye, right eye, nose, left and right mouth corner.

Left and right are those of the picture (the viewer's), so that an upright face has its left eye
at the smaller x.
"""
Crop: TypeAlias = NDArray[np.uint8]
"""(h, w, 3) uint8, RGB, one upright aligned face or body."""
Crops: TypeAlias = NDArray[np.uint8]
"""(N, h, w, 3) uint8, RGB, upright aligned faces or bodies."""
Vectors: TypeAlias = NDArray[np.float32]
"""(N, D) float32, rows of length 1, so that a dot product is a cosine."""
Vector: TypeAlias = NDArray[np.float32]
"""(D,) float32 of length 1."""
Ids: TypeAlias = NDArray[np.int64]
"""(N,) int64 identifiers; -1 says nobody."""
Numbers: TypeAlias = NDArray[np.float32]
"""float32 numbers of any shape, where the docstring beside it says which."""
Doubles: TypeAlias = NDArray[np.float64]
"""float64 numbers of any shape, where the docstring beside it says which."""
Flags: TypeAlias = NDArray[np.bool_]
"""(N,) or (N, M) truth values."""
