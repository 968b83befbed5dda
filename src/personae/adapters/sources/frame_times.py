"""When every frame of a film is shown, read without decoding it: for those who count frames."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from personae.adapters.sources.decoding import RESTART_S, Decoding
from personae.adapters.sources.opening import VideoOptions, opened
from personae.core.arrays import Ids


@dataclass(frozen=True, slots=True)
class FrameTimes:
    """The clock of a film.

    Attributes:
        base: seconds of one PTS unit.
        times: (N,) PTS of every frame from the first on, the numbers that `VideoSource` gives;
            None where packets alone do not tell (the clock is restarted on the way).
        rate: frames a second as the container states.
        timecode: of the first frame, as the film carries it.
        sound: it has sound.
    """

    base: Fraction
    times: Ids | None
    rate: Fraction | None
    timecode: str | None
    sound: bool


def frame_times(path: Path) -> FrameTimes:
    """Reads the packets of a film from end to end and decodes only its first frame.

    Raises:
        SourceError: the film is missing or cannot be read.
    """
    first = Decoding(path, VideoOptions())
    try:
        stream, clock, container = first.stream, first.clock, first.container
        carried = [container.metadata, *(each.metadata for each in container.streams)]
        return FrameTimes(
            base=clock.base,
            times=_times(path, stream.index, first),
            rate=stream.average_rate or stream.guessed_rate,
            timecode=next((m["timecode"] for m in carried if m.get("timecode")), None),
            sound=bool(container.streams.audio),
        )
    finally:
        first.close()


def _times(path: Path, stream: int, first: Decoding) -> Ids | None:
    stamps: list[int] = []
    clock = first.clock
    latest: int | None = None
    with opened(path) as container:
        try:
            for packet in container.demux(container.streams[stream]):
                if not packet.size or packet.is_discard:
                    continue
                if packet.dts is not None:
                    if latest is not None and (latest - packet.dts) * clock.base > RESTART_S:
                        return None
                    latest = packet.dts
                by_decoding = clock.by_decoding or packet.pts is None
                stamp = packet.dts if by_decoding else packet.pts
                stamps.append(len(stamps) if clock.counted or stamp is None else stamp)
        except av.error.FFmpegError:
            # A damaged end: what came before it is known
            pass
    origin = 0 if clock.counted else clock.origin or 0
    times = np.unique(np.array(stamps, np.int64)) - origin
    return np.asarray(times[times >= 0], np.int64)
