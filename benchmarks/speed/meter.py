"""What a command costs, all its processes together: CPU-seconds, wall time, memory."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import psutil

SAMPLE_S = 0.1


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost of one run.

    Attributes:
        cpu_s: user and system time of the process and all that it waited for.
        wall_s: from start to end.
        peak_mb: highest sum of resident memory of all its processes, sampled; shared pages count
            once for each process, so it errs upwards. 0 where it was not asked for.
        output: what it printed.
    """

    cpu_s: float
    wall_s: float
    peak_mb: float
    output: str


def cost_of(command: Sequence[str], *, memory: bool = False) -> Cost:
    """Runs a command to its end.

    Raises:
        RuntimeError: it failed; the message ends with what it printed.
    """
    with tempfile.TemporaryFile("w+") as out:
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        watch = _Memory(process.pid)
        if memory:
            watch.start()
        # wait4 tells of this child and of its own children; getrusage would mix in earlier ones
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        watch.over.set()
        if memory:
            watch.join()
        out.seek(0)
        printed = out.read()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{printed[-2000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, watch.peak / 1e6, printed)


class _Memory(threading.Thread):
    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self.over = threading.Event()
        self.peak = 0

    def run(self) -> None:
        while not self.over.wait(SAMPLE_S):
            self.peak = max(self.peak, _resident(self._pid))


def _resident(pid: int) -> int:
    """Bytes of resident memory of a process and all below it; 0 where they have ended."""
    total = 0
    try:
        first = psutil.Process(pid)
        family = [first, *first.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    for process in family:
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total
