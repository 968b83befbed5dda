"""People counted: a street from a moving bus against truth, a room people come to one by one."""

from __future__ import annotations

import numpy as np

import personae
from personae.app.evaluating import crowd
from personae.core.crowd import FilmCrowd
from tests.accept.indexed import opened
from tests.accept.proof import Room, Row, at_least, at_most, beside, exactly

SIZE = (1920, 1080)
MOST = 0.2
"""Mean absolute error of people in a frame, as a share of their mean."""
EMPTY_S = ((0, 5), (21.5, 22.5), (46.5, 50), (71, 74), (88, 92), (121, 123), (137, 139))
"""Stretches of seconds in which the room is empty, by eye."""


def proof(room: Room) -> list[Row]:
    """Both films; frames, weights and stretches as the row says."""
    street = room.shared("data/videos/dlib_ffmpeg__MOT17-13-SDP-raw.h265")
    truth = room.shared("data/mot/MOT16-13_gt_frames_1-375_1920x1080.txt")
    alone = room.shared("data/videos/intel__one-by-one-person-detection.mp4")
    settings = personae.Settings(library=room.folder)
    counted = crowd(street, truth, settings, truth_size=SIZE)
    plain = crowd(street, truth, settings, truth_size=SIZE, for_crowds=False)
    shown = (
        f"{counted.people.mean:.1f} counted, {counted.people.truth:.1f} true, "
        f"error {counted.people.mae:.2f}"
    )
    rows = [
        beside("MOT17-13, 375 frames, index --crowd: people a frame", shown),
        at_most("its mean absolute error of the mean", counted.people.relative, MOST),
    ]
    rows += [
        at_most(f"the same, each of {folds} stretches by the others' weights", one.relative, MOST)
        for folds, one in counted.held_out.items()
    ]
    rows.append(beside("the same without --crowd: people followed", plain.people.relative))
    for name, observe in (
        ("index", personae.ObserveSettings(anonymous=True)),
        ("index --crowd", personae.ObserveSettings(anonymous=True).crowd()),
    ):
        with opened(room.folder / name.replace(" ", ""), [alone], observe) as lib:
            rows += _one_by_one(name, lib.crowd().films[0])
            rows.append(exactly(f"{name}: vectors and crops kept", _identifying(lib), 0))
    return rows


def _one_by_one(name: str, film: FilmCrowd) -> list[Row]:
    times, most = film.series.times, np.maximum(film.series.counted, film.series.people)
    empty = np.zeros(len(times), np.bool_)
    for start, end in EMPTY_S:
        empty |= (times >= start) & (times < end)
    return [
        at_most(f"one by one, {name}: most counted at any moment", float(most.max()), 2),
        exactly(f"one by one, {name}: counted while empty", f"{most[empty].max():g}", "0"),
        at_least(f"one by one, {name}: visits", len(film.visits), 5),
    ]


def _identifying(lib: personae.Library) -> int:
    rows = lib.store.sightings
    crops = [one.id for one in rows.all() if rows.best_crop([one.id]) is not None]
    return len(rows.spaces()) + len(crops)
