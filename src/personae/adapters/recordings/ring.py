"""The last seconds of a camera, bounded in time and in bytes; always begins where decoding can."""

from __future__ import annotations

from collections import deque

from personae.adapters.recordings.packets import Kept


class Ring:
    """Groups of packets, each from a key frame to before the next.

    Args:
        seconds: at least so much is held, as long as it fits.
        largest: bytes.
    """

    def __init__(self, seconds: float, largest: int) -> None:
        self._milliseconds = round(1000 * seconds)
        self._largest = largest
        self._groups: deque[list[Kept]] = deque()
        self.bytes = 0

    def add(self, packet: Kept) -> None:
        """The next packet; what comes before the first key frame is of no use."""
        if packet.key:
            self._groups.append([])
        if not self._groups:
            return
        self._groups[-1].append(packet)
        self.bytes += len(packet.data)
        while self._second_is_old(packet.at) or self.bytes > self._largest:
            self._drop()

    def clear(self) -> None:
        """Forgets everything."""
        self._groups.clear()
        self.bytes = 0

    def since(self, at: int) -> list[Kept]:
        """From the last key frame at or before this moment on, or else everything."""
        groups = list(self._groups)
        first = max((i for i, group in enumerate(groups) if group[0].at <= at), default=0)
        return [packet for group in groups[first:] for packet in group]

    def _second_is_old(self, now: int) -> bool:
        return len(self._groups) > 1 and self._groups[1][0].at <= now - self._milliseconds

    def _drop(self) -> None:
        # Half a group cannot be decoded: one that is too large alone goes whole
        self.bytes -= sum(len(packet.data) for packet in self._groups.popleft())
