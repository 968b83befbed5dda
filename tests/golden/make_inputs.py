"""Cut the golden pictures from the demo's portraits (public domain: see PROVENANCE.md there).

Run from the top of the repository: ``python -m tests.golden.make_inputs``. Never as part of the
tests, because the pictures hang on the JPEG decoder and on the adapters they are to judge.
"""

from __future__ import annotations

import cv2
import numpy as np

from personae.adapters.demo import portraits_dir
from personae.adapters.models.cards import load_cards, weights_path
from personae.adapters.models.facemesh import LEFT_EYE, RIGHT_EYE, FaceMesh, face_map
from personae.adapters.models.iris import eye_map
from personae.adapters.models.onnx import Session
from personae.adapters.models.regions import back, cut
from personae.adapters.models.yunet import YuNet
from personae.core.align import similarity
from personae.core.arrays import Boxes, Landmarks, RgbImage
from tests.golden.inputs import FACES, FOLDER

SCENE = (224, 560)


def portrait(name: str) -> RgbImage:
    found = cv2.imread(str(portraits_dir() / f"{name}.jpg"), cv2.IMREAD_COLOR)
    assert found is not None, name
    return np.asarray(found[..., ::-1], np.uint8).copy()


def write(name: str, picture: RgbImage) -> None:
    path = FOLDER / "crops" / f"{name}.png"
    assert cv2.imwrite(str(path), picture[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 9])


def face(picture: RgbImage) -> tuple[Boxes, Landmarks]:
    """Box (4,) and landmarks (5, 2) of the widest face."""
    scale = 480 / max(picture.shape[:2])
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    yunet = YuNet(Session(weights_path(load_cards()["yunet-2023mar"])))
    found = yunet.detect([np.asarray(small, np.uint8)])[0]
    widest = int(np.argmax(found.boxes[:, 2] - found.boxes[:, 0]))
    assert found.landmarks is not None
    return found.boxes[widest] / scale, found.landmarks[widest] / scale


def scene() -> RgbImage:
    """The three portraits at one height beside each other, on grey."""
    canvas = np.full((*SCENE, 3), 96, np.uint8)
    left = 0
    for name in FACES:
        picture = portrait(name)
        wide = round(picture.shape[1] * SCENE[0] / picture.shape[0])
        part = cv2.resize(picture, (wide, SCENE[0]), interpolation=cv2.INTER_AREA)
        room = min(wide, SCENE[1] - left)
        canvas[:, left : left + room] = part[:, :room]
        left += room
    return canvas


def main() -> None:
    (FOLDER / "crops").mkdir(exist_ok=True)
    for name in FACES:
        picture = portrait(name)
        write(name, cut(picture, similarity(face(picture)[1]), 112))
    picture = portrait("collins")
    box, marks = face(picture)
    there = face_map(box, marks)
    region = cut(picture, there, 192)
    write("mesh", region)
    card = load_cards()["facemesh-468"]
    points = FaceMesh(Session(weights_path(card)), card).read(region[None]).points[0, :, :2]
    spots = back(points, there)
    write("eye_left", cut(picture, eye_map(spots[list(LEFT_EYE)]), 64))
    write("eye_right", cut(picture, eye_map(spots[list(RIGHT_EYE)], mirror=True), 64))
    write("scene", scene())


if __name__ == "__main__":
    main()
