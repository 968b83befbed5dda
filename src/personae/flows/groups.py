"""Screen time of groups of films: a row of reports, and two of them side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Literal, get_args

from personae.core.errors import UnknownOption
from personae.core.records import Media
from personae.flows.figures import By, JsonValue, Row, ScreenTime

Per = Literal["media", "collection", "month", "year"]
NO_COLLECTION, NO_DATE = "(no collection)", "(no date)"


def grouped(media: Sequence[Media], per: Per) -> dict[str, list[Media]]:
    """The media by path, collection, or month or year of capture (UTC); what has none comes last.

    Raises:
        UnknownOption: there is no such grouping.
    """
    if per not in get_args(Per):
        raise UnknownOption(f"--per takes {', '.join(get_args(Per))}, not {per}")
    named: dict[str, list[Media]] = {}
    rest: dict[str, list[Media]] = {}
    for medium in media:
        key = _key(medium, per)
        if key is None:
            rest.setdefault(NO_COLLECTION if per == "collection" else NO_DATE, []).append(medium)
        else:
            named.setdefault(key, []).append(medium)
    ordered = named if per == "media" else dict(sorted(named.items()))
    return {**ordered, **rest}


def _key(medium: Media, per: Per) -> str | None:
    if per == "media":
        return medium.path
    if per == "collection":
        return medium.collection
    if medium.captured_at is None:
        return None
    taken = datetime.fromtimestamp(medium.captured_at / 1000, UTC)
    return taken.strftime("%Y-%m" if per == "month" else "%Y")


@dataclass(frozen=True, slots=True)
class Group:
    """The screen time of some films together."""

    key: str
    report: ScreenTime


@dataclass(frozen=True, slots=True)
class Groups:
    """``personae report screen-time --per``: one report a group, in the groups' order."""

    per: Per
    by: By
    groups: tuple[Group, ...]

    @property
    def method(self) -> tuple[str, ...]:
        """That of the reports, said once, without what holds for one group only."""
        shared = [set(group.report.method) for group in self.groups]
        common = set.intersection(*shared) if shared else set()
        first = self.groups[0].report.method if self.groups else ()
        return (
            *(said for said in first if said in common),
            "Seconds per hour of film are seconds divided by the length of the group's films.",
        )

    def as_json(self) -> dict[str, JsonValue]:
        """The contract of ``--per … --json``."""
        return {
            "per": self.per,
            "by": self.by,
            "groups": [{"group": one.key, **one.report.as_json()} for one in self.groups],
            "method": " ".join(self.method),
        }


def per_group(
    media: Sequence[Media], per: Per, by: By, make: Callable[[Sequence[Media]], ScreenTime]
) -> Groups:
    """One report for each group; ``make`` gives the report of some media."""
    groups = grouped(media, per)
    return Groups(per, by, tuple(Group(key, make(these)) for key, these in groups.items()))


@dataclass(frozen=True, slots=True)
class Side:
    """One row in one of two collections; per hour of film, with its error bar."""

    seconds: float
    share: float
    face_share: float
    per_hour: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """One person or gender in both.

    Attributes:
        more: seconds per hour in ``b`` less those in ``a``; ``low`` to ``high`` is its error bar.
        sure: the error bar lies wholly on one side of nothing.
    """

    key: str
    person: int | None
    gender: str
    a: Side
    b: Side
    more: float
    low: float
    high: float
    sure: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """``personae report screen-time --compare A B``."""

    by: By
    a: Group
    b: Group
    rows: tuple[Difference, ...]

    @property
    def method(self) -> tuple[str, ...]:
        """How it was counted."""
        own = Groups("collection", self.by, (self.a, self.b)).method
        return (
            *own,
            "A difference is the second collection's seconds per hour less the first's; its error "
            "bar takes each side at its worst, so it is wide, and a difference is called sure when "
            "all of it lies on one side of zero. That films were chosen, and which, is not in it.",
        )

    def as_json(self) -> dict[str, JsonValue]:
        """The contract of ``--compare … --json``."""
        return {
            "by": self.by,
            "collections": [
                {"name": one.key, "total_seconds": one.report.total_seconds}
                for one in (self.a, self.b)
            ],
            "rows": [asdict(row) for row in self.rows],
            "method": " ".join(self.method),
        }


def compare(a: Group, b: Group) -> Comparison:
    """Two reports side by side; whoever is in one only has nothing in the other.

    Raises:
        UnknownOption: one is by person, the other by gender.
    """
    if a.report.by != b.report.by:
        raise UnknownOption("two reports are compared by person or by gender, not one by each")
    rows = []
    mine, theirs = _by_key(a.report.rows), _by_key(b.report.rows)
    for key in dict.fromkeys([*mine, *theirs]):
        known = mine.get(key) or theirs[key]
        left, right = _side(mine.get(key), a.report), _side(theirs.get(key), b.report)
        low, high = right.low - left.high, right.high - left.low
        rows.append(
            Difference(
                key=known.key,
                person=known.person,
                gender=known.gender,
                a=left,
                b=right,
                more=right.per_hour - left.per_hour,
                low=low,
                high=high,
                sure=low > 0 or high < 0,
            )
        )
    rows.sort(key=lambda row: (-(row.a.seconds + row.b.seconds), row.key))
    return Comparison(a.report.by, a, b, tuple(rows))


def _by_key(rows: Iterable[Row]) -> dict[str | int, Row]:
    """Rows by person's number or by gender: a label may differ from scope to scope."""
    return {row.key if row.person is None else row.person: row for row in rows}


def per_hour(seconds: float | None, total: float) -> float:
    """Seconds in an hour of film."""
    return 3600 * seconds / total if seconds and total > 0 else 0.0


def _side(row: Row | None, report: ScreenTime) -> Side:
    if row is None:
        return Side(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    total = report.total_seconds
    return Side(
        seconds=row.seconds,
        share=row.share,
        face_share=row.face_share,
        per_hour=per_hour(row.seconds, total),
        low=per_hour(row.seconds if row.low is None else row.low, total),
        high=per_hour(row.seconds if row.high is None else row.high, total),
    )
