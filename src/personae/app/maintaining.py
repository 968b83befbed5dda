"""Keeps the profiles of cameras in order: redundant vectors go, brief ones go, doubles are joined.

Every change is one short transaction, made only if nobody said or did anything about people since
it was decided; recognition goes on meanwhile and reads its gallery again when something changed.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from personae.app.library import Library
from personae.core.errors import PersonaeError
from personae.core.profiles import Profile
from personae.flows.profiles import (
    DAY_MS,
    Merge,
    ProfileSettings,
    choose,
    same_people,
    too_brief,
)

log = logging.getLogger(__name__)

ROUNDS = 20
"""Most merges in a row of one profile with others."""


@dataclass(frozen=True, slots=True)
class Maintained:
    """What one look did.

    Attributes:
        profiles: unnamed camera profiles that are left.
        thinned: people of whom redundant vectors went.
        vectors: face vectors that went.
        pruned: profiles that went.
        merged: profiles that were joined with others.
        proposed: pairs that look like one, where merging is only proposed.
    """

    profiles: int
    thinned: int = 0
    vectors: int = 0
    pruned: tuple[int, ...] = ()
    merged: tuple[Merge, ...] = ()
    proposed: tuple[Merge, ...] = ()

    @property
    def anything(self) -> bool:
        """Whether something was changed."""
        return bool(self.vectors or self.pruned or self.merged)

    def as_json(self) -> dict[str, object]:
        """For printing and for the history."""
        return asdict(self)


class Maintenance:
    """Looks after the profiles of a library.

    Args:
        library: to look after.
        settings: how profiles live; None for those of the library.
        clock: milliseconds since 1970.
    """

    def __init__(
        self,
        library: Library,
        settings: ProfileSettings | None = None,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._rows = library.store.profiles
        self._calibration = library.calibration
        self.settings = settings or library.settings.profiles
        self._clock = clock

    def profiles(self) -> list[Profile]:
        """The unnamed profiles of cameras, the longest seen first."""
        found = self._rows.all(self._calibration.space)
        return sorted(found, key=lambda one: (-one.seconds, one.person))

    def quality(self, profiles: Iterable[Profile]) -> dict[int, dict[str, float]]:
        """Parts of the quality of each profile's best view, by person and name."""
        return self._rows.quality([one.person for one in profiles])

    def run_once(self) -> Maintained:
        """One look at everything: doubles are joined first, then brief ones go, then vectors.

        In this order two halves of one person are not too brief, and what stays is chosen among
        the vectors of both.
        """
        merged, proposed = self._join()
        pruned = self._prune()
        thinned, vectors = self._thin()
        left = len(self._rows.all(self._calibration.space))
        return Maintained(left, thinned, vectors, pruned, merged, proposed)

    def _join(self) -> tuple[tuple[Merge, ...], tuple[Merge, ...]]:
        done: list[Merge] = []
        for _ in range(ROUNDS):
            pairs = self._doubles()
            if self.settings.merge != "do":
                return (), tuple(pairs)
            joined = [pair for pair in pairs if self._joined(pair)]
            done += joined
            if not joined:
                break
        return tuple(done), ()

    def _doubles(self) -> list[Merge]:
        if self.settings.merge == "off":
            return []
        profiles = self._rows.all(self._calibration.space)
        apart, seen = self._rows.apart(), self._rows.seen
        return same_people(profiles, apart, seen, self._calibration, self.settings)

    def _joined(self, pair: Merge) -> bool:
        marks = self._rows.marks()
        # Read again: what was said since the pair was found wins
        if frozenset((pair.keeper, pair.other)) in self._rows.apart():
            return False
        summary = f"unknown-{pair.other} merged into unknown-{pair.keeper}: {pair.why}"
        return self._rows.merge(pair.keeper, pair.other, summary, marks, self._clock())

    def _prune(self) -> tuple[int, ...]:
        gone = []
        marks = self._rows.marks()
        profiles = self._rows.all(self._calibration.space)
        now = self._clock()
        for going in too_brief(profiles, now, self.settings):
            number = going.profile.person
            if self._rows.drop(going.profile, f"unknown-{number} gone: {going.why}", marks, now):
                gone.append(number)
                marks = self._rows.marks()
        return tuple(gone)

    def _thin(self) -> tuple[int, int]:
        space, most = self._calibration.space, self.settings.vectors
        marks = self._rows.marks()
        crowded = self._rows.crowded(space, most)
        since = self._clock() - round(self.settings.undo_days * DAY_MS)
        parts = self._rows.former(crowded, since) if crowded else []
        people = vectors = 0
        for views in crowded.values():
            choices = choose(views, most, parts)
            redundant = [choice.sighting for choice in choices if not choice.kept]
            gone = self._rows.thin(redundant, space, marks) if redundant else 0
            people, vectors = people + bool(gone), vectors + gone
        return people, vectors


class Maintainer:
    """Runs a maintenance every few minutes in a thread of its own.

    Args:
        maintenance: to run, with the pause that its settings name.
        told: is told of every look that changed or proposed something.
    """

    def __init__(
        self,
        maintenance: Maintenance,
        told: Callable[[Maintained], None] = lambda done: None,
    ) -> None:
        self._maintenance = maintenance
        self._every_s = maintenance.settings.every_s
        self._told = told
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="maintenance", daemon=True)

    def start(self) -> None:
        """Begins; the first look comes after the first pause."""
        self._thread.start()

    def close(self) -> None:
        """Ends after the look that is going on."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._every_s):
            try:
                done = self._maintenance.run_once()
            except PersonaeError as error:
                log.warning("profiles are looked after later: %s", error)
                continue
            if done.anything or done.proposed:
                self._told(done)
