"""What users of other projects write for the same film; run by the Python of their environment.

    PERSONAE_PEER_DEEPFACE=/path/to/environment/bin/python python benchmarks/index_speed.py

Imports nothing of ours. Prints how many faces were embedded.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

STEP = 5
"""Every fifth frame, as we analyse a film of 25 frames a second."""


def frames(film: str) -> Iterator[Any]:
    """Every fifth frame as OpenCV reads it."""
    import cv2

    capture = cv2.VideoCapture(film)
    number = 0
    while True:
        more, picture = capture.read()
        if not more:
            return
        if number % STEP == 0:
            yield picture
        number += 1


def deepface(film: str) -> int:
    """DeepFace with the same detector and embedder."""
    from deepface import DeepFace

    faces = 0
    for picture in frames(film):
        try:
            faces += len(DeepFace.represent(picture, model_name="SFace", detector_backend="yunet"))
        except ValueError:
            continue
    return faces


def insightface(film: str) -> int:
    """InsightFace with its small models."""
    from insightface.app import FaceAnalysis

    app = FaceAnalysis("buffalo_sc", allowed_modules=["detection", "recognition"])
    app.prepare(ctx_id=-1, det_size=(640, 640))
    return sum(len(app.get(picture)) for picture in frames(film))


def facerec(film: str) -> int:
    """face_recognition (dlib) as its README has it."""
    import face_recognition

    faces = 0
    for picture in frames(film):
        rgb = picture[:, :, ::-1].copy()
        faces += len(face_recognition.face_encodings(rgb, face_recognition.face_locations(rgb)))
    return faces


PEERS = {"deepface": deepface, "insightface": insightface, "facerec": facerec}

if __name__ == "__main__":
    sys.stdout.write(f"{PEERS[sys.argv[1]](sys.argv[2])}\n")
