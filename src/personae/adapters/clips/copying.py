"""Cuts an excerpt out of a film without decoding it: packets as they are, and an edit list.

Decoding can only begin at certain frames. The copy holds everything from the last such frame
before the cut on; the edit list tells players to show only what lies between in and out. Browsers,
QuickTime and everything made of FFmpeg keep to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction
from heapq import merge
from pathlib import Path
from typing import TypeAlias

import av

from personae.adapters.clips.copied_sound import Placed, copied_sound
from personae.adapters.clips.copy_plan import CopyPlan, from_entry
from personae.adapters.clips.edit_list import NoEditList, set_length
from personae.adapters.clips.film import Film
from personae.adapters.clips.opening import opened, sound_stream
from personae.adapters.clips.placing import placed
from personae.adapters.clips.sound import Sound

PIECE_S = Fraction(1, 4)
"""Sound that has to be encoded is asked for in such pieces."""
BITRATE = 160_000

Packets: TypeAlias = "list[av.Packet[av.VideoStream]] | list[av.Packet[av.AudioStream]]"
Due: TypeAlias = tuple[Fraction, int, "Packets"]
"""When packets are to be written, a number that breaks ties, and the packets."""


class NotCopied(Exception):
    """The copy would not show exactly the frames of the plan; nothing was written."""


def write_copy(film: Film, plan: CopyPlan, target: Path) -> None:
    """Writes the planned packets as an MP4; ``target`` is replaced when it is complete and right.

    Raises:
        NotCopied: the film's packets cannot be put into an MP4 that shows what was planned.
        OSError: the target cannot be written.
    """
    with placed(target) as path:
        try:
            _mux(film, plan, path)
            set_length(path, round((plan.end - plan.start) * plan.ticks))
            _check(film, plan, path)
        except (av.error.FFmpegError, ValueError, NoEditList) as error:
            raise NotCopied(str(error)) from error


def _mux(film: Film, plan: CopyPlan, path: str) -> None:
    options = {
        "movflags": "+faststart",
        "video_track_timescale": str(plan.ticks),
        "movie_timescale": str(plan.ticks),
    }
    with ExitStack() as stack:
        out = stack.enter_context(av.open(f"file:{path}", "w", format="mp4", options=options))
        container = stack.enter_context(opened(film.path))
        stream = next(s for s in container.streams.video if s.index == film.stream.index)
        picture = out.add_stream_from_template(stream)
        picture.metadata.clear()
        if stream.codec_context.name == "hevc":
            picture.codec_context.codec_tag = "hvc1"  # the only one that Apple's players take
        lines: list[Iterator[Due]] = [_pictures(film, plan, container, picture)]
        sound = _sound(film, plan, out, stack)
        if sound is not None:
            lines.append(sound)
        for _, _, packets in merge(*lines, key=lambda due: due[:2]):
            out.mux(packets)


def _pictures(
    film: Film,
    plan: CopyPlan,
    container: av.container.InputContainer,
    picture: av.VideoStream,
) -> Iterator[Due]:
    """The pictures' packets, timed from the first frame that is shown."""
    base, unit = film.timing.base, Fraction(1, plan.ticks)
    stream = next(s for s in container.streams.video if s.index == film.stream.index)
    container.seek(plan.aim, stream=stream)
    packets = from_entry(container.demux(stream), stream)
    packet = next((p for p in packets if p.pts == plan.stamps[0]), None)
    zero, ends = plan.shown[0], round((plan.end - plan.start) * plan.ticks)
    for stamp, decoding in zip(plan.stamps, plan.decoding_stamps(), strict=True):
        if packet is None or packet.pts != stamp:
            raise NotCopied("the film reads differently the second time")
        packet.stream, packet.time_base = picture, unit
        packet.pts = round((stamp - zero) * base / unit)
        packet.dts = round((decoding - zero) * base / unit)
        # Only the last one counts: the track must not be over before the last frame goes
        packet.duration = max(1, ends - packet.dts)
        following = next(packets, None) if stamp != plan.stamps[-1] else None
        yield packet.dts * unit, 0, [packet]
        packet = following


def _sound(
    film: Film, plan: CopyPlan, out: av.container.OutputContainer, stack: ExitStack
) -> Iterator[Due] | None:
    """The sound beside it: as it is stored, or else encoded; None where there is none."""
    container = stack.enter_context(opened(film.path))
    stream = sound_stream(container)
    if stream is None:
        return None
    found = copied_sound(container, film, plan.start, plan.end)
    if found is None:
        sound = stack.enter_context(Sound(film, plan.start))
        track = out.add_stream("aac", rate=sound.rate, layout=sound.layout)
        track.bit_rate = min(BITRATE, sound.rate * 4)
        return _encoded(sound, track, plan.end - plan.start)
    if not found:
        return None
    copy = out.add_stream_from_template(stream)
    copy.metadata.clear()
    return _stored(found, copy, stream.rate)


def _stored(found: list[Placed], track: av.AudioStream, rate: int) -> Iterator[Due]:
    for one in found:
        packet = one.packet
        packet.stream, packet.time_base = track, Fraction(1, rate)
        packet.pts = packet.dts = one.at
        packet.duration = 1024
        yield Fraction(one.at, rate), 1, [packet]


def _encoded(sound: Sound, track: av.AudioStream, length: Fraction) -> Iterator[Due]:
    time = Fraction(0)
    while time < length:
        following = min(time + PIECE_S, length)
        for samples in sound.until(following):
            yield time, 1, list(track.encode(samples))
        time = following
    yield time, 1, list(track.encode())


def _check(film: Film, plan: CopyPlan, path: str) -> None:
    """Reads the clip as players do, without decoding, and insists on the planned frames."""
    unit = Fraction(1, plan.ticks)
    due = [round((stamp - plan.shown[0]) * film.timing.base / unit) for stamp in plan.shown]
    with av.open(f"file:{path}", format="mp4") as container:
        stream = container.streams.video[0]
        if stream.time_base != unit:
            raise NotCopied(f"the clip's clock ticks every {stream.time_base} s, not every {unit}")
        found = sorted(
            packet.pts
            for packet in container.demux(stream)
            if packet.pts is not None and packet.size and not packet.is_discard
        )
    if found != due:
        raise NotCopied(f"the clip would show {len(found)} frames, not {len(due)} as planned")
