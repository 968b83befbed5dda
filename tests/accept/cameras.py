"""Four RTSP cameras for some minutes: nobody starved, memory flat, right names, strangers apart."""

from __future__ import annotations

import csv
import math
import os
import statistics
import time
from collections import Counter, defaultdict
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import psutil

import personae
from personae.adapters.sources.camera import CameraOptions
from personae.app.cameras import CameraConfig
from personae.app.watching import Watching, WatchOptions
from personae.flows.watch import WatchSettings
from tests.accept.camera_truth import Truth, marked
from tests.accept.proof import NotRun, Room, Row, at_least, at_most, beside, exactly
from tests.media.rtsp import RtspServer, rtsp_is_here

MINUTES = float(os.environ.get("PERSONAE_WATCH_MINUTES", "10"))
RATES = (10, 15, 20, 25)
"""Frames a second of the four cameras."""
KNOWN = 3
SETTLED_S = 12 * MINUTES
"""Rates and memory count from here on, a fifth of the time: networks and caches are warm."""


def proof(room: Room) -> list[Row]:
    """Each camera plays the clips of all five people in turn; three of them are enrolled."""
    if not rtsp_is_here():
        raise NotRun("needs Debian's gir1.2-gst-rtsp-server-1.0 and python3-gi")
    videos = room.shared("data/videos")
    clips = _by_person(videos)
    films = {}
    for number, rate in enumerate(RATES):
        films[f"c{number}"] = room.folder / f"c{number}.mp4"
        _film(films[f"c{number}"], clips, rate, number)
    settings = personae.Settings(library=room.folder / "library")
    with personae.Library(settings) as lib:
        people = sorted(clips)
        for name in people[:KNOWN]:
            lib.enrol(name, [clips[name][0]])
        servers = [RtspServer({name: path}) for name, path in films.items()]
        cameras = [
            CameraConfig(name, server.address(name), CameraOptions())
            for name, server in zip(films, servers, strict=True)
        ]
        try:
            return _watched(lib, cameras, people)
        finally:
            for server in servers:
                server.kill()


def _watched(lib: personae.Library, cameras: list[CameraConfig], people: list[str]) -> list[Row]:
    process, truth = psutil.Process(), Truth(people)
    rates: dict[str, list[float]] = defaultdict(list)
    memory: list[tuple[float, float]] = []
    began = time.monotonic()
    options = WatchOptions(pictures=True, onlookers=(truth,))
    with Watching(lib, cameras, WatchSettings(liveness=False), options) as watch:
        while (now := time.monotonic() - began) < 60 * MINUTES:
            time.sleep(0.25)
            if now > SETTLED_S:
                for stream in watch.status().streams:
                    rates[stream.name].append(stream.analysed_fps)
                memory.append((now, process.memory_info().rss / 1e6))
    mean = {name: statistics.mean(values) for name, values in rates.items()}
    slope = float(np.polyfit(*zip(*memory, strict=True), 1)[0]) * 60
    told = truth.told(people[:KNOWN])
    right, wrong, strangers = _kept(lib, truth)
    waits = told.waits or [math.inf]
    return [
        beside("minutes", MINUTES),
        at_least("looks a second at the slowest camera", min(mean.values()), 4.0),
        beside("slowest by fastest camera", min(mean.values()) / max(mean.values())),
        at_most("memory at the end, MB", memory[-1][1], 1500),
        at_most("its slope, MB a minute", slope, 5.0),
        beside("clips of enrolled people", told.clips),
        at_least("of them named while they ran, share", len(told.waits) / told.clips, 0.9),
        exactly("tracks told by a wrong name", told.wrong, 0),
        at_least("appearances kept with the right person", right, 10),
        exactly("appearances kept with a wrong person", wrong, 0),
        exactly("profiles of the two strangers", strangers, len(people) - KNOWN),
        at_most("from first face to name, s, median", statistics.median(waits), 1.0),
        at_most("the same, 95th of 100", float(np.percentile(waits, 95)), 3.0),
    ]


def _kept(lib: personae.Library, truth: Truth) -> tuple[int, int, int]:
    """Appearances whose person was really there, those whose was not, and unnamed profiles."""
    people = {person.id: person for person in lib.people()}
    origins = {media.path: media.captured_at or 0 for media in lib.media()}
    kept: list[tuple[int, str]] = []
    for one in lib.appearances():
        origin = origins[one.path]
        span = (origin + 1000 * one.start, origin + 1000 * one.end)
        kept.append((one.person, truth.most(one.path.removeprefix("camera:"), span)))
    owner = {number: people[number].name or "" for number, _ in kept}
    for number, name in owner.items():
        seen = Counter(who for person, who in kept if person == number)
        owner[number] = name or seen.most_common(1)[0][0]
    right = sum(owner[number] == who for number, who in kept)
    return right, len(kept) - right, sum(person.name is None for person in people.values())


def _by_person(videos: Path) -> dict[str, list[Path]]:
    clips: dict[str, list[Path]] = defaultdict(list)
    with (videos / "asl_people.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            clips[row["person"]].append(videos / row["video"])
    return dict(clips)


def _film(target: Path, clips: dict[str, list[Path]], rate: int, turn: int) -> None:
    """All clips of everybody, beginning with another person for each camera, over and over."""
    people = sorted(clips)
    order = people[turn:] + people[:turn]
    played = 0
    with av.open(str(target), "w") as out:
        options = {"preset": "ultrafast", "crf": "20", "g": str(rate)}
        stream = out.add_stream("libx264", rate=rate, options=options)
        stream.width, stream.height, stream.pix_fmt = 640, 480, "yuv420p"
        number = 0
        while number < rate * 60 * (MINUTES + 0.5):
            for name in order:
                clip = clips[name][played % len(clips[name])]
                played += 1
                number = _append(out, stream, clip, people.index(name), (rate, number))
        out.mux(stream.encode())


def _append(
    out: av.container.OutputContainer,
    stream: av.VideoStream,
    clip: Path,
    person: int,
    at: tuple[int, int],
) -> int:
    rate, number = at
    with av.open(str(clip)) as source:
        due = 0.0
        for frame in source.decode(video=0):
            while frame.time is not None and frame.time >= due:
                due += 1 / rate
                made = marked(frame.reformat(640, 480, "yuv420p"), person)
                made.pts, made.time_base = number, Fraction(1, rate)
                number += 1
                out.mux(stream.encode(made))
    return number
