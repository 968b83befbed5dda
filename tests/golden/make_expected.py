"""Compute the golden vectors: plain ONNX Runtime and NumPy, nothing of the adapters they judge.

Run from the top of the repository: ``python -m tests.golden.make_expected``. The pre-processing
is written out here a second time on purpose, after the models' own documentation.
"""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from tests.golden.inputs import FOLDER, SURE, aligned, crowd, eyes, meshes, scene

WEIGHTS = Path(__file__).resolve().parents[2] / "src/personae/adapters/weights"
EXPECTED = FOLDER / "expected.json"
Floats = NDArray[np.float32]
Answers = dict[str, Floats]

ARCFACE_EYES = ((38.2946, 51.6963), (73.5318, 51.5014))


def run(file: str, value: Floats) -> Answers:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(str(WEIGHTS / file), options, ["CPUExecutionProvider"])
    given = {session.get_inputs()[0].name: np.ascontiguousarray(value, np.float32)}
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(None, given), strict=True))


def unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def sface() -> Answers:
    """RGB 0..255, channels first."""
    value = aligned().transpose(0, 3, 1, 2).astype(np.float32)
    return {"vectors": unit(run("sface.onnx", value)["fc1"])}


def mobilefacenet() -> Answers:
    """RGB -1..1, channels last."""
    value = (aligned().astype(np.float32) - 127.5) / 127.5
    return {"vectors": unit(run("mobilefacenet_192.onnx", value)["embeddings"])}


def mesh() -> Answers:
    """RGB 0..1, channels last; every twentieth point."""
    found = run("face_landmark_468.onnx", meshes().astype(np.float32) / 255)
    points = found["conv2d_21"].reshape(-1, 468, 3)[:, ::20]
    return {"points": points, "presence": 1 / (1 + np.exp(-found["conv2d_31"].reshape(-1)))}


def iris() -> Answers:
    """RGB 0..1, channels last; openness is the mean gap of the lids over the eye's width."""
    found = run("iris_landmark_64.onnx", eyes().astype(np.float32) / 255)
    contour = found["output_eyes_contours_and_brows"].reshape(-1, 71, 3)
    gaps = [np.hypot(*(eye[9:16, :2] - eye[1:8, :2]).T).mean() for eye in contour]
    widths = [np.hypot(*(eye[8, :2] - eye[0, :2])) for eye in contour]
    return {
        "contour": contour[:, :16],
        "iris": found["output_iris"].reshape(-1, 5, 3),
        "openness": np.array(gaps, np.float32) / np.array(widths, np.float32),
    }


def chips(left: float, right: float, down: float, side: int) -> Floats:
    """Crops scaled and shifted so that the eyes lie at these shares of the chip."""
    (x1, y1), (x2, y2) = ARCFACE_EYES
    scale = (right - left) * side / (x2 - x1)
    shift_x = (left + right) / 2 * side - scale * (x1 + x2) / 2
    shift_y = down * side - scale * (y1 + y2) / 2
    finer = max(int(1 / scale), 1)
    move = (finer - 1) / 2
    matrix = np.array([[scale, 0, shift_x], [0, scale, shift_y]]) * finer + [[0, 0, move]] * 2
    made = []
    for crop in aligned():
        large = cv2.warpAffine(
            crop, matrix, (side * finer, side * finer), borderMode=cv2.BORDER_REPLICATE
        )
        made.append(cv2.resize(large, (side, side), interpolation=cv2.INTER_AREA))
    return np.stack(made).astype(np.float32)


def dlib_chips(side: int) -> Floats:
    """dlib's face chip of padding 0.2, its mean removed, over 256, channels first."""
    value = chips(0.4273 / 1.4, 0.9528 / 1.4, 0.4213 / 1.4, side)
    value = (value - np.array([122.782, 117.001, 104.298], np.float32)) / 256
    return np.asarray(value.transpose(0, 3, 1, 2), np.float32)


def age() -> Answers:
    """Expectation over the classes 0.25, 1 .. 80."""
    shares = run("age_v1.onnx", dlib_chips(64))["probabilities"]
    years = np.array([0.25, *range(1, 81)], np.float32)
    return {"years": shares @ years}


def gender() -> Answers:
    """The first probability is female."""
    return {"female": run("gender_v1.onnx", dlib_chips(32))["probabilities"][:, 0]}


