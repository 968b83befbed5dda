"""Upright RGB bytes to the numbers a network expects, as its card says."""

from __future__ import annotations

import numpy as np

from personae.adapters.models.cards import Input
from personae.core.arrays import Crops, Numbers
from personae.core.errors import ShapeError

GREY: Numbers = np.array([0.299, 0.587, 0.114], np.float32)
"""(3,) ITU-R BT.601 weights of red, green and blue, which OpenCV's RGB2GRAY also uses."""


def prepare(crops: Crops, wanted: Input) -> Numbers:
    """The network's input tensor.

    Args:
        crops: (N, h, w, 3) uint8 RGB of the size the network expects.
        wanted: the card's ``input``.

    Returns:
        (N, C, h, w) or (N, h, w, C) float32 as ``wanted.layout`` says, contiguous.

    Raises:
        ShapeError: the crops are of another size or type.
    """
    if crops.dtype != np.uint8 or crops.ndim != 4 or crops.shape[3] != 3:
        raise ShapeError(f"crops must be (N, h, w, 3) uint8, got {crops.shape} {crops.dtype}")
    for side, need, got in (
        ("high", wanted.height, crops.shape[1]),
        ("wide", wanted.width, crops.shape[2]),
    ):
        if need and need != got:
            raise ShapeError(f"crops must be {need} pixels {side}, got {got}")
        if got % wanted.step:
            raise ShapeError(f"crops must be a multiple of {wanted.step} pixels {side}, got {got}")
    values: Numbers = crops.astype(np.float32)
    if wanted.colour == "BGR":
        values = values[..., ::-1]
    elif wanted.colour == "GREY":
        # rounded, because the network was trained on bytes
        brightness: Numbers = (values * GREY).sum(axis=3, keepdims=True)
        values = np.rint(brightness)
    values -= _per_channel(wanted.mean)
    values /= _per_channel(wanted.std)
    if wanted.layout == "NCHW":
        values = values.transpose(0, 3, 1, 2)
    return np.ascontiguousarray(values, np.float32)


def _per_channel(numbers: tuple[float, ...]) -> Numbers:
    # one number for all channels goes ten times faster than a row of equal ones
    return np.array(numbers[0] if len(set(numbers)) == 1 else numbers, np.float32)
