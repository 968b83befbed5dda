"""Wrong passwords make the next try wait: by user and address, by address, and by user."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from personae.web.refusals import TooManyTries


@dataclass(frozen=True, slots=True)
class Limit:
    """How many wrong tries are free, and how long the next ones wait.

    Attributes:
        free: wrong tries without a wait.
        first_s: the wait after the next one; it doubles with each more.
        longest_s: no wait is longer; after as long without a wrong try all is forgotten.
    """

    free: int
    first_s: float
    longest_s: float


PAIR = Limit(5, 2.0, 900.0)
"""One user from one address: somebody who forgot the password."""

ADDRESS = Limit(20, 2.0, 900.0)
"""One address, whichever users: somebody who tries common passwords."""

USER = Limit(50, 2.0, 60.0)
"""One user from many addresses; the wait stays short so that nobody can be locked out for long."""

MOST = 10_000
"""So many keys are remembered; the oldest go first."""


class Throttle:
    """Counts wrong tries in memory.

    Args:
        clock: seconds that never run backwards.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._wrong: OrderedDict[tuple[str, ...], tuple[int, float]] = OrderedDict()

    def demand(self, user: str, address: str) -> None:
        """Goes on only if a try is due.

        Raises:
            TooManyTries: it has to wait; ``wait_s`` says how long.
        """
        with self._lock:
            wait = max(self._wait(key, limit) for key, limit in _keys(user, address))
        if wait > 0:
            raise TooManyTries(f"too many wrong passwords; try again in {wait:.0f} s", wait_s=wait)

    def wrong(self, user: str, address: str) -> None:
        """A try was wrong."""
        with self._lock:
            for key, limit in _keys(user, address):
                count, last = self._wrong.pop(key, (0, 0.0))
                if self._clock() - last > limit.longest_s:
                    count = 0
                self._wrong[key] = (count + 1, self._clock())
            while len(self._wrong) > MOST:
                self._wrong.popitem(last=False)

    def right(self, user: str, address: str) -> None:
        """A try was right: this user at this address starts afresh."""
        with self._lock:
            self._wrong.pop(_keys(user, address)[0][0], None)

    def _wait(self, key: tuple[str, ...], limit: Limit) -> float:
        count, last = self._wrong.get(key, (0, 0.0))
        over = count - limit.free
        if over < 0:
            return 0.0
        pause = min(limit.first_s * 2.0 ** min(over, 30), limit.longest_s)
        return last + pause - self._clock()


def _keys(user: str, address: str) -> tuple[tuple[tuple[str, ...], Limit], ...]:
    name = user.casefold()[:64]
    return ((("pair", name, address), PAIR), (("from", address), ADDRESS), (("user", name), USER))