def emotion() -> Answers:
    """Brightness, -1..1."""
    faces = chips(0.29, 0.69, 0.37, 64)
    grey = np.rint(faces @ np.array([0.299, 0.587, 0.114], np.float32))[..., None]
    return {"shares": run("emotion_mini_xception.onnx", (grey / 255 - 0.5) * 2)["Identity:0"]}


def padded(picture: NDArray[np.uint8], fill: int) -> Floats:
    """An RGB picture as BGR 0..255, padded right and below to multiples of 32."""
    picture = picture[..., ::-1]
    high, wide = (-(-side // 32) * 32 for side in picture.shape[:2])
    value = np.full((high, wide, 3), fill, np.float32)
    value[: picture.shape[0], : picture.shape[1]] = picture
    return np.asarray(value.transpose(2, 0, 1)[None], np.float32)


def thinned(rows: list[list[float]], confidence: float, overlap: float) -> Floats:
    """Rows x1 y1 x2 y2 score ..., after OpenCV's own suppression, best first."""
    table = np.array(rows, np.float32)
    sides = np.c_[table[:, :2], table[:, 2:4] - table[:, :2]]
    kept = cv2.dnn.NMSBoxes(sides.tolist(), table[:, 4].tolist(), confidence, overlap)
    return table[np.array(kept).ravel()]


def yunet() -> Answers:
    """Score sqrt(cls obj), box about (column + dx, row + dy) strides, landmarks likewise."""
    value = padded(scene(), 0)
    found = {name: rows[0] for name, rows in run("yunet.onnx", value).items()}
    rows = []
    for stride in (8, 16, 32):
        across = value.shape[3] // stride
        for cell, (cls, obj) in enumerate(
            zip(found[f"cls_{stride}"][:, 0], found[f"obj_{stride}"][:, 0], strict=True)
        ):
            score = float(np.sqrt(cls * obj))
            if score <= 0.6:
                continue
            row, column = divmod(cell, across)
            dx, dy, dw, dh = (float(x) for x in found[f"bbox_{stride}"][cell])
            x, y = (column + dx) * stride, (row + dy) * stride
            w, h = np.exp(dw) * stride, np.exp(dh) * stride
            marks = found[f"kps_{stride}"][cell].reshape(5, 2) + np.array([column, row])
            box = [x - w / 2, y - h / 2, x + w / 2, y + h / 2]
            rows.append([*box, score, *(marks * stride).ravel()])
    table = thinned(rows, 0.6, 0.3)
    marks = table[:, 5:].reshape(-1, 5, 2)
    return {"boxes": table[:, :4], "scores": table[:, 4], "landmarks": marks}


def nanodet(file: str) -> Answers:
    """Distances from the cell's centre: the expectation of 11 bins for each side."""
    mean = np.array([103.53, 116.28, 123.675], np.float32).reshape(1, 3, 1, 1)
    std = np.array([57.375, 57.12, 58.395], np.float32).reshape(1, 3, 1, 1)
    value = (padded(crowd(), 114) - mean) / std
    found = {name: rows[0] for name, rows in run(file, value).items()}
    rows = []
    for stride in (8, 16, 32):
        across = value.shape[3] // stride
        for cell, score in enumerate(found[f"cls_{stride}"][:, 0]):
            if score <= SURE:
                continue
            row, column = divmod(cell, across)
            bins = np.exp(found[f"reg_{stride}"][cell].reshape(4, 11))
            left, up, right, down = (bins @ np.arange(11)) / bins.sum(1) * stride
            x, y = (column + 0.5) * stride, (row + 0.5) * stride
            rows.append([x - left, y - up, x + right, y + down, float(score)])
    table = thinned(rows, SURE, 0.6)
    return {"boxes": table[:, :4], "scores": table[:, 4]}


def main() -> None:
    answers = {
        "yunet-2023mar": yunet(),
        "sface-2021dec": sface(),
        "mobilefacenet-192": mobilefacenet(),
        "nanodet-g": nanodet("nanodet_g.onnx"),
        "nanodet-g-int8": nanodet("nanodet_g_int8.onnx"),
        "facemesh-468": mesh(),
        "iris-64": iris(),
        "age-v1": age(),
        "gender-v1": gender(),
        "emotion-mini-xception": emotion(),
    }
    plain = {
        name: {key: np.round(value.astype(float), 5).tolist() for key, value in found.items()}
        for name, found in answers.items()
    }
    lines = [f'"{name}": {json.dumps(found)}' for name, found in plain.items()]
    EXPECTED.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


if __name__ == "__main__":
    main()
