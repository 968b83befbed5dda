"""Who can be recognised, followed as people change: only those who did are read again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from personae.core.arrays import Vector
from personae.core.calibration import Calibration
from personae.core.records import Person
from personae.flows.recognise import Gallery
from personae.ports import PeopleStore, SightingStore


@dataclass(frozen=True, slots=True)
class _Row:
    """One person of the gallery."""

    person: Person
    mean: Vector
    shots: int


class LivingGallery:
    """The gallery of a library that others change; for one thread.

    The first look reads everybody. Later ones cost one short question, and what changed people
    have: a library that grows for months is followed as quickly as a new one.

    Args:
        people: of the library.
        sightings: of the library.
        calibration: of the space to recognise in.
    """

    def __init__(
        self, people: PeopleStore, sightings: SightingStore, calibration: Calibration
    ) -> None:
        self._people = people
        self._sightings = sightings
        self._calibration = calibration
        self._rows: dict[int, _Row] = {}
        self._number = 0
        self._gallery: Gallery | None = None

    def now(self) -> Gallery:
        """Everybody as they are now; the very same object while nothing changed."""
        # Asked before the rows are read: what changes in between is read again the next time
        changes = self._people.changes(self._number)
        changed = None if self._gallery is None else changes.people
        if self._gallery is None or changed is None or changed:
            self._read(changed)
            self._gallery = self._put_together()
        # Only now: what could not be read is asked for again
        self._number = changes.number
        return self._gallery

    def forget(self) -> None:
        """Begins anew: what was read was taken back, with the transaction it was read in."""
        self._gallery = None

    def _read(self, changed: frozenset[int] | None) -> None:
        space = self._calibration.space
        part = Gallery.of(
            self._sightings.vectors(space, changed),
            self._people.templates(space, changed),
            {person.id: person for person in self._people.some(changed)},
            self._calibration,
        )
        gone = self._rows.keys() if changed is None else self._rows.keys() & changed
        for number in list(gone):
            del self._rows[number]
        for person, mean, shots in zip(part.persons, part.means, part.shots, strict=True):
            self._rows[person.id] = _Row(person, mean, shots)

    def _put_together(self) -> Gallery:
        rows = [row for _, row in sorted(self._rows.items())]
        size = self._calibration.space.size
        return Gallery(
            self._calibration,
            tuple(row.person for row in rows),
            np.array([row.mean for row in rows], np.float32).reshape(len(rows), size),
            tuple(row.shots for row in rows),
        )
