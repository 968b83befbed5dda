"""The values of a report on crowds: counts over time, visits, places."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from personae.core.arrays import Doubles, Numbers
from personae.core.intervals import Span
from personae.core.zones import Line, Zone


@dataclass(frozen=True, slots=True)
class Series:
    """People at each moment.

    Attributes:
        times: (K,) seconds.
        counted: (K,) people followed, whole numbers.
        people: (K,) the count that is reported: expected people, or those followed.
        smooth: (K,) its running median.
    """

    times: Doubles
    counted: Doubles
    people: Doubles
    smooth: Doubles


@dataclass(frozen=True, slots=True)
class Bin:
    """Seconds [start, end) and the people in them: mean, least and most of the smoothed count."""

    start: float
    end: float
    mean: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Unique:
    """Different people: surely ``low``, at most ``high`` tracks, probably ``estimate``."""

    low: int
    estimate: int
    high: int


@dataclass(frozen=True, slots=True)
class ZoneUse:
    """What happened in a zone.

    Attributes:
        mean: people in it over the film.
        most: people followed in it at once.
        person_seconds: time spent in it by all together.
        entries: stays that began.
        dwell_mean: seconds of a stay; ``dwell_median`` and ``dwell_longest`` likewise.
    """

    zone: Zone
    mean: float
    most: int
    person_seconds: float
    entries: int
    dwell_mean: float
    dwell_median: float
    dwell_longest: float


@dataclass(frozen=True, slots=True)
class LineUse:
    """Who went over a line, each way."""

    line: Line
    to_right: int
    to_left: int


@dataclass(frozen=True, slots=True)
class FilmCrowd:
    """One medium.

    Attributes:
        seconds: its length, 0 for a photo.
        expected: the count corrects for people missed and boxes that are none.
        mean: people at a moment.
        most: of the smoothed count.
        most_at: seconds, when that was first.
        tracks: people followed.
        heat: (rows, columns) person-seconds by where feet stood; sums to those in the picture.
    """

    media: int
    path: str
    size: tuple[int, int]
    seconds: float
    expected: bool
    series: Series
    bins: tuple[Bin, ...]
    mean: float
    most: float
    most_at: float
    person_seconds: float
    tracks: int
    unique: Unique
    visits: tuple[Span, ...]
    zones: tuple[ZoneUse, ...]
    lines: tuple[LineUse, ...]
    heat: Numbers

    def as_json(self) -> dict[str, object]:
        """One medium of ``report crowd --json``."""
        return {
            "media": self.media,
            "path": self.path,
            "width": self.size[0],
            "height": self.size[1],
            "seconds": _round(self.seconds),
            "expected": self.expected,
            "mean": _round(self.mean),
            "most": _round(self.most),
            "most_at": _round(self.most_at),
            "most_counted": int(self.series.counted.max(initial=0)),
            "person_seconds": _round(self.person_seconds),
            "tracks": self.tracks,
            "unique": asdict(self.unique),
            "visits": [[_round(start), _round(end)] for start, end in self.visits],
            "bins": [{k: _round(v) for k, v in asdict(one).items()} for one in self.bins],
            "zones": [_zone(one) for one in self.zones],
            "lines": [
                {"name": one.line.name, "to_right": one.to_right, "to_left": one.to_left}
                for one in self.lines
            ],
        }


@dataclass(frozen=True, slots=True)
class CrowdReport:
    """Crowds of some media, with how they were counted."""

    films: tuple[FilmCrowd, ...]
    method: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """The contract of ``personae report crowd --json``."""
        return {
            "media": [one.as_json() for one in self.films],
            "person_seconds": _round(sum(one.person_seconds for one in self.films)),
            "visits": sum(len(one.visits) for one in self.films),
            "method": " ".join(self.method),
        }


def _zone(use: ZoneUse) -> dict[str, object]:
    names = ("mean", "most", "person_seconds", "entries")
    dwells = ("dwell_mean", "dwell_median", "dwell_longest")
    return {"name": use.zone.name} | {k: _round(getattr(use, k)) for k in names + dwells}


def _round(value: float) -> float:
    """Without binary noise; whole numbers stay whole."""
    return value if isinstance(value, int) else round(float(value), 6)
