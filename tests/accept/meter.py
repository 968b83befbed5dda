"""Memory and life of a process and all it started, watched from outside."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self

import psutil

EVERY_S = 0.1


class Meter:
    """The largest resident memory that a process and its descendants had together.

    Shared pages (weights, libraries) count once a process: more than is used, never less.

    Args:
        pid: whom to watch.
        itself: count the process too, not only those it started.
    """

    def __init__(self, pid: int, *, itself: bool = True) -> None:
        self._root = psutil.Process(pid)
        self._itself = itself
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.peak = 0
        self.peak_of_one = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(EVERY_S):
            sizes = [_resident(process) for process in self._family()]
            self.peak = max(self.peak, sum(sizes))
            self.peak_of_one = max(self.peak_of_one, *sizes, 0)

    def _family(self) -> list[psutil.Process]:
        try:
            below = self._root.children(recursive=True)
        except psutil.NoSuchProcess:
            return []
        return [self._root, *below] if self._itself else below


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
