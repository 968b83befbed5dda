"""A film's sound as it is stored, packet by packet, beside a copied picture."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import av

from personae.adapters.clips.film import Film
from personae.adapters.clips.opening import sound_stream

FRAME = 1024
"""Samples in a packet of AAC-LC."""
PREROLL = 4
"""Packets before the cut, hidden by the edit list: a decoder needs one, and some play safe."""
SLACK_S = Fraction(1, 50)
"""Timestamps that miss the sample count by less are rounded ones, not gaps."""
APPROACH_S = 1

SoundPacket: TypeAlias = "av.Packet[av.AudioStream]"


@dataclass(frozen=True, slots=True)
class Placed:
    """A packet and the sample, counted from the cut, at which it begins."""

    packet: SoundPacket
    at: int


def copied_sound(
    container: av.container.InputContainer, film: Film, start: Fraction, end: Fraction
) -> list[Placed] | None:
    """The packets that sound between two moments of the film, in seconds from its first frame.

    Args:
        container: the film, opened for its sound alone.
        film: the same film, for when its first frame appears.
        start: when the cut begins.
        end: when it ends.

    Returns:
        None where the sound has to be encoded: it is no AAC-LC, or has gaps that a player would
        not keep.
    """
    stream = sound_stream(container)
    if stream is None or stream.time_base is None or not _is_plain(stream):
        return None
    zero = film.sound_origin + start
    if zero > APPROACH_S:  # a jump to the very beginning would miss the packet before it
        container.seek(int((zero - APPROACH_S) / stream.time_base), stream=stream)
    found: list[Placed] = []
    for packet in container.demux(stream):
        if not packet.size:
            continue
        at = _place(packet, stream.time_base, zero, found)
        if at is None:
            return None
        if at >= (end - start) * stream.rate:
            break
        found.append(Placed(packet, at))
    return [one for one in found if one.at > -PREROLL * FRAME]


def _place(packet: SoundPacket, base: Fraction, zero: Fraction, before: list[Placed]) -> int | None:
    """The sample at which a packet begins, None where the sound breaks off before it."""
    if packet.pts is None or packet.is_corrupt or packet.has_sidedata("new_extradata"):
        return None
    rate = packet.stream.rate
    at = round((packet.pts * base - zero) * rate)
    if not before:
        return at
    due = before[-1].at + FRAME
    return due if abs(at - due) <= SLACK_S * rate else None


def _is_plain(stream: av.AudioStream) -> bool:
    """Whether it is AAC-LC with its header, in which a packet is 1,024 samples."""
    context = stream.codec_context
    return context.name == "aac" and stream.profile == "LC" and bool(context.extradata)
