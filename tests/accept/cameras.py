"""Four RTSP cameras for some minutes: nobody starved, memory flat, right names, strangers apart."""

from __future__ import annotations

import csv
import os
import statistics
import time
from collections import defaultdict
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
from tests.accept.proof import NotRun, Room, Row, at_least, at_most, beside, exactly
from tests.media.rtsp import RtspServer, rtsp_is_here

MINUTES = float(os.environ.get("PERSONAE_WATCH_MINUTES", "10"))
RATES = (10, 15, 20, 25)
"""Frames a second of the four cameras."""
KNOWN = 3
SETTLED_S = 20.0
"""Memory is compared from here on: networks and caches are warm."""


def proof(room: Room) -> list[Row]:
    """Each camera plays the clips of all five people in turn; three of them are enrolled."""
    if not rtsp_is_here():
        raise NotRun("needs Debian's gir1.2-gst-rtsp-server-1.0 and python3-gi")
    videos = room.shared("data/videos")
    clips = _by_person(videos)
    films, plan = {}, {}
    for number, rate in enumerate(RATES):
        films[f"c{number}"] = room.folder / f"c{number}.mp4"
        plan[f"c{number}"] = _film(films[f"c{number}"], clips, rate, number)
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
    process = psutil.Process()
    rates: dict[str, list[float]] = defaultdict(list)
    memory: list[tuple[float, float]] = []
    waits: list[float] = []
    named: dict[int, float] = {}
    began = time.monotonic()
    options = WatchOptions(pictures=True)
    with Watching(lib, cameras, WatchSettings(liveness=False), options) as watch:
        while time.monotonic() - began < 60 * MINUTES:
            time.sleep(0.1)
            now = time.monotonic() - began
            status = watch.status()
            for stream in status.streams:
                if now > SETTLED_S:
                    rates[stream.name].append(stream.analysed_fps)
                for person in stream.persons:
                    if person.type == "known" and person.id not in named:
                        named[person.id] = now
                        waits.append((status.timestamp - person.since) / 1000)
            if now > SETTLED_S:
                memory.append((now, process.memory_info().rss / 1e6))
    mean = {name: statistics.mean(values) for name, values in rates.items()}
    wrong, right = _names(lib)
    slope = float(np.polyfit(*zip(*memory, strict=True), 1)[0]) * 60
    strangers = [p for p in lib.people() if p.name is None]
    return [
        beside("minutes", MINUTES),
        at_least("looks a second at the slowest camera", min(mean.values()), 4.0),
        beside("slowest by fastest camera", min(mean.values()) / max(mean.values())),
        at_most("memory at the end, MB", memory[-1][1], 1500),
        beside("its slope, MB a minute", slope),
        at_least("appearances named right", right, 10),
        exactly("appearances named wrong", wrong, 0),
        exactly("profiles of the two strangers", len(strangers), len(people) - KNOWN),
        at_most("from first face to name, s, median", statistics.median(waits), 1.0),
        at_most("the same, 95th of 100", float(np.percentile(waits, 95)), 3.0),
    ]


def _names(lib: personae.Library) -> tuple[int, int]:
    """Sightings of cameras whose named person is another's by their own best match, and right."""
    vectors = lib.store.sightings.vectors(lib.calibration.space)
    templates = lib.store.people.templates(lib.calibration.space)
    names = {p.id: p.name for p in lib.people()}
    owners = sorted({t.person for t in templates})
    means = np.stack([np.mean([t.vector for t in templates if t.person == o], 0) for o in owners])
    wrong = right = 0
    for face in vectors:
        if face.person is None or names.get(face.person) is None:
            continue
        best = owners[int(np.argmax(means @ face.vector))]
        wrong, right = wrong + (best != face.person), right + (best == face.person)
    return wrong, right


def _by_person(videos: Path) -> dict[str, list[Path]]:
    clips: dict[str, list[Path]] = defaultdict(list)
    with (videos / "asl_people.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            clips[row["person"]].append(videos / row["video"])
    return dict(clips)


def _film(target: Path, clips: dict[str, list[Path]], rate: int, turn: int) -> list[str]:
    """All clips of everybody, beginning with another person for each camera, over and over."""
    people = sorted(clips)
    order = people[turn:] + people[:turn]
    played: list[str] = []
    with av.open(str(target), "w") as out:
        options = {"preset": "ultrafast", "crf": "20", "g": str(rate)}
        stream = out.add_stream("libx264", rate=rate, options=options)
        stream.width, stream.height, stream.pix_fmt = 640, 480, "yuv420p"
        number = 0
        while number < rate * 60 * (MINUTES + 0.5):
            for name in order:
                clip = clips[name][len(played) % len(clips[name])]
                played.append(name)
                number = _append(out, stream, clip, (rate, number))
        out.mux(stream.encode())
    return played


def _append(
    out: av.container.OutputContainer, stream: av.VideoStream, clip: Path, at: tuple[int, int]
) -> int:
    rate, number = at
    with av.open(str(clip)) as source:
        due = 0.0
        for frame in source.decode(video=0):
            while frame.time is not None and frame.time >= due:
                due += 1 / rate
                made = frame.reformat(640, 480, "yuv420p")
                made.pts, made.time_base = number, Fraction(1, rate)
                number += 1
                out.mux(stream.encode(made))
    return number
