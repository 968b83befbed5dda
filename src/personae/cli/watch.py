"""``personae watch``: cameras, live, until Ctrl-C."""

from __future__ import annotations

import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.live import Live
from rich.table import Table

from personae.cli.options import JsonOption, LibraryOption, made
from personae.cli.output import emit, errors
from personae.cli.spread import spread

if TYPE_CHECKING:
    from personae.core.live import LiveStatus


@dataclass(frozen=True, slots=True)
class WatchRequest:
    """What ``watch`` is asked."""

    cameras: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CAMERA]...",
            help="NAME=ADDRESS or ADDRESS: RTSP, HTTP, a device, or a file played in real time.",
        ),
    ] = None
    config: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Cameras in TOML; cameras.toml of the library if none."),
    ] = None
    fps: Annotated[
        float | None, typer.Option(help="Looks a second at each camera.", min=0.5, max=30)
    ] = None
    fmr: Annotated[
        float | None, typer.Option(help="Highest false-match rate of a name.", min=1e-7, max=0.1)
    ] = None
    liveness: Annotated[
        bool, typer.Option(help="Unknown people become profiles only when seen to be alive.")
    ] = True
    spoof_model: Annotated[
        Path | None,
        typer.Option(
            metavar="CARD.toml",
            help="A network of your own that tells faces from pictures of them; see the concepts.",
        ),
    ] = None
    seconds: Annotated[float, typer.Option(help="End after so long; 0 never ends.", min=0)] = 0
    loop: Annotated[bool, typer.Option(help="Files begin again at their end.")] = False
    preview: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write an MP4 of what is seen, with boxes and names."),
    ] = None
    record: Annotated[
        bool | None,
        typer.Option(
            help="Record clips of whoever comes; as cameras.toml says if neither is given.",
            show_default=False,
        ),
    ] = None
    library: LibraryOption = None
    as_json: JsonOption = False


@spread
def watch(asked: WatchRequest) -> None:
    """Watch cameras: who is there, known or unknown, alive or not; status.json says it all."""
    from personae.app.watch_command import watching

    ends = time.monotonic() + asked.seconds if asked.seconds else None
    # As a service is ended: what was seen is kept, and the status says that the watch is over
    signal.signal(signal.SIGTERM, _terminated)
    with (
        made(asked.library) as lib,
        watching(lib, asked.cameras or [], asked.config, asked) as watch,
        Live(console=errors, refresh_per_second=2, transient=True) as shown,
    ):
        while not watch.over and (ends is None or time.monotonic() < ends):
            shown.update(_table(watch.status()))
            time.sleep(0.25)
        status = watch.status()
    if asked.as_json:
        emit(status.as_json())


def _terminated(number: int, _: object) -> NoReturn:
    raise SystemExit(128 + number)


def _table(status: LiveStatus) -> Table:
    table = Table(box=None, header_style="bold")
    for column in ("camera", "state", "fps", "looks/s", "latency", "who"):
        table.add_column(column)
    for one in status.streams:
        who = ", ".join(
            (p.name or p.type) + (f" {int(100 * p.confidence)} %" if p.confidence else "")
            for p in one.persons
        )
        state = f"{one.state}: {one.reason}" if one.reason else one.state
        rates = [f"{one.fps:.0f}", f"{one.analysed_fps:.1f}", f"{one.latency_ms:.0f} ms"]
        table.add_row(one.name, state, *rates, who)
    return table
