"""Memory does not grow with the film: ten minutes against sixty."""

from __future__ import annotations

import json
import subprocess
from fractions import Fraction
from pathlib import Path

import av

from personae.adapters.demo import FilmSettings, demo_plan, make_film
from tests.accept.command import started
from tests.accept.meter import Meter
from tests.accept.proof import Room, Row, at_most, beside, exactly

SETTINGS = {"PERSONAE_OBSERVE__FPS": "2", "PERSONAE_WORKERS": "1"}
"""A slower look than usual, so that the proof ends: a second of film is a second of film."""
MOST_GB = 1.2


def proof(room: Room) -> list[Row]:
    """Peak resident memory of ``personae index`` and its worker."""
    film = room.folder / "film.mp4"
    make_film(film, demo_plan(), FilmSettings(width=640, height=360))
    peaks: dict[int, int] = {}
    rows: list[Row] = []
    for minutes in (10, 60):
        long = room.folder / f"{minutes}.mp4"
        looped(film, long, 60 * minutes)
        library = room.folder / f"library-{minutes}"
        arguments = ["index", long, "--library", library, "--json"]
        process = started(arguments, SETTINGS, subprocess.PIPE)
        with Meter(process.pid) as meter:
            said, _ = process.communicate(timeout=1500)
        told = json.loads(said)
        peaks[minutes] = meter.peak
        [one] = told["indexed"]
        rows.append(
            exactly(f"{minutes} minutes: whole film indexed", round(one["duration"]), 60 * minutes)
        )
        rows.append(beside(f"{minutes} minutes: face tracks", one["faces"]))
        rows.append(at_most(f"{minutes} minutes: peak resident GB", meter.peak / 1e9, MOST_GB))
    return [*rows, at_most("growth from 10 to 60 minutes", peaks[60] / peaks[10], 1.10)]


def looped(film: Path, path: Path, seconds: int) -> None:
    """The film over and over, without a new encoding, cut at ``seconds``."""
    with av.open(str(path), "w") as out:
        target = None
        at = 0
        while True:
            with av.open(str(film)) as source:
                stream = source.streams.video[0]
                base = stream.time_base
                assert base is not None
                if target is None:
                    target = out.add_stream_from_template(stream)
                    target.time_base = base
                end = at
                for packet in source.demux(stream):
                    if packet.pts is None or packet.dts is None:
                        continue
                    end = max(end, at + packet.pts + (packet.duration or 0))
                    packet.pts, packet.dts, packet.stream = packet.pts + at, packet.dts + at, target
                    if packet.pts * base >= Fraction(seconds):
                        return
                    out.mux(packet)
                at = end
