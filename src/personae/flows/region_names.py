"""Names that photos' metadata give to faces, taken over where nobody said otherwise here."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from personae.core.errors import UsageError
from personae.core.records import UNKNOWN, Constraint, Person, Sighting
from personae.flows.people import Verbs, clean
from personae.ports import PeopleStore

A_NUMBER = re.compile(r"(#|person )?\d+", re.IGNORECASE)
"""Names that read like the number of a person."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Metadata says that this sighting is called so.

    Attributes:
        ours: Personae itself wrote it there.
    """

    sighting: int
    name: str
    path: str
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """A name that was not taken over, and why."""

    path: str
    name: str
    why: str
    person: int | None = None
    sighting: int | None = None


@dataclass(frozen=True, slots=True)
class Naming:
    """People that turn out to be one, under one name.

    Attributes:
        name: as it is kept.
        person: who has the name already, None where nobody does.
        autos: unnamed people that get it, or are merged into who has it.
        loose: sightings that belong to nobody yet.
        confirmed: sightings whose metadata says so.
    """

    name: str
    person: int | None
    autos: tuple[int, ...]
    loose: tuple[int, ...]
    confirmed: tuple[int, ...]


@dataclass(slots=True)
class Plan:
    """What follows from the claims: namings, how many were known, and what was not taken over."""

    namings: list[Naming] = field(default_factory=list)
    agreed: int = 0
    conflicts: list[Conflict] = field(default_factory=list)


class Planner:
    """Decides who gets which name; changes nothing.

    Args:
        sightings: everything that is shown.
        people: everybody.
        constraints: what was said for ever.
        photos: numbers of the media that are photos.
    """

    def __init__(
        self,
        sightings: Sequence[Sighting],
        people: Sequence[Person],
        constraints: Iterable[Constraint],
        photos: Collection[int],
    ) -> None:
        self._sightings = {s.id: s for s in sightings if s.kind == "face"}
        self._people = {p.id: p for p in people}
        self._photos = photos
        self._apart: dict[int, set[int]] = defaultdict(set)
        for said in constraints:
            if not said.same:
                self._apart[said.a].add(said.b)
                self._apart[said.b].add(said.a)
        self._of: dict[int, list[Sighting]] = defaultdict(list)
        for sighting in self._sightings.values():
            if sighting.person is not None:
                self._of[sighting.person].append(sighting)
        self._plan = Plan()

    def plan(self, claims: Sequence[Claim]) -> Plan:
        """What follows from these claims; every claim is counted, taken over or told."""
        self._plan = Plan()
        chosen = self._once_a_photo(self._one_a_sighting(self._usable(claims)))
        owned: dict[int | None, list[Claim]] = defaultdict(list)
        for claim in chosen:
            owned[self._sightings[claim.sighting].person].append(claim)
        wanted: dict[str, list[Claim]] = defaultdict(list)
        for person, mine in owned.items():
            for claim in self._free(person, mine):
                wanted[key_of(claim.name)].append(claim)
        for same in wanted.values():
            self._join(same)
        return self._plan

    def _refuse(self, claims: Iterable[Claim], why: str) -> None:
        for claim in claims:
            person = self._sightings[claim.sighting].person
            self._plan.conflicts.append(
                Conflict(claim.path, claim.name, why, person, claim.sighting)
            )

    def _usable(self, claims: Sequence[Claim]) -> list[Claim]:
        usable = []
        for claim in claims:
            try:
                name = clean(claim.name)
            except UsageError as error:
                self._refuse([claim], error.message)
                continue
            if A_NUMBER.fullmatch(name):
                self._refuse([claim], "reads like the number of a person")
                continue
            usable.append(Claim(claim.sighting, name, claim.path, claim.ours))
        return usable

    def _one_a_sighting(self, claims: Sequence[Claim]) -> list[Claim]:
        """One claim a sighting; others' words count before what we wrote ourselves."""
        heard: dict[int, list[Claim]] = defaultdict(list)
        for claim in claims:
            heard[claim.sighting].append(claim)
        chosen = []
        for mine in heard.values():
            others = [c for c in mine if not c.ours] or mine
            if len({key_of(c.name) for c in others}) > 1:
                names = " and ".join(sorted({repr(c.name) for c in others}))
                self._refuse(others[:1], f"this face is called {names}")
            else:
                chosen.append(others[0])
        return chosen

    def _once_a_photo(self, claims: Sequence[Claim]) -> list[Claim]:
        """Without names that one photo gives to several faces."""
        heard: dict[tuple[int, str], list[Claim]] = defaultdict(list)
        for claim in claims:
            media = self._sightings[claim.sighting].media
            heard[media, key_of(claim.name)].append(claim)
        for several in heard.values():
            if len(several) > 1:
                self._refuse(several, f"{len(several)} faces of one photo are called so")
        return [only for several in heard.values() if len(several) == 1 for only in several]

    def _free(self, number: int | None, claims: list[Claim]) -> list[Claim]:
        """Those of one person's claims that may be followed."""
        person = None if number is None else self._people[number]
        if person is None:
            return claims
        if person.kind == "hidden":
            self._refuse(claims, f"{person.label} is hidden")
            return []
        names = {key_of(c.name) for c in claims}
        if person.name is not None:
            known = key_of(person.name)
            self._plan.agreed += sum(key_of(c.name) == known for c in claims)
            # What we wrote under a former name is out of date, not a contradiction
            other = [c for c in claims if key_of(c.name) != known and not c.ours]
            self._refuse(other, f"is called {person.name!r} here")
            return []
        if len(names) > 1:
            told = " and ".join(sorted({repr(c.name) for c in claims}))
            self._refuse(claims, f"{person.label} would be called {told}")
            return []
        return claims

    def _join(self, claims: list[Claim]) -> None:
        """One name's people together, as far as they can be one person."""
        key = key_of(claims[0].name)
        holders = [p for p in self._people.values() if p.name and key_of(p.name) == key]
        if len(holders) > 1 or any(p.kind == "hidden" for p in holders):
            self._refuse(claims, "whoever is called so here is hidden or not the only one")
            return
        target = holders[0] if holders else None
        joined = list(self._of[target.id]) if target else []
        autos, loose, confirmed = [], [], []
        for owner, mine in self._units(claims):
            own = self._of[owner] if owner is not None else [self._sightings[mine[0].sighting]]
            why = self._never(joined, own)
            if why:
                self._refuse(mine, why)
                continue
            joined += own
            autos += [owner] if owner is not None else []
            loose += [] if owner is not None else [mine[0].sighting]
            confirmed += [c.sighting for c in mine]
        if confirmed:
            name = target.name if target and target.name else claims[0].name
            number = target.id if target else None
            self._plan.namings.append(
                Naming(name, number, tuple(autos), tuple(loose), tuple(confirmed))
            )

    def _units(self, claims: list[Claim]) -> list[tuple[int | None, list[Claim]]]:
        """Claims by unnamed person, the one with most sightings first; then the loose ones."""
        owned: dict[int, list[Claim]] = defaultdict(list)
        alone: list[tuple[int | None, list[Claim]]] = []
        for claim in claims:
            person = self._sightings[claim.sighting].person
            if person is None:
                alone.append((None, [claim]))
            else:
                owned[person].append(claim)
        largest = sorted(owned.items(), key=lambda item: (-len(self._of[item[0]]), item[0]))
        return [*largest, *alone]

    def _never(self, a: Sequence[Sighting], b: Sequence[Sighting]) -> str:
        """Why these cannot be of one person; empty where they can."""
        others = {x.id for x in a}
        if any(self._apart[y.id] & others for y in b if y.id in self._apart):
            return "was said to be somebody else"
        at: Mapping[int, list[Sighting]] = _by_media(a)
        for y in b:
            for x in at.get(y.media, ()):
                if y.media in self._photos or (x.first < y.last and y.first < x.last):
                    return "two faces of one picture would be called so"
        return ""


