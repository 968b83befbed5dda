"""Name, tag, merge, split, "not the same", hide, undo: every act with its inverse."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from personae.core.errors import AmbiguousPerson, UnknownPerson, UsageError
from personae.core.records import UNKNOWN, Act, Person
from personae.ports import ActStore, PeopleStore, SightingStore

LONGEST = 200
"""Letters in a name or tag."""
JOINERS = "\u200c\u200d"
"""Invisible, but Persian names and family emoji need them."""


def clean(text: str) -> str:
    """A name as it is kept: composed letters, single spaces, nothing invisible.

    Raises:
        UsageError: nothing to be seen is left, it is too long, or it is not Unicode.
    """
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    kept = [c for c in composed if c in JOINERS or unicodedata.category(c) not in ("Cc", "Cf")]
    name = "".join(kept).strip()
    if any(unicodedata.category(c) == "Cs" for c in name):
        raise UsageError("this text is not valid Unicode", "Type it in a UTF-8 terminal.")
    if not name.strip(JOINERS):
        raise UsageError("a name needs at least one letter")
    if len(name) > LONGEST:
        raise UsageError(f"names have at most {LONGEST} letters, this one has {len(name)}")
    return name


def _key(name: str) -> str:
    """Equal for names that a person would call the same."""
    return unicodedata.normalize("NFKC", name).casefold()


@dataclass(frozen=True, slots=True)
class Verbs:
    """What a person can do to people.

    Attributes:
        people: rows of people.
        acts: rows of acts.
        sightings: rows of sightings.
        together: begins a transaction; what is changed and what undoes it are kept both or neither.
    """

    people: PeopleStore
    acts: ActStore
    sightings: SightingStore
    together: Callable[[], AbstractContextManager[None]] = nullcontext

    def find(self, who: str) -> Person:
        """The person with this number (7 or #7) or name; #7 is a number, whoever is called that.

        Raises:
            UnknownPerson: there is none.
            AmbiguousPerson: several have the name.
        """
        found = self.people.one(self._number(" ".join(who.split())))
        if found is None:
            raise UnknownPerson(f"there is no person {who!r}")
        return found

    def _number(self, who: str) -> int:
        everybody = self.people.some(None)
        numbered = [p for p in everybody if who == f"#{p.id}"]
        if numbered:
            return numbered[0].id
        named = [p for p in everybody if p.name and _key(p.name) == _key(who)]
        if len(named) == 1:
            return named[0].id
        if named:
            numbers = ", ".join(str(p.id) for p in named)
            raise AmbiguousPerson(f"{who!r} is the name of people {numbers}")
        digits = who.removeprefix("#").removeprefix("person ")
        for person in everybody:
            if digits == str(person.id):
                return person.id
        raise UnknownPerson(f"there is no person {who!r}")

    def name(self, who: str, name: str) -> Person:
        """Gives a person a name; all their faces are theirs for ever."""
        person = self.find(who)
        chosen = self._free(name, person.id)

        def act() -> None:
            self.people.change(person.id, {"name": chosen, "kind": "named"})

        self._do("name", f"{person.label} is called {chosen}", [person.id], act)
        return self.find(str(person.id))

    def tag(self, who: str, gender: str | None, tags: Sequence[str] = ()) -> Person:
        """Sets the gender, as a person says it is, and adds tags."""
        person = self.find(who)
        values: dict[str, object] = {}
        if gender is not None:
            values["gender"] = clean(gender) if gender.strip() else UNKNOWN
        if tags:
            values["tags"] = sorted({*person.tags, *(clean(t) for t in tags if t.strip())})
        if not values:
            raise UsageError("nothing to tag", "Give --gender or --tag.")
        summary = f"{person.label}: " + ", ".join(f"{k} = {v}" for k, v in values.items())
        self._do("tag", summary, [person.id], lambda: self.people.change(person.id, values))
        return self.find(str(person.id))

    def merge(self, target: str, others: Sequence[str]) -> Person:
        """Several numbers turn out to be one person.

        Target's name and gender stay; where it has none, the first of the others' is taken. All
        tags are kept.
        """
        keeper = self.find(target)
        rest = list({p.id: p for p in (self.find(other) for other in others)}.values())
        if any(p.id == keeper.id for p in rest) or not rest:
            raise UsageError("a person cannot be merged with themselves")
        values = _union(keeper, rest)

        def act() -> None:
            self.people.change(keeper.id, values)
            for other in rest:
                a = self._any_face(keeper.id)
                b = self._any_face(other.id)
                self.people.take_over(keeper.id, other.id)
                if a is not None and b is not None:
                    self.people.constrain(True, a, b)

        names = ", ".join(p.label for p in rest)
        ids = [keeper.id, *(p.id for p in rest)]
        self._do("merge", f"{names} merged into {keeper.label}", ids, act)
        return self.find(str(keeper.id))

    def split(self, who: str, sightings: Sequence[int], name: str | None = None) -> Person:
        """These sightings are somebody else: a new person, and never the old one again."""
        person = self.find(who)
        mine = [s for s in self.sightings.all(person=person.id) if s.kind == "face"]
        wrong = [s.id for s in mine if s.id in set(sightings)]
        right = [s.id for s in mine if s.id not in set(sightings)]
        if not wrong or len(wrong) != len(set(sightings)):
            raise UsageError(
                f"not all of these sightings belong to {person.label}",
                "`personae people show` lists a person's sightings.",
            )
        if not right:
            raise UsageError(f"all sightings of {person.label} were given; nothing would be left")
        chosen = None if name is None else self._free(name, None)
        made: list[int] = []

        def act() -> None:
            new = self.people.create(chosen, "named" if chosen else "auto", UNKNOWN)
            made.append(new)
            self.people.assign(wrong, new, "hand")
            for sighting in wrong:
                self.people.constrain(False, sighting, right[0])

        summary = f"{len(wrong)} sightings split from {person.label}"
        self._do("split", summary, [person.id], act, made)
        return self.find(str(made[0]))

    def not_same(self, a: str, b: str) -> None:
        """Two people are two people, whatever they look like; holds for ever."""
        first, second = self.find(a), self.find(b)
        if first.id == second.id:
            raise UsageError(
                f"{first.label} is one person",
                "Split off the wrong sightings with `personae people split`.",
            )
        face_a, face_b = self._any_face(first.id), self._any_face(second.id)
        if face_a is None or face_b is None:
            raise UsageError("both need at least one indexed face")

        def act() -> None:
            self.people.constrain(False, face_a, face_b)

        summary = f"{first.label} is not {second.label}"
        self._do("not-same", summary, [first.id, second.id], act)

    def hide(self, who: str, hidden: bool = True) -> Person:
        """Leaves a person out of lists and reports, or brings them back."""
        person = self.find(who)
        kind = "hidden" if hidden else ("named" if person.name else "auto")
        summary = f"{person.label} {'hidden' if hidden else 'shown again'}"

        def act() -> None:
            self.people.change(person.id, {"kind": kind})

        self._do("hide", summary, [person.id], act)
        return self.find(str(person.id))

    def undo(self) -> Act:
        """Takes back the last act that stands."""
        return self.acts.undo()

    def _free(self, name: str, person: int | None) -> str:
        """The name as it is kept, if nobody but ``person`` has it."""
        chosen = clean(name)
        for other in self.people.some(None):
            if other.name and _key(other.name) == _key(chosen) and other.id != person:
                raise UsageError(
                    f"somebody is called {other.name!r} already",
                    "Merge the two with `personae people merge`, or choose another name.",
                )
        return chosen

    def _any_face(self, person: int) -> int | None:
        faces = [s for s in self.sightings.all(person=person) if s.kind == "face"]
        return max(faces, key=lambda s: (s.quality, -s.id)).id if faces else None

    def _do(
        self,
        verb: str,
        summary: str,
        persons: Sequence[int],
        act: Callable[[], None],
        made: list[int] | None = None,
    ) -> None:
        with self.together():
            before = self.acts.snapshot(persons)
            act()
            self.acts.record(verb, summary, {**before, "created": list(made or [])})


def _union(keeper: Person, rest: Sequence[Person]) -> dict[str, object]:
    """Columns of one person made of several."""
    everybody = [keeper, *rest]
    name = next((p.name for p in everybody if p.name), None)
    gender = next((p.gender for p in everybody if p.gender != UNKNOWN), UNKNOWN)
    kind = "named" if name and keeper.kind == "auto" else keeper.kind
    tags = sorted({tag for p in everybody for tag in p.tags})
    return {"name": name, "kind": kind, "gender": gender, "tags": tags}
