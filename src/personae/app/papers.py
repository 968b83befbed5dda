"""Reports as papers: which bars, matrices and tables tell them, in words for people."""

from __future__ import annotations

from collections.abc import Sequence

from personae.adapters.render.options import PageOptions
from personae.adapters.render.page import bars, figures, timelines
from personae.adapters.render.palette import BLUE, ORANGE, paint_genders, paint_people
from personae.adapters.render.paper import (
    Bars,
    Cell,
    Cluster,
    Markup,
    Matrix,
    Paper,
    Part,
    Sheet,
    Stroke,
)
from personae.adapters.render.words import (
    clock,
    counted,
    coverage_line,
    percent,
    short_names,
    spoken,
)
from personae.flows.figures import FilmPresence, Row, ScreenTime
from personae.flows.groups import Comparison, Group, Groups, Side, per_hour
from personae.flows.together import Pair, Together

MOST = 12
"""People drawn in a cluster or a matrix; tables hold everybody."""
_PER_HOUR = "Time on screen in an hour of film; thin lines are error bars."


def group_names(groups: Sequence[Group], per: str) -> list[str]:
    """What to call each: film names without their folders where that is enough."""
    keys = [group.key for group in groups]
    if per != "media":
        return keys
    names = short_names(keys)
    return [names[key] for key in keys]


def groups_paper(told: Groups, title: str) -> Paper:
    """Bars a group, and all figures."""
    paint = _paint([row for group in told.groups for row in group.report.rows])
    names = group_names(told.groups, told.per)
    clusters = tuple(
        Cluster(
            f"{name}  ·  {spoken(group.report.total_seconds)} of film",
            tuple(_stroke(row, group.report, paint) for row in group.report.rows[:MOST]),
        )
        for name, group in zip(names, told.groups, strict=True)
    )
    lines = tuple(
        (
            name,
            row.key,
            clock(row.seconds),
            *_ends(row.low, row.high),
            f"{per_hour(row.seconds, group.report.total_seconds):.1f}",
            percent(row.share),
            percent(row.face_share),
            f"{row.appearances}",
        )
        for name, group in zip(names, told.groups, strict=True)
        for row in group.report.rows
    )
    heads = (
        *(told.per.capitalize(), told.by.capitalize(), "Time on screen", "at least", "at most"),
        *("s an hour", "of run time", "of face time", "Appearances"),
    )
    return Paper(
        title=title,
        about=f"By {told.by}, per {told.per}",
        parts=(
            Bars("Time per hour of film", _PER_HOUR, clusters),
            Sheet("Figures", "", heads, lines, range(2, len(heads))),
        ),
        method=told.method,
    )


def comparison_paper(told: Comparison) -> Paper:
    """Two bars a row, and the differences."""
    names = (told.a.key, told.b.key)
    clusters = tuple(
        Cluster(
            row.key,
            tuple(_side(*pair) for pair in zip(names, (row.a, row.b), (BLUE, ORANGE), strict=True)),
        )
        for row in told.rows[:MOST]
    )
    lines = tuple(
        (
            row.key,
            *(f"{side.per_hour:.1f} ({side.low:.1f} – {side.high:.1f})" for side in (row.a, row.b)),
            *(percent(side.share) for side in (row.a, row.b)),
            f"{row.more:+.1f} ({row.low:+.1f} – {row.high:+.1f})",
            "yes" if row.sure else "no",
        )
        for row in told.rows
    )
    heads = (told.by.capitalize(), *(f"{name}: s an hour" for name in names))
    heads += (*(f"{name}: of run time" for name in names), "Difference, s an hour", "sure")
    about = " · ".join(
        f"{one.key}: {spoken(one.report.total_seconds)} of film" for one in (told.a, told.b)
    )
    return Paper(
        title=f"{names[0]} and {names[1]}",
        about=f"By {told.by} · {about}",
        parts=(
            Bars("Time per hour of film", _PER_HOUR, clusters),
            Sheet(
                "Figures",
                "A difference is the second less the first, with its error bar; it is sure when "
                "all of that lies on one side of nothing.",
                heads,
                lines,
                range(1, len(heads) - 1),
            ),
        ),
        method=told.method,
    )


def together_paper(told: Together, title: str) -> Paper:
    """The matrix and all pairs."""
    return Paper(
        title=title,
        about=f"By {told.by} · {counted(len(told.pairs), 'pair', 'pairs')} in the same film",
        parts=together_parts(told),
        method=told.method,
    )


