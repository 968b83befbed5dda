"""Twenty clips of five people in one room: who is who, over files, and by a single picture."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

import personae
from personae.adapters.sources.kinds import SourceOptions, open_source
from personae.flows.evaluation.clustering import score_clusters
from tests.accept.indexed import opened
from tests.accept.proof import Room, Row, at_least, at_most, exactly


def proof(room: Room) -> list[Row]:
    """Five people, found again by one frame of each."""
    with room.shared("data/videos/asl_people.csv").open(encoding="utf-8") as lines:
        truth = {row["video"]: row["person"] for row in csv.DictReader(lines)}
    folder = room.shared("data/videos")
    clips = sorted(truth)
    with opened(room.folder / "library", [folder / clip for clip in clips]) as lib:
        main = _main_person(lib)
        labels = np.array([main.get(clip, -1) for clip in clips])
        people = np.unique([truth[clip] for clip in clips], return_inverse=True)[1]
        score = score_clusters(labels.astype(np.int64), people.astype(np.int64))
        everybody = len(lib.people())
        ranked = [
            _ranks_first(lib, folder / clip, truth, room.folder / f"{clip}.png") for clip in clips
        ]
        first = [
            clips.index(min(c for c in clips if truth[c] == who)) for who in set(truth.values())
        ]
    return [
        exactly("people who lead a clip", len(set(main.values())), 5),
        at_most("others (cut-off faces)", everybody - len(set(main.values())), 2),
        at_least("BCubed F over clips", score.bcubed_f, 0.98),
        exactly(
            "of 5 people, found by one frame before all others", sum(ranked[i] for i in first), 5
        ),
        at_least("of 20 clips, whose middle frame finds its person so", sum(ranked), 20),
    ]


def _main_person(lib: personae.Library) -> dict[str, int]:
    """Who is on screen longest in each clip."""
    seconds: dict[str, Counter[int]] = {}
    for found in lib.appearances():
        clip = seconds.setdefault(Path(found.path).name, Counter())
        clip[found.person] += found.end - found.start  # type: ignore[assignment]
    return {clip: count.most_common(1)[0][0] for clip, count in seconds.items()}


def _ranks_first(lib: personae.Library, clip: Path, truth: dict[str, str], picture: Path) -> bool:
    """Whether a frame from the clip's middle ranks every clip of its person above every other."""
    _middle_frame(clip, picture)
    faces = lib.faces(picture).faces
    widest = max(faces, key=lambda face: face.box[2] - face.box[0])
    order = [Path(m.path).name for m in lib.search(picture, face=widest.number, limit=1000).matches]
    mine = {name for name, person in truth.items() if person == truth[clip.name]}
    return _leading(order, len(mine)) == mine


def _leading(order: Sequence[str], count: int) -> set[str]:
    """The first ``count`` different names."""
    return set(list(dict.fromkeys(order))[:count])


def _middle_frame(clip: Path, picture: Path) -> None:
    with open_source(clip, SourceOptions()) as source:
        frames = sum(1 for _ in source.frames())
    with open_source(clip, SourceOptions()) as source:
        for frame in source.frames():
            if frame.index == frames // 2:
                Image.fromarray(frame.picture.rgb()).save(picture)
                return
