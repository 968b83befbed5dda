"""Decides whether a stretch of a film can be copied as it is, and which packets that takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, pairwise
from typing import TypeAlias

import av

from personae.adapters.clips.entry import is_entry
from personae.adapters.clips.film import Film
from personae.adapters.clips.opening import opened
from personae.adapters.clips.picture import FINEST, ticks_a_second
from personae.adapters.clips.span import Span

CONTAINERS = ("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm")
"""Kinds of film that know when each picture is shown, and in which a jump lands where it should."""
CODECS = ("h264", "hevc")
MARGINS_S = (0, 2, 10)
"""How far before the start to aim, until a point to enter at is met."""
MOST_HIDDEN_S = 15
"""A longer lead-in, which a player decodes before it shows anything, is not worth its weight."""
REORDERED = 17
"""Packets by which one may come early or late at most (sixteen pictures are held, H.264 A.3.1)."""

Packet: TypeAlias = "av.Packet[av.VideoStream]"


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """Which packets of a film make a clip.

    Attributes:
        aim: timestamp to jump to before reading.
        stamps: presentation timestamps of the packets in the order of the file, from the point of
            entry to the last that is shown; some before the cut and after it are only needed to
            decode others.
        shown: timestamps of the frames that are shown, ascending.
        start: seconds in the film at which the first frame appears.
        end: seconds in the film at which the last one goes.
        ticks: time units a second in which all times are whole.
    """

    aim: int
    stamps: tuple[int, ...]
    shown: tuple[int, ...]
    start: Fraction
    end: Fraction
    ticks: int

    def decoding_stamps(self) -> list[int]:
        """Ascending times of decoding, none after its picture's presentation."""
        ordered = sorted(self.stamps)
        delay = max(late - own for late, own in zip(ordered, self.stamps, strict=True))
        return [late - delay for late in ordered]


def planned(film: Film, span: Span) -> CopyPlan | None:
    """How to copy the span, None where only decoding gives exactly its frames."""
    base = film.timing.base
    if (
        film.container.format.name not in CONTAINERS
        or film.stream.codec_context.name not in CODECS
        or film.timing.counted
        or film.timing.origin is None
        or base.denominator > FINEST
    ):
        return None
    try:
        with opened(film.path) as container:
            return _looked_for(container, film, span)
    except (av.error.FFmpegError, ValueError):
        return None  # what cannot be read in one go is decoded, over the damage


def _looked_for(container: av.container.InputContainer, film: Film, span: Span) -> CopyPlan | None:
    base, origin = film.timing.base, film.timing.origin or 0
    stream = _same(container, film)
    earliest = origin + int((span.start - span.half_frame) / base)
    for margin in MARGINS_S:
        aim = earliest - int(margin / base)
        container.seek(max(aim, origin), stream=stream)
        packets = from_entry(container.demux(stream), stream)
        first = next(packets, None)
        if first is None or first.pts is None or first.pts > max(earliest, origin):
            continue
        if (earliest - first.pts) * base > MOST_HIDDEN_S:
            return None
        return _gathered(film, span, max(aim, origin), chain([first], packets))
    return None


def _same(container: av.container.InputContainer, film: Film) -> av.VideoStream:
    return next(s for s in container.streams.video if s.index == film.stream.index)


def from_entry(packets: Iterator[Packet], stream: av.VideoStream) -> Iterator[Packet]:
    """The packets from the first on with which decoding can begin; no other is a key frame."""
    name, header = stream.codec_context.name, stream.codec_context.extradata
    entered = False
    for packet in packets:
        if packet.size and packet.is_keyframe:
            packet.is_keyframe = is_entry(name, header, bytes(packet))
            entered = entered or packet.is_keyframe
        if packet.size and entered:
            yield packet


def _gathered(film: Film, span: Span, aim: int, packets: Iterator[Packet]) -> CopyPlan | None:
    """Reads as far as frames of the span may come, and says which are needed."""
    base, origin = film.timing.base, film.timing.origin or 0
    lasts: dict[int, int] = {}
    hidden: set[int] = set()
    past = 0
    for packet in packets:
        stamp = packet.pts
        if stamp is None or stamp in lasts or packet.is_corrupt or _changes(packet):
            return None
        lasts[stamp] = packet.duration or 0
        if packet.is_discard:
            hidden.add(stamp)
        past = past + 1 if span.is_past((stamp - origin) * base) else 0
        if past > REORDERED:
            break
    seen = sorted(stamp for stamp in lasts if stamp >= origin)
    ends = dict(pairwise(seen))
    if past == 0 and seen:
        ends[seen[-1]] = seen[-1] + (lasts[seen[-1]] or round(1 / film.rate / base))
    shown = [
        stamp
        for stamp in seen
        if stamp in ends and span.holds((stamp - origin) * base, (ends[stamp] - origin) * base)
    ]
    if not shown or hidden.intersection(shown):
        return None
    stamps = tuple(lasts)
    count = 1 + max(place for place, stamp in enumerate(stamps) if stamp in set(shown))
    return CopyPlan(
        aim,
        stamps[:count],
        tuple(shown),
        (shown[0] - origin) * base,
        span.last_moment((ends[shown[-1]] - origin) * base),
        ticks_a_second(base),
    )


def _changes(packet: Packet) -> bool:
    """Whether the stream goes on with another header, for which an MP4's track has no room."""
    return packet.has_sidedata("new_extradata") or packet.has_sidedata("param_change")
