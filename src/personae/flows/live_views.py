"""Which views of a face before a camera are embedded: good new ones, and one to compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from personae.core.arrays import Crop
from personae.core.track import Shot
from personae.flows.collect import OpenTrack
from personae.flows.portraits import MARGIN
from personae.flows.shots import FAIR
from personae.flows.subjects import Subject

EMBEDDED_AT_ONCE = 2
"""Views of one track embedded per look; the best first."""
FIT = 0.3
"""Least quality of a view that may say who somebody is."""


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
    """Views good enough to say who it is that nobody has embedded yet, a few of the best."""
    fit = [
        shot
        for shot in track.views.best_first()
        if shot.pts >= subject.since
        and shot.quality.total >= FIT
        and not subject.identity.knows(shot.pts)
    ]
    return fit[:EMBEDDED_AT_ONCE]


def proof(number: int, track: OpenTrack, found: Sequence[View]) -> list[View]:
    """The view of this very look, unless it is among the new ones or far worse than the best."""
    newest, best = track.newest, track.views.best_first()
    if newest is None or newest.pts != track.times[-1] or track.gone is not None or not best:
        return []
    known = any(view.face == number and view.shot.pts == newest.pts for view in found)
    poor = newest.quality.total < max(FIT, FAIR * best[0].quality.total)
    return [] if known or poor else [View(number, newest, False)]
