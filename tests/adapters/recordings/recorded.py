"""Plays films into a recorder faster than they run, and reads the clips that come of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av

from personae.adapters.recordings.recorder import CameraRecorder, Limits
from tests.media.films import number_of

BEGAN = 1_700_000_000_000
"""When frame 0 comes, milliseconds since 1970."""


@dataclass(slots=True)
class Bench:
    """A recorder with what it told."""

    folder: Path
    limits: Limits
    told: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)
    recorder: CameraRecorder = field(init=False)

    def __post_init__(self) -> None:
        self.recorder = CameraRecorder(
            self.folder,
            self.limits,
            lambda start, end: {"camera": "door", "people": []},
            lambda event, facts: self.told.append((event, facts)),
        )

    def play(self, film: Path, at: Callable[[int], None] = lambda ms: None, since: int = 0) -> int:
        """As `play` does."""
        return play(self.recorder, film, at, since)

    def clips(self) -> list[Path]:
        """What was recorded, the oldest first, after everything is written."""
        self.recorder.close()
        assert not list(self.folder.rglob("*.part"))
        return sorted(self.folder.rglob("*.mp4"))


def play(
    recorder: CameraRecorder,
    film: Path,
    at: Callable[[int], None] = lambda ms: None,
    since: int = 0,
) -> int:
    """Hands over every packet when its picture is due; ``at`` is called after each.

    Returns:
        When the next film's first picture is due, milliseconds after the beginning.
    """
    last = since
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        for number, packet in enumerate(container.demux(stream)):
            packet.decode()
            if packet.size:
                last = since + 40 * number
                recorder.packet(stream, packet, BEGAN + last)
                at(last)
    return last + 40


def numbers(clip: Path) -> list[int]:
    """The numbers that a clip's pictures show."""
    return [number_of(frame.to_ndarray(format="rgb24")) for frame in pictures(clip)]


def pictures(clip: Path) -> Iterator[av.VideoFrame]:
    """A clip's pictures, decoded by the strictest decoder there is."""
    with av.open(str(clip)) as container:
        container.streams.video[0].codec_context.options = {"err_detect": "explode"}
        yield from container.decode(video=0)


def facts(clip: Path) -> dict[str, Any]:
    """What is told beside a clip."""
    told: dict[str, Any] = json.loads(clip.with_suffix(".json").read_text("utf-8"))
    return told


def follows_the_standard(clip: Path) -> bool:
    """Whether each sample is units with their lengths in front, as browsers insist (H.264, HEVC).

    FFmpeg's own decoders would also read start codes there.
    """
    with av.open(str(clip)) as container:
        samples = [bytes(p) for p in container.demux(video=0) if p.size]
        header = bytes(container.streams.video[0].codec_context.extradata or b"")
    return bool(samples) and header[0] == 1 and all(_is_lengths_and_units(s) for s in samples)


def _is_lengths_and_units(sample: bytes) -> bool:
    at = 0
    while at + 4 < len(sample):
        length = int.from_bytes(sample[at : at + 4], "big")
        if length < 2:
            return False
        at += 4 + length
    return at == len(sample)
