"""A real television cut of four shots: one man found by a photo, one woman's shot whole."""

from __future__ import annotations

from collections import Counter

from personae.core.intervals import overlap
from tests.accept.indexed import opened
from tests.accept.proof import Room, Row, at_least, exactly

CUTS = (0.68, 2.72, 7.04)
"""Seconds at which a new shot begins."""
FRAME = 0.05
"""A little more than one frame."""


def proof(room: Room) -> list[Row]:
    """Obama sits in the last shot only; Miranda's close shot is one person; no track crosses."""
    film = room.shared("data/videos/face_recognition__short_hamilton_clip.mp4")
    photo = room.shared("demo/obama.jpg")
    with opened(room.folder / "library", [film]) as lib:
        faces = lib.faces(photo).faces
        largest = max(faces, key=lambda face: face.box[2] - face.box[0])
        matches = lib.search(photo, face=largest.number).matches
        close: Counter[int] = Counter()
        for one in lib.appearances():
            close[one.person] += overlap((one.start, one.end), CUTS[1:])  # type: ignore[assignment]
        glued = [
            (sighting.kind, sighting.start, sighting.end)
            for sighting in lib.store.sightings.all()
            for cut in CUTS
            if sighting.start < cut - FRAME and sighting.end > cut + FRAME
        ]
    late = [match for match in matches if match.start >= CUTS[-1] - FRAME]
    second = close.most_common(2)[1][1] if len(close) > 1 else 0
    return [
        at_least("Obama's appearances in the last shot", len(late), 1),
        exactly("in the first three", len(matches) - len(late), 0),
        at_least("Miranda's share of the close shot", close.most_common(1)[0][1] / 4.32, 0.95),
        exactly("others in it for more than a frame", int(second > FRAME), 0),
        exactly("tracks that cross a cut", str(glued or "none"), "none"),
    ]
