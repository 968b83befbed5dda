"""Crowds: how many people at each moment, at most, altogether, and when anybody at all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from personae.core.arrays import Doubles
from personae.core.crowd import Bin, CrowdReport, FilmCrowd, Series, Unique
from personae.core.intervals import Span, union
from personae.core.records import Media
from personae.core.traces import Trace
from personae.core.zones import Line, Zone
from personae.flows.expected import FOR_CROWDS, Expectation
from personae.flows.places import heat, line_use, zone_use
from personae.flows.settings import ObserveSettings
from personae.flows.standing import Stand, standing

SURE = 0.45
"""Least score of a body in a photo; as that which begins a track in a film by default."""
STEP = 0.2
"""Seconds between two moments that are counted: as often as films are analysed by default."""
NICE = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
BINS = 120
"""At most so many bins where no width is asked for."""
AT_ONCE = 50_000
"""Windows whose medians are taken together."""
JOIN_S = 2.0
"""A track that ends and another that begins near it within so many seconds may be one person."""


@dataclass(frozen=True, slots=True)
class CrowdOptions:
    """How to count.

    Attributes:
        bin_s: seconds of one line of the report; None for a round number that makes few of them.
        window_s: the running median looks at so many seconds.
        visit_s: somebody must be there for so long to be a visit, and nobody between two.
        zones: polygons, pixels of the medium.
        lines: lines to cross, pixels of the medium.
    """

    bin_s: float | None = None
    window_s: float = 1.0
    visit_s: float = 2.0
    zones: tuple[Zone, ...] = ()
    lines: tuple[Line, ...] = ()


def film_crowd(
    media: Media, traces: Sequence[Trace], options: CrowdOptions, *, for_crowds: bool
) -> FilmCrowd:
    """Counts the people of one medium.

    Args:
        media: the medium.
        traces: everything that was seen in it.
        options: how to count; zones and lines in its pixels.
        for_crowds: it was searched as crowds are, so that what boxes mean is known.
    """
    still = media.kind == "photo"
    if still:
        # No second look confirms a weak box of a photo
        traces = [t for t in traces if t.kind == "face" or t.quality >= SURE]
    step = 0.0 if still else STEP
    length = 0.0 if still else max(media.duration, max((t.end for t in traces), default=0.0))
    times = np.arange(max(math.ceil(length / STEP - 1e-9), 1), dtype=np.float64) * STEP
    expectation = FOR_CROWDS if for_crowds and not still else None
    stands = standing(traces, times, expectation, shrink_of(media))
    series = counted(stands, times, options.window_s)
    top = int(series.smooth.argmax())
    return FilmCrowd(
        media=media.id,
        path=media.path,
        size=(media.width, media.height),
        seconds=length,
        expected=expectation is not None,
        series=series,
        bins=binned(series, length, options.bin_s),
        mean=float(series.people.mean()),
        most=float(series.smooth[top]),
        most_at=float(times[top]),
        person_seconds=float(series.people.sum() * step),
        tracks=sum(one.counted for one in stands),
        unique=unique(stands, times),
        visits=() if still else visits(series, options.visit_s),
        zones=tuple(zone_use(zone, stands, times, step) for zone in options.zones),
        lines=tuple(line_use(line, stands, times) for line in options.lines),
        heat=heat(stands, (media.width, media.height), step or 1.0),
    )


def shrink_of(media: Media) -> float:
    """How much smaller than itself a medium is searched for crowds."""
    return min(1.0, ObserveSettings().crowd().body_width / max(media.width, media.height, 1))


def counted(stands: Sequence[Stand], times: Doubles, window_s: float = 1.0) -> Series:
    """People at each moment, and the running median of it."""
    people, followed = np.zeros(len(times)), np.zeros(len(times))
    for one in stands:
        people[one.moments] += one.people
        if one.counted:
            followed[one.moments] += 1
    return Series(times, followed, people, running_median(people, times, window_s))


def running_median(values: Doubles, times: Doubles, window_s: float) -> Doubles:
    """(K,) median of what lies within half a window before and after; shorter at the ends."""
    low = np.searchsorted(times, times - window_s / 2 - 1e-9, "left")
    high = np.searchsorted(times, times + window_s / 2 + 1e-9, "right")
    found = np.zeros(len(values))
    wide = high - low
    for width in np.unique(wide):
        rows = np.flatnonzero(wide == width)
        for part in np.array_split(rows, max(len(rows) // AT_ONCE, 1)):
            windows = values[low[part][:, None] + np.arange(width)]
            found[part] = np.median(windows, axis=1)
    return found


def binned(series: Series, length: float, width: float | None = None) -> tuple[Bin, ...]:
    """The smoothed count in pieces of equal length; the last one may be shorter."""
    wide = width or next((float(n) for n in NICE if length / n <= BINS), float(NICE[-1]))
    wide = max(wide, STEP)
    found = []
    for number in range(max(math.ceil(length / wide - 1e-9), 1)):
        start, end = number * wide, min((number + 1) * wide, max(length, STEP))
        here = (series.times >= start - 1e-9) & (series.times < start + wide - 1e-9)
        if here.any():
            values = series.smooth[here]
            bounds = (float(values.mean()), float(values.min()), float(values.max()))
            found.append(Bin(start, end, *bounds))
    return tuple(found)


def visits(series: Series, least_s: float) -> tuple[Span, ...]:
    """Spans in which somebody is there (a count that rounds to 1 or more), none shorter."""
    there = series.times[series.smooth >= 0.5].tolist()
    # A hair more than the step: neighbours join although their sums are not exact
    spans = union(((t, t + STEP) for t in there), max(least_s - 1e-9, 1e-9))
    return tuple((a, b) for a, b in spans if b - a >= least_s - 1e-9)


def unique(stands: Sequence[Stand], times: Doubles) -> Unique:
    """Different people, without knowing anybody: tracks that go on where another ended are joined.

    Whoever leaves and comes back is counted again; whoever was never found is not counted.
    """
    chain: dict[int, int] = {}
    order = sorted(range(len(stands)), key=lambda k: int(stands[k].moments[0]))
    ends = set[int]()
    for number in order:
        first = float(times[stands[number].moments[0]])
        # Those that come begin later still: what ended too long ago is out of everybody's reach
        ends = {k for k in ends if first - float(times[stands[k].moments[-1]]) <= JOIN_S + STEP}
        before = _before(stands, ends, stands[number], times)
        chain[number] = number if before is None else chain[before]
        if before is not None:
            ends.discard(before)
        ends.add(number)
    best: dict[int, float] = {}
    for number, head in chain.items():
        best[head] = max(best.get(head, 0.0), stands[number].sure)
    moments = counted([one for one in stands if one.counted], times).counted
    low = int(moments.max(initial=0))
    estimate = max(round(sum(best.values())), low)
    return Unique(low, estimate, max(len(stands), estimate))


def _before(stands: Sequence[Stand], ends: set[int], stand: Stand, times: Doubles) -> int | None:
    """The ended track that this one most likely goes on from."""
    found: list[tuple[float, int]] = []
    first, foot = float(times[stand.moments[0]]), stand.feet[0]
    for number in ends:
        other = stands[number]
        gap = first - float(times[other.moments[-1]])
        if not 0 < gap <= JOIN_S + STEP or other.trace.kind != stand.trace.kind:
            continue
        tall, was = _height(stand, 0), _height(other, -1)
        far = float(np.hypot(*(foot - other.feet[-1])))
        # Half a body's height at once and one more a second is as far as walkers get
        if max(tall, was) <= 1.5 * min(tall, was) and far <= (0.5 + gap) * was:
            found.append((far / was + gap, number))
    return min(found)[1] if found else None


def _height(stand: Stand, at: int) -> float:
    return max(float(stand.boxes[at, 3] - stand.boxes[at, 1]), 1.0)


def crowd_report(films: Sequence[FilmCrowd], options: CrowdOptions) -> CrowdReport:
    """The films with how they were counted."""
    expected = [one for one in films if one.expected]
    said = [
        f"Moments are {STEP:g} seconds apart; each track of a body counts from its first frame to "
        "its last; a body has one face, and a face that is left over counts as somebody.",
        f"Smoothed by a running median of {options.window_s:g} s; a visit is somebody for "
        f"{options.visit_s:g} seconds or more, after as long a time of nobody.",
    ]
    if expected:
        said.append(_correction(FOR_CROWDS))
    if len(expected) < len(films):
        said.append(
            "What was not indexed with --crowd counts the people followed, and nothing is added "
            "for those missed: in a street full of small people only 18 % were followed."
        )
    if any(one.zones or one.lines for one in films):
        said.append(
            "Somebody is where the middle of their box's lower edge is. Entries, stays and "
            "crossings are those of tracks that are people more likely than not; whoever is back "
            "within a second was not away."
        )
    said.append(
        "Different people: no fewer than were followed at once, no more than there are tracks; the "
        f"estimate joins tracks that go on within {JOIN_S:g} seconds where another ended. Nobody "
        "is identified: whoever comes back counts again."
    )
    return CrowdReport(tuple(films), tuple(said))


def _correction(known: Expectation) -> str:
    return (
        "Counts are expected people: each track by the chance that it is one, divided by the "
        f"chance that such a person is found ({known.small:.0%} when small, {known.large:.0%} "
        f"when large, all from some 190 pixels on), as measured on {known.source}. On halves, "
        "thirds and fifths of it that the measurement left out, counts were wrong by 18 to 20 % of "
        "the mean."
    )
