"""The plain loop: our three models on every frame, every face embedded, nothing remembered.

Prints JSON: seconds looked at, and the times at which a face was seen.
"""

from __future__ import annotations

import json
import sys

import av
import cv2
import numpy as np

from personae.adapters.models.nanodet import NanoDet
from personae.adapters.models.yunet import YuNet
from personae.app.build import choose, face_embedder, session
from personae.core.align import CROP, similarity

WIDTH = 640


def main(film: str, seconds: float) -> None:
    """Looks at the first ``seconds`` of a film, all of it if 0."""
    cv2.setNumThreads(1)
    chosen = choose()
    faces = YuNet(session(chosen.faces, "cpu"))
    bodies = NanoDet(session(chosen.bodies, "cpu"))
    embedder = face_embedder(chosen.embedder, "cpu")
    seen: list[float] = []
    time = 0.0
    with av.open(film) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_type = "NONE"
        stream.codec_context.thread_count = 1
        for frame in container.decode(stream):
            time = float(frame.time or 0.0)
            if seconds and time >= seconds:
                break
            picture = frame.to_ndarray(format="rgb24")
            scale = WIDTH / picture.shape[1]
            size = (WIDTH, round(picture.shape[0] * scale))
            small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
            bodies.detect([small])
            found = faces.detect([small])[0]
            if found.landmarks is None or not len(found):
                continue
            seen.append(time)
            maps = [similarity(marks / scale) for marks in found.landmarks]
            crops = [cv2.warpAffine(picture, one, (CROP, CROP)) for one in maps]
            embedder.embed(np.stack(crops).astype(np.uint8))
    sys.stdout.write(json.dumps({"seconds": time, "seen": seen}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
