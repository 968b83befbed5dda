"""``personae profiles``: the unnamed people whom cameras saw, and looking after them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from personae.cli.options import JsonOption, LibraryOption, existing
from personae.cli.output import emit, errors, say, table

if TYPE_CHECKING:
    from personae.app.maintaining import Maintained
    from personae.core.profiles import Profile


def profiles(
    maintain: Annotated[
        bool,
        typer.Option("--maintain", help="Look after them first, as a running watch does."),
    ] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the unnamed people whom cameras saw: how long, when last, how well."""
    from personae.app.maintaining import Maintenance

    with existing(library) as lib:
        looking = Maintenance(lib)
        done = None
        if maintain:
            with errors.status("looking after profiles"):
                done = looking.run_once()
        found = looking.profiles()
        parts = looking.quality(found)
    if as_json:
        rows = [_told(one, parts.get(one.person, {})) for one in found]
        emit({"profiles": rows, "maintained": None if done is None else done.as_json()})
        return
    if done is not None:
        _say(done)
    table(
        "",
        ["profile", "seconds", "times", "last seen", "vectors", "quality", "parts"],
        [_row(one, parts.get(one.person, {})) for one in found],
    )


def _say(done: Maintained) -> None:
    say(
        f"{len(done.merged)} merged, {len(done.pruned)} too brief and gone, "
        f"{done.vectors} redundant vectors gone; {done.profiles} profiles."
    )
    for pair in done.proposed:
        say(f"unknown-{pair.other} may be unknown-{pair.keeper}: {pair.why}.")


def _told(one: Profile, parts: dict[str, float]) -> dict[str, object]:
    return {
        "person": one.person,
        "name": f"unknown-{one.person}",
        "seconds": round(one.seconds, 3),
        "times": one.times,
        "last_seen": one.last_seen,
        "vectors": len(one.views),
        "quality": round(one.best, 4),
        "quality_parts": parts,
        "touched": one.touched,
    }


def _row(one: Profile, parts: dict[str, float]) -> list[object]:
    name, counts = f"unknown-{one.person}", (one.times, len(one.views))
    return [name, one.seconds, counts[0], _when(one), counts[1], one.best, _said(parts)]


def _when(one: Profile) -> str:
    return datetime.fromtimestamp(one.last_seen / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _said(parts: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in parts.items())