def follow(plan: Plan, verbs: Verbs, people: PeopleStore) -> list[tuple[int, Naming]]:
    """Names, merges and confirms as planned, as if a person did it; every act can be undone.

    Returns:
        The person's number for each naming that was followed; what failed meanwhile is added to
        the plan's conflicts.
    """
    done = []
    for naming in plan.namings:
        try:
            done.append((_follow(naming, verbs, people), naming))
        except UsageError as error:
            plan.conflicts.append(Conflict("", naming.name, error.message, naming.person))
    return done


def _follow(naming: Naming, verbs: Verbs, people: PeopleStore) -> int:
    members = list(naming.autos)
    if naming.loose:
        with verbs.together():
            before = verbs.acts.snapshot([])
            made = people.create(None, "auto", UNKNOWN)
            people.assign(naming.loose, made, "hand")
            summary = f"{len(naming.loose)} faces found in photos' metadata"
            verbs.acts.record("regions", summary, {**before, "created": [made]})
        members.append(made)
    person = naming.person
    if person is None:
        person = members.pop(0)
        verbs.name(f"#{person}", naming.name)
    if members:
        verbs.merge(f"#{person}", [f"#{member}" for member in members])
    # By hand, so that no later grouping takes these very faces away
    people.assign(naming.confirmed, person, "hand")
    return person


def key_of(name: str) -> str:
    """Equal for names that a person would call the same."""
    return unicodedata.normalize("NFKC", " ".join(name.split())).casefold()


def _by_media(sightings: Sequence[Sighting]) -> dict[int, list[Sighting]]:
    found: dict[int, list[Sighting]] = defaultdict(list)
    for sighting in sightings:
        found[sighting.media].append(sighting)
    return found
