"""Which views of a face before a camera are embedded: good new ones, and one to compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from personae.core.arrays import Crop, Vector
from personae.core.embedding import unit
from personae.core.geometry import iou
from personae.core.track import Shot
from personae.flows.collect import OpenTrack
from personae.flows.portraits import MARGIN
from personae.flows.shots import FAIR
from personae.flows.subjects import Subject

EMBEDDED_AT_ONCE = 2
"""Views of one track embedded per look; the best first."""
FIT = 0.3
"""Least quality of a view that may say who somebody is."""


SAME_PICTURE = 0.96
"""Correlation of two coarse faces that are of one person: in clips of five people, half of the
looks reach it with the look before, and none of 40,000 pairs with a look at somebody else."""
SAME_BOX = 0.75
"""Overlap of a face's boxes in two looks between which nobody took its place."""
PROVEN_MS = 2_000
"""After so long a view is compared in any case."""


@dataclass(frozen=True, slots=True)
class View:
    """A view of a face track that is not embedded yet.

    Attributes:
        face: number of the track.
        learn: it may become one of those that say who it is; else it is only compared with them.
    """

    face: int
    shot: Shot
    learn: bool


def face_of(shot: Shot) -> Crop:
    """The aligned face of a view without its margin, (112, 112, 3) uint8 RGB."""
    assert shot.crop is not None
    return shot.crop[MARGIN:-MARGIN, MARGIN:-MARGIN]


def new_views(track: OpenTrack, subject: Subject) -> list[Shot]:
    """Views good enough to say who it is that nobody has embedded yet, a few of the best.

    In order of time: an older view says nothing against a doubt that a newer one raised.
    """
    fit = [
        shot
        for shot in track.views.best_first()
        if shot.pts >= subject.since
        and shot.quality.total >= FIT
        and not subject.identity.knows(shot.pts)
    ]
    return sorted(fit[:EMBEDDED_AT_ONCE], key=lambda shot: shot.pts)


def proof(number: int, track: OpenTrack, subject: Subject, found: Sequence[View]) -> list[View]:
    """The view of this very look, where it may be another's than the views before.

    It need not be embedded where it looks like the one before pixel by pixel, nor is it where it is
    far worse than the best.
    """
    newest, best = track.newest, track.views.best_first()
    if newest is None or newest.pts != track.times[-1] or track.gone is not None or not best:
        return []
    before, subject.glimpse = subject.glimpse, coarse(face_of(newest))
    stayed = len(track.boxes) > 1 and float(iou(track.boxes[-2][None], newest.box[None])[0, 0])
    alike = (
        before is not None
        and stayed >= SAME_BOX
        and float(before @ subject.glimpse) >= SAME_PICTURE
    )
    sure = not subject.unproven and subject.doubted is None
    if sure and alike and newest.pts - subject.proven < PROVEN_MS:
        return []
    known = any(view.face == number and view.shot.pts == newest.pts for view in found)
    poor = newest.quality.total < max(FIT, FAIR * best[0].quality.total)
    return [] if known or poor else [View(number, newest, False)]


def coarse(face: Crop) -> Vector:
    """(1200,) the colours of a face on 20 x 20 fields, without brightness and contrast."""
    fields = face[16:96, 16:96].reshape(20, 4, 20, 4, 3).mean((1, 3), dtype=np.float32)
    return unit((fields - fields.mean()).ravel())
