"""ByteTrack of the package ``trackers`` on a file of boxes; runs in an environment of its own.

python peer_byte_track.py BOXES TRACKS LEAST
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path


def main(boxes: Path, tracks: Path, least: float) -> None:
    """Follows the boxes at 25 frames a second; ``least`` is what a new track's score must be."""
    import numpy as np
    from supervision import Detections
    from trackers import ByteTrackTracker

    frames: dict[int, list[list[float]]] = defaultdict(list)
    for line in boxes.read_text(encoding="utf-8").splitlines():
        values = [float(word) for word in line.split(",")]
        frames[int(values[0])].append(values[2:7])
    tracker = ByteTrackTracker(
        frame_rate=25, track_activation_threshold=least, high_conf_det_threshold=min(least, 0.6)
    )
    lines = []
    for frame in range(1, max(frames) + 1):
        rows = np.array(frames[frame], dtype=np.float32).reshape(-1, 5)
        corners = np.concatenate([rows[:, :2], rows[:, :2] + rows[:, 2:4]], axis=1)
        seen = Detections(
            xyxy=corners, confidence=rows[:, 4], class_id=np.zeros(len(rows), dtype=int)
        )
        found = tracker.update(seen)
        for (x1, y1, x2, y2), track in zip(found.xyxy, found.tracker_id, strict=True):
            if track >= 0:
                lines.append(f"{frame},{track},{x1},{y1},{x2 - x1},{y2 - y1},1,-1,-1,-1\n")
    tracks.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]))
