"""Blinks and printed photos: what is found, and what must never pass as a living face."""

from __future__ import annotations

from pathlib import Path

import personae
from personae.app.evaluating_blink import blink
from personae.app.evaluating_spoof import Player, spoof
from personae.flows.evaluation.confidence import Range
from tests.accept.proof import Room, Row, at_least, beside, exactly

SERIES = (3, 5)
HELD = 40
"""Looks at a photo that is held still."""


def proof(room: Room) -> list[Row]:
    """Blinks on series and clips, then attacks."""
    settings = personae.Settings(library=room.folder)
    rows: list[Row] = []
    for number in SERIES:
        series = room.shared(f"data/blink/eyeblink8_ear_series_{number}.csv")
        score = blink(series, settings).score
        name = f"series {number}, {score.right + score.missed} blinks"
        rows += [
            at_least(f"{name}: F1", score.f1, 0.85),
            beside(f"{name}: precision and recall", f"{score.precision:.3f} {score.recall:.3f}"),
        ]
    room.shared("data/blink/blinks_by_eye.csv")
    clips = blink(room.shared("data/videos"), settings).score
    rows += [
        at_least("talking heads: F1", clips.f1, 0.85),
        beside("talking heads: precision and recall", f"{clips.precision:.3f} {clips.recall:.3f}"),
    ]
    rates = spoof(room.shared("data/nuaa"), settings).rates
    passed = sum(one.errors for one in rates.values() if one.attack)
    rows.append(exactly("printed photos played as a camera: called live", passed, 0))
    for kind, one in rates.items():
        rate = "APCER" if one.attack else "BPCER"
        figure = f"{one.rate:.1%} of {one.presentations} ({_between(one.between)})"
        rows.append(beside(f"{rate}, {kind}", figure))
    return [*rows, exactly("still photos: called live", _stills(room, settings), 0)]


def _stills(room: Room, settings: personae.Settings) -> int:
    """Living people's photos, each held before the camera without moving."""
    player = Player(settings)
    photos = [next(iter(sorted(p.glob("*.jpg")))) for p in _people(room)]
    return sum(player.play([photo] * HELD, 8.0).state()[0] == "live" for photo in photos)


def _people(room: Room) -> list[Path]:
    return sorted(room.shared("data/nuaa/ClientRaw").iterdir())


def _between(limits: Range) -> str:
    return f"{limits[0]:.1%} to {limits[1]:.1%}"
