"""MOTChallenge text: one line a box and frame, for tracking tools."""

from __future__ import annotations

import numpy as np

from personae.adapters.exports.film import BoxTrack, FilmExport
from personae.adapters.exports.motion import boxes_at
from personae.core.arrays import Ids
from personae.core.detections import Kind

NOBODY = 1_000_000
"""Tracks that belong to nobody are numbered from here on, by their sighting."""


def mot_text(film: FilmExport, kind: Kind) -> str:
    """Lines of ``frame,id,bb_left,bb_top,w,h,conf,-1,-1,-1``.

    Frames and pixels count from 1, as the challenge has it (Leal-Taixé et al. 2015); frames are
    those that decoding gives, also where their rate varies. The id is the person's number. Boxes
    are drawn straight between the frames that were analysed. ``conf`` is how sure it is that the
    box is that person's, 1 for tracks of nobody.
    """
    rows: dict[tuple[int, int], str] = {}
    tracks = [track for track in film.tracks if track.sighting.kind == kind]
    # Of two tracks of one person at one time the better one counts
    for track in sorted(tracks, key=lambda each: (-each.sighting.quality, each.sighting.id)):
        for frame, text in _lines(film, track):
            rows.setdefault((frame, number_of(track)), text)
    return "".join(f"{rows[key]}\n" for key in sorted(rows))


def number_of(track: BoxTrack) -> int:
    """Whose track it is, as one number."""
    return NOBODY + track.sighting.id if track.owner is None else track.owner.person.id


def _lines(film: FilmExport, track: BoxTrack) -> list[tuple[int, str]]:
    numbering = film.numbering
    first = numbering.picture(track.sighting.first)
    frames = np.arange(first, max(numbering.picture(track.sighting.last), first + 1))
    boxes = boxes_at(track.path, _times(film, frames))
    found = []
    for frame, (left, top, right, bottom) in zip(frames.tolist(), boxes.tolist(), strict=True):
        place = f"{left + 1:.2f},{top + 1:.2f},{right - left:.2f},{bottom - top:.2f}"
        text = f"{frame + 1},{number_of(track)},{place},{track.confidence:.4f},-1,-1,-1"
        found.append((frame, text))
    return found


def _times(film: FilmExport, frames: Ids) -> Ids:
    numbering = film.numbering
    if numbering.times is not None and len(numbering.times):
        return np.asarray(numbering.times[np.minimum(frames, len(numbering.times) - 1)], np.int64)
    unit = 1 / (numbering.rate * numbering.base)
    return np.array([round(frame * unit) for frame in frames.tolist()], np.int64)
