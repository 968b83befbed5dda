"""Days that are lived step by step, and go on where a process that lived them was killed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from personae.app.maintaining import Maintained
from personae.flows.profiles import DAY_MS, ProfileSettings
from tests.app.days import BEGINNING, Days

STRICT = 1e-30
"""False-match rate at which nobody is recognised: a camera so strict makes doubles."""
VISIT_MS = DAY_MS // 200


@dataclass(frozen=True, slots=True)
class Counts:
    """What a library holds after a step.

    Attributes:
        profiles: unnamed people of cameras.
        named: people with a name.
        vectors: face vectors that are kept.
        owned: those that belong to somebody.
        seen: faces before cameras that were kept.
    """

    profiles: int
    named: int
    vectors: int
    owned: int
    seen: int

    @staticmethod
    def of(days: Days) -> Counts:
        """Those of a library now."""
        vectors = days.vectors()
        return Counts(
            profiles=len(days.profiles()),
            named=sum(person.name is not None for person in days.library.people()),
            vectors=sum(vectors.values()),
            owned=sum(n for who, n in vectors.items() if who is not None),
            seen=sum(one.kind == "face" for one in days.library.store.sightings.all()),
        )

    def __str__(self) -> str:
        people = f"{self.profiles}+{self.named} people"
        return f"{people}, {self.vectors}/{self.owned} vectors, {self.seen} seen"


Act = Callable[[Days], object]
Right = Callable[[Days, object], bool]
Numbers = tuple[int, int, int, int, int]
"""Those of `Counts`, in their order."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens.

    Attributes:
        name: what.
        act: makes it happen; answers what came of it.
        is_done: whether it happened already, in a process that was killed before it said so. What
            may be done twice, as a look of the maintenance, says no.
        after: what the library holds then.
        right: whether what came of it is what should, given all else; where it was not killed.
    """

    name: str
    act: Act
    is_done: Callable[[Days], bool]
    after: Numbers
    right: Right = field(default=lambda days, made: True)


def live(
    days: Days,
    steps: Sequence[Step],
    done: int = 0,
    said: Callable[[int, Step, object], None] = lambda number, step, made: None,
) -> None:
    """Lives the steps after the first ``done``, and says of each that it is done."""
    for number, step in enumerate(steps[done:], start=done):
        was_done = number == done and step.is_done(days)
        made = None if was_done else step.act(days)
        said(number, step, made)


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody before a camera.

    Attributes:
        day: when.
        camera: before which.
        film: who.
        seconds: of the film, at most.
        blur: of the pictures, pixels.
        strict: the camera recognises nobody.
    """

    day: float
    camera: str
    film: Path
    seconds: float = 99.0
    blur: float = 0.0
    strict: bool = False

    def __call__(self, days: Days) -> object:
        """Plays it."""
        usual = days.watch
        days.watch = replace(usual, fmr=STRICT) if self.strict else usual
        try:
            return days.play(self.day, self.camera, self.film, self.seconds, self.blur)
        finally:
            days.watch = usual

    def is_done(self, days: Days) -> bool:
        """Whether a face was kept there then: a piece is kept with its people, or not at all."""
        begin = BEGINNING + round(self.day * DAY_MS)
        for medium in days.library.media():
            if medium.path == f"camera:{self.camera}":
                zero = medium.captured_at or 0
                seen = days.library.store.sightings.all(media_ids=[medium.id])
                return any(begin <= zero + one.first < begin + VISIT_MS for one in seen)
        return False

    def step(
        self, name: str, after: Numbers, person: int | None, fresh: bool, then: Right | None = None
    ) -> Step:
        """As a step, after which the face is this person's, made for it or not."""

        def right(days: Days, made: object) -> bool:
            assert isinstance(made, list)
            told = [(one.person, one.fresh) for one in made]
            return told == [(person, fresh)] and (then is None or then(days, made))

        return Step(f"{self.day:.2f} {self.camera}: {name}", self, self.is_done, after, right)


@dataclass(frozen=True, slots=True)
class Done:
    """What a look of the maintenance does.

    Attributes:
        vectors: so many go.
        pairs: of profiles that are joined, or that are proposed.
        pruned: profiles that go.
        then: what holds afterwards besides.
    """

    vectors: int = 0
    pairs: tuple[tuple[int, int], ...] = ()
    pruned: tuple[int, ...] = ()
    then: Right | None = None


def look(
    day: float,
    name: str,
    after: Numbers,
    settings: ProfileSettings,
    does: Done | None = None,
) -> Step:
    """The maintenance looks after everybody, and does this, or nothing; it may be repeated."""
    wanted = does or Done()

    def act(days: Days) -> Maintained:
        days.settings = settings
        return days.maintain(day)

    def right(days: Days, made: object) -> bool:
        assert isinstance(made, Maintained)
        found = made.merged or made.proposed
        pairs = tuple((pair.keeper, pair.other) for pair in found)
        told = Done(made.vectors, pairs, made.pruned, wanted.then)
        return told == wanted and (wanted.then is None or wanted.then(days, made))

    return Step(f"{day:.2f} maintenance {name}", act, lambda days: False, after, right)


def undo(name: str, after: Numbers, then: Callable[[Days], bool] | None = None) -> Step:
    """The last act is taken back."""

    def is_done(days: Days) -> bool:
        return days.library.history()[0].undone

    def right(days: Days, made: object) -> bool:
        return is_done(days) and (then is None or then(days))

    return Step(name, lambda days: days.library.undo(), is_done, after, right)


def back(person: int) -> Callable[[Days], bool]:
    """Who went is a profile again, with a face."""
    return lambda days: bool(days.profiles()[person].views)


def together(keeper: int, other: int, name: str, after: Numbers) -> Step:
    """Somebody merges two by hand."""

    def is_done(days: Days) -> bool:
        return other not in {person.id for person in days.library.people()}

    return Step(name, lambda days: days.library.merge(keeper, other), is_done, after)


def not_same(a: int, b: int, name: str, after: Numbers) -> Step:
    """Somebody says that two are two."""

    def is_done(days: Days) -> bool:
        return frozenset((a, b)) in days.library.store.profiles.apart()

    return Step(name, lambda days: days.library.not_same(a, b), is_done, after)


def named(person: int, called: str, name: str, after: Numbers) -> Step:
    """Somebody gives a name."""

    def is_done(days: Days) -> bool:
        return days.library.person(person).name == called

    return Step(name, lambda days: days.library.name(person, called), is_done, after)