def together_parts(told: Together) -> tuple[Part, ...]:
    """Who is with whom, as a matrix and as a table."""
    heads = ("", "and", "Together", "of the first's time", "of the second's", "by chance", "lift")
    lines = tuple(
        (
            pair.a,
            pair.b if pair.a != pair.b else f"{pair.b} (two or more)",
            clock(pair.seconds),
            percent(pair.share_a),
            percent(pair.share_b),
            clock(pair.expected),
            _lift(pair),
            "" if pair.p is None else f"{pair.p:.3f}",
            f"{pair.films}",
        )
        for pair in told.pairs
    )
    note = "The darker, the larger the part of the time of whom the line names. "
    note += "× 1 is chance, × 2 twice as much as chance gives."
    return (
        _matrix(told, note),
        Sheet("Pairs", "", (*heads, "p", "Films"), lines, range(2, len(heads) + 2)),
    )


def whole_paper(
    person: ScreenTime,
    gender: ScreenTime,
    lanes: Sequence[FilmPresence],
    pairs: Together,
    options: PageOptions,
) -> Paper:
    """Everything about some films on one page."""
    covered = person.coverage
    about = [counted(covered.films, "film", "films")]
    about += [counted(covered.photos, "photo", "photos")] if covered.photos else []
    parts: list[Part] = [
        Markup(bars(person, options, "Screen time by person")),
        Markup(bars(gender, options, "Screen time by gender")),
        Markup(timelines(person, lanes, options)),
        *together_parts(pairs),
        Markup(figures(person, "Figures by person")),
        Markup(figures(gender, "Figures by gender")),
        _intervals(person),
    ]
    said = dict.fromkeys([*person.method, *gender.method, *pairs.method, coverage_line(person)])
    return Paper(
        title=options.title,
        about=" · ".join(about),
        parts=[part for part in parts if part != Markup("")],
        method=tuple(said),
        date=options.date,
        cards=(
            ("Run time", spoken(person.total_seconds)),
            ("People on screen", f"{covered.people}"),
            ("Appearances", f"{sum(row.appearances for row in person.rows)}"),
            ("Pairs seen together", f"{sum(pair.seconds > 0 for pair in pairs.pairs)}"),
        ),
    )


def _intervals(report: ScreenTime) -> Sheet:
    names = short_names(film.path for film in report.media)
    lines = tuple(
        (row.key, names[one.path], clock(one.start), clock(one.end), clock(one.end - one.start),
         one.known_by.replace("+", " + "))
        for row in report.rows
        for one in row.intervals
    )  # fmt: skip
    heads = ("Person", "Film", "In", "Out", "Length", "Known by")
    note = "In and out as h:mm:ss.mmm from the first frame of the film; the out point is exclusive."
    return Sheet("Every appearance", note, heads, lines, range(2, 5))


def _matrix(told: Together, note: str) -> Matrix:
    known = {}
    for pair in told.pairs:
        known[pair.a, pair.b] = pair, pair.share_a
        known[pair.b, pair.a] = pair, pair.share_b
    units = told.units[:MOST]
    cells = []
    for one in units:
        line = []
        for two in units:
            found = known.get((one.key, two.key))
            if found is not None:
                line.append(Cell(found[1], spoken(found[0].seconds), _lift(found[0])))
            elif one is two and told.by == "person":
                line.append(Cell(None, spoken(one.seconds), "in all"))
            else:
                line.append(Cell(None, "–"))
        cells.append(tuple(line))
    left = len(told.units) - len(units)
    said = note + (f" {counted(left, 'row', 'rows')} not drawn." if left > 0 else "")
    return Matrix("Seconds together", said, tuple(unit.key for unit in units), tuple(cells))


def _lift(pair: Pair) -> str:
    return "–" if pair.lift is None else f"× {pair.lift:.2f}"


def _paint(rows: Sequence[Row]) -> dict[str | int, str]:
    """One colour a person or gender, the same in all groups."""
    people = list(dict.fromkeys(row.person for row in rows if row.person is not None))
    genders = list(dict.fromkeys(row.key for row in rows if row.person is None))
    paint: dict[str | int, str] = {}
    for person, colour in paint_people(people).items():
        paint[person] = colour
    for gender, colour in paint_genders(genders).items():
        paint[gender] = colour
    return paint


def _stroke(row: Row, report: ScreenTime, paint: dict[str | int, str]) -> Stroke:
    total = report.total_seconds
    hourly = per_hour(row.seconds, total)
    return Stroke(
        label=row.key,
        seconds=hourly,
        low=None if row.low is None else per_hour(row.low, total),
        high=None if row.high is None else per_hour(row.high, total),
        colour=paint[row.key if row.person is None else row.person],
        text=f"{spoken(hourly)} · {percent(row.share)}",
    )


def _side(name: str, side: Side, colour: str) -> Stroke:
    text = f"{spoken(side.per_hour)} · {percent(side.share)}"
    return Stroke(name, side.per_hour, side.low, side.high, colour, text)


def _ends(low: float | None, high: float | None) -> tuple[str, str]:
    return ("–", "–") if low is None or high is None else (clock(low), clock(high))
