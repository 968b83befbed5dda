"""Reports as tables on a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from personae.cli.output import clock, say, table

if TYPE_CHECKING:
    from personae.app.reporting import Made
    from personae.flows.figures import Presence, Row, ScreenTime
    from personae.flows.groups import Comparison, Groups
    from personae.flows.together import Together


def show(made: Made) -> None:
    """Any report, with its method below."""
    from personae.flows.figures import Presence, ScreenTime
    from personae.flows.groups import Comparison, Groups

    if isinstance(made, ScreenTime):
        _screen_time(made)
    elif isinstance(made, Groups):
        _groups(made)
    elif isinstance(made, Comparison):
        _comparison(made)
    elif isinstance(made, Presence):
        _presence(made)
    else:
        _together(made)
    method = made.report.method if isinstance(made, Presence) else made.method
    for line in method:
        say(line)


def title(made: Made, collection: str | None) -> str:
    """Heading of a page or picture."""
    from personae.flows.figures import Presence
    from personae.flows.together import Together

    what = "Screen time"
    if isinstance(made, Presence):
        what = "Presence"
    elif isinstance(made, Together):
        what = "Together"
    return f"{what}: {collection}" if collection else what


def _screen_time(made: ScreenTime) -> None:
    table(
        f"Screen time by {made.by}, of {made.total_seconds:.2f} seconds of film",
        ["", "gender", "seconds", "error bar", "share", "appearances", "longest"],
        [
            [r.key, r.gender, r.seconds, _bar(r), _percent(r.share), r.appearances, r.longest]
            for r in made.rows
        ],
    )


def _groups(made: Groups) -> None:
    table(
        f"Screen time by {made.by}, per {made.per}",
        [made.per, "film", "", "seconds", "error bar", "share", "appearances"],
        [
            [_short(one.key, made.per), one.report.total_seconds, row.key, row.seconds, _bar(row),
             _percent(row.share), row.appearances]
            for one in made.groups
            for row in one.report.rows
        ],
    )  # fmt: skip


def _comparison(made: Comparison) -> None:
    names = (made.a.key, made.b.key)
    table(
        f"{names[0]} and {names[1]} by {made.by}, in seconds per hour of film",
        ["", *names, "difference", "error bar", "sure"],
        [
            [row.key, row.a.per_hour, row.b.per_hour, row.more, f"{row.low:.2f} – {row.high:.2f}",
             "yes" if row.sure else "no"]
            for row in made.rows
        ],
    )  # fmt: skip


def _presence(made: Presence) -> None:
    for one in made.films:
        table(
            f"{Path(one.film.path).name}, {clock(one.film.duration)}",
            ["", "gender", "in", "out", "seconds", "known by"],
            [
                [lane.key, lane.gender, clock(i.start), clock(i.end), i.end - i.start, i.known_by]
                for lane in one.lanes
                for i in lane.intervals
            ],
        )


def _together(made: Together) -> None:
    table(
        f"Together by {made.by}",
        ["", "and", "seconds", "of the first's", "of the second's", "by chance", "lift", "p"],
        [
            [p.a, p.b, p.seconds, _percent(p.share_a), _percent(p.share_b), p.expected, p.lift,
             None if p.p is None else f"{p.p:.3f}"]
            for p in made.pairs
        ],
    )  # fmt: skip


def _bar(row: Row) -> str:
    if row.low is None or row.high is None:
        return "–"
    return f"{row.low:.2f} – {row.high:.2f}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _short(key: str, per: str) -> str:
    return Path(key).name if per == "media" else key
