"""NanoDet in 8 bits: weights by channel, activations by ranges that were once measured."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)

from tools.weights.graph import constants

RANGES = Path(__file__).with_name("nanodet_g_int8.ranges.json")
"""Scale and zero point of every activation of the shipped file."""
KINDS = ["Conv", "Concat", "Add", "MaxPool", "Resize", "Mul", "Sigmoid", "LeakyRelu"]
MEAN = np.array([103.53, 116.28, 123.675], np.float32).reshape(1, 3, 1, 1)
STD = np.array([57.375, 57.12, 58.395], np.float32).reshape(1, 3, 1, 1)
HEIGHT, WIDTH = 384, 640


class _Reader(CalibrationDataReader):  # type: ignore[misc]
    def __init__(self, inputs: Iterable[NDArray[np.float32]]) -> None:
        self._inputs: Iterator[NDArray[np.float32]] = iter(inputs)

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        """The next input, None at the end."""
        value = next(self._inputs, None)
        return None if value is None else {"image": value}


def quantise(
    source: Path, target: Path, frames: Iterable[NDArray[np.float32]], *, recorded: bool
) -> ModelProto:
    """Quantise a float32 model file.

    Args:
        source: nanodet_g with plain float32 constants.
        target: where to write the quantised model.
        frames: (1, 3, H, W) inputs as ``blob`` makes them, for the ranges of the activations.
        recorded: take the ranges of the shipped file instead; one frame is then enough.
    """
    options: dict[str, object] = {}
    if recorded:
        ranges = json.loads(RANGES.read_text("utf-8"))
        options["TensorQuantOverrides"] = {
            name: [{
                "quant_type": QuantType.QUInt8,
                "scale": np.array(scale, np.float32),
                "zero_point": np.array(zero, np.uint8),
            }]
            for name, (scale, zero) in ranges.items()
        }  # fmt: skip
    quantize_static(
        source,
        target,
        _Reader(frames),
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        calibrate_method=CalibrationMethod.MinMax,
        op_types_to_quantize=KINDS,
        extra_options=options,
    )
    return onnx.load(target)


def ranges_of(model: ModelProto) -> dict[str, tuple[float, int]]:
    """Scale and zero point of each activation of a quantised model."""
    known = constants(model.graph)
    found = {}
    for name, zero in known.items():
        stem = name.removesuffix("_zero_point")
        if stem != name and zero.dtype == np.uint8 and zero.size == 1:
            # repr of a float32 as a float64 comes back to the same float32
            found[stem] = (float(known[stem + "_scale"].item()), int(zero.item()))
    return dict(sorted(found.items()))


def blob(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(H, W, 3) uint8 RGB to (1, 3, 384, 640), letterboxed at the top left with grey 114."""
    import cv2  # here alone: the other steps need no pictures

    high, wide = picture.shape[:2]
    scale = min(HEIGHT / high, WIDTH / wide)
    small = cv2.resize(picture, (round(wide * scale), round(high * scale)))
    canvas = np.full((HEIGHT, WIDTH, 3), 114, np.uint8)
    canvas[: small.shape[0], : small.shape[1]] = small
    values = canvas[..., ::-1].transpose(2, 0, 1)[None].astype(np.float32)
    return np.ascontiguousarray((values - MEAN) / STD)
