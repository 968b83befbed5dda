"""Make the shipped weight files again from the published packages they come from.

    python -m tools.weights.convert --work DIR [NAME ...]

Writes DIR/made/FILE for each card; see README.md beside this file.
"""

from __future__ import annotations

import argparse
import logging
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto

from tools.weights.batchnorm import fold_batchnorm, fold_into_matrix
from tools.weights.blocks import dequantise
from tools.weights.fetch import fetch, unpack
from tools.weights.free import free_batch, free_sides
from tools.weights.graph import checked, rename
from tools.weights.half import pack_half
from tools.weights.packages import ORIGINALS
from tools.weights.prelu import recognise_prelu, rewrite_prelu
from tools.weights.quantise import blob, quantise
from tools.weights.tensorflow import from_tfjs, from_tflite
from tools.weights.tidy import fold_constants, fold_padding

log = logging.getLogger(__name__)

NANODET_NAMES = {
    "input_1:0": "image",
    "Identity:0": "cls_8",
    "Identity_1:0": "cls_16",
    "Identity_2:0": "cls_32",
    "Identity_3:0": "reg_8",
    "Identity_4:0": "reg_16",
    "Identity_5:0": "reg_32",
}


def yunet(path: Path, folder: Path) -> ModelProto:
    """Blocks to float32; batch, height and width free."""
    model = onnx.load(path)
    dequantise(model)
    free_batch(model)
    free_sides(model)
    return checked(model)


def sface(path: Path, folder: Path) -> ModelProto:
    """Blocks to float32, batch normalisation folded, fast PReLU, packed."""
    model = onnx.load(path)
    dequantise(model)
    log.info("folded %d batch normalisations", fold_batchnorm(model) + fold_into_matrix(model))
    log.info("rewrote %d PReLU", rewrite_prelu(model))
    free_batch(model)
    pack_half(model)
    return checked(model)


def mobilefacenet(path: Path, folder: Path) -> ModelProto:
    """TensorFlow Lite to ONNX, PReLU recognised and made fast, packed."""
    model = from_tflite(path, folder)
    log.info("recognised %d PReLU", recognise_prelu(model))
    free_batch(model)
    rewrite_prelu(model)
    pack_half(model)
    return checked(model)


def mediapipe(path: Path, folder: Path) -> ModelProto:
    """TensorFlow Lite to ONNX, fast PReLU, packed."""
    model = from_tflite(path, folder)
    free_batch(model)
    log.info("rewrote %d PReLU", rewrite_prelu(model))
    pack_half(model)
    return checked(model)


def nanodet(path: Path, folder: Path) -> ModelProto:
    """TensorFlow.js to ONNX, padding into the convolutions, sides free, packed."""
    model = nanodet_plain(path, folder)
    pack_half(model)
    return checked(model)


def nanodet_plain(path: Path, folder: Path) -> ModelProto:
    """NanoDet before packing, from which the 8-bit form is made."""
    model = from_tfjs(path, folder)
    fold_constants(model)
    log.info("folded %d paddings", fold_padding(model))
    rename(model.graph, NANODET_NAMES)
    free_batch(model)
    free_sides(model)
    return checked(model)


def age(path: Path, folder: Path) -> ModelProto:
    """As published, packed."""
    model = onnx.load(path)
    pack_half(model)
    return checked(model)


def emotion(path: Path, folder: Path) -> ModelProto:
    """TensorFlow.js to ONNX."""
    return checked(from_tfjs(path, folder))


def unchanged(path: Path, folder: Path) -> ModelProto:
    """As published."""
    return checked(onnx.load(path))


STEPS: dict[str, tuple[str, Callable[[Path, Path], ModelProto]]] = {
    "yunet-2023mar": ("yunet.onnx", yunet),
    "sface-2021dec": ("sface.onnx", sface),
    "mobilefacenet-192": ("mobilefacenet_192.onnx", mobilefacenet),
    "nanodet-g": ("nanodet_g.onnx", nanodet),
    "facemesh-468": ("face_landmark_468.onnx", mediapipe),
    "iris-64": ("iris_landmark_64.onnx", mediapipe),
    "age-v1": ("age_v1.onnx", age),
    "gender-v1": ("gender_v1.onnx", unchanged),
    "emotion-mini-xception": ("emotion_mini_xception.onnx", emotion),
}
INT8 = "nanodet-g-int8"


def make(name: str, work: Path) -> Path:
    """Fetch, unpack and convert one card's model; returns the file made."""
    file, convert = STEPS[name]
    source, folder = _source(name, work)
    made = work / "made" / file
    made.parent.mkdir(parents=True, exist_ok=True)
    if convert is unchanged:
        shutil.copyfile(source, made)
    else:
        onnx.save(convert(source, folder), made)
    log.info("%s: %d bytes", made.name, made.stat().st_size)
    return made


def make_int8(work: Path, film: Path | None) -> Path:
    """The 8-bit NanoDet: with the recorded ranges, or calibrated anew on frames of ``film``."""
    source, folder = _source("nanodet-g", work)
    plain = folder / "plain.onnx"
    onnx.save(nanodet_plain(source, folder), plain)
    name = "nanodet_g_int8.onnx" if film is None else "nanodet_g_int8_calibrated.onnx"
    made = work / "made" / name
    made.parent.mkdir(parents=True, exist_ok=True)
    frames = [np.zeros((1, 3, 384, 640), np.float32)] if film is None else list(_frames(film))
    quantise(plain, made, frames, recorded=film is None)
    return made


def _source(name: str, work: Path) -> tuple[Path, Path]:
    original = ORIGINALS[name]
    folder = work / name
    archive = fetch(original.package, work / "archives")
    return unpack(original, archive, folder), folder


def _frames(film: Path, count: int = 40) -> Iterable[NDArray[np.float32]]:
    """``count`` frames spread over the film."""
    import av  # here alone: only a new calibration needs a decoder

    with av.open(str(film)) as container:
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    for index in np.linspace(0, len(pictures) - 1, count).astype(int):
        yield blob(pictures[index])


def main() -> None:
    """Convert the cards named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="cards; all if none is named")
    parser.add_argument("--work", type=Path, required=True, help="folder for everything made")
    parser.add_argument("--film", type=Path, help="calibrate the 8-bit NanoDet on this film")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    for name in asked.names or [*STEPS, INT8]:
        log.info("== %s", name)
        if name == INT8:
            make_int8(asked.work.resolve(), asked.film)
        else:
            make(name, asked.work.resolve())


if __name__ == "__main__":
    main()
