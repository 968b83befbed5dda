"""``personae clip`` and ``personae contact-sheet``: appearances cut out, joined, or on a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from personae.cli.options import JsonOption, LibraryOption, Who, existing
from personae.cli.output import clock, emit, errors, say, table
from personae.cli.spread import spread
from personae.core.errors import SourceError, UnknownOption

if TYPE_CHECKING:
    from personae.app.cutting import CutOptions, Cutting


class Bar:
    """How far a cut is, on stderr."""

    def __init__(self, verb: str) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=errors,
            transient=True,
        )
        self._task = self._progress.add_task(verb, total=None)

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._progress.stop()

    def __call__(self, done: float, total: float) -> None:
        """Told now and then."""
        self._progress.update(self._task, completed=done, total=total)


@dataclass(frozen=True, slots=True)
class ClipRequest:
    """What ``clip`` is asked."""

    who: Who
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="A folder for one clip of each appearance, or NAME.mp4, .mov or .mkv for all "
            "of them in one film.",
        ),
    ]
    handles: Annotated[
        float, typer.Option(metavar="SECONDS", help="So much before and after each.", min=0)
    ] = 0.0
    gap: Annotated[
        float,
        typer.Option(metavar="SECONDS", help="Join what lies no further apart than this.", min=0),
    ] = 0.0
    limit: Annotated[int | None, typer.Option(help="Most pieces, the first ones.", min=1)] = None
    height: Annotated[
        int | None,
        typer.Option(
            help="Rows of the picture: of clips at most, of one film exactly.", min=16, max=4320
        ),
    ] = None
    reencode: Annotated[
        bool, typer.Option("--reencode", help="Encode clips even where they can be copied.")
    ] = False
    cards: Annotated[
        bool, typer.Option("--cards", help="In one film: film and time on a card before each.")
    ] = False
    fps: Annotated[
        str | None,
        typer.Option(help="In one film: frames a second, as 25, 29.97 or 30000/1001."),
    ] = None
    library: LibraryOption = None
    as_json: JsonOption = False

    def options(self) -> CutOptions:
        """As the library takes them."""
        from personae.app.cutting import CutOptions

        return CutOptions(
            handles=self.handles,
            gap=self.gap,
            limit=self.limit,
            height=self.height,
            reencode=self.reencode,
            rate=_rate(self.fps),
            cards=self.cards,
        )


@spread
def clip(asked: ClipRequest) -> None:
    """Cut out every appearance of a person, exact to the frame: single clips or one film."""
    from personae.app.cutting import is_film

    options = asked.options()
    with existing(asked.library) as lib, Bar("cutting") as bar:
        if is_film(asked.output):
            told = _supercut(lib.cutting, asked, options, bar)
        else:
            told = _clips(lib.cutting, asked, options, bar)
    if asked.as_json:
        emit(told)


def _clips(
    cutting: Cutting, asked: ClipRequest, options: CutOptions, bar: Bar
) -> dict[str, object]:
    if asked.cards or asked.fps is not None:
        raise UnknownOption(
            "--cards and --fps are for one film", "Give --output a name such as all.mp4."
        )
    done = cutting.clips(asked.who, asked.output, options, bar)
    if not asked.as_json:
        for one in done.written:
            say(str(one.path))
        _warn(done.failed)
    if done.failed and not done.written:
        raise next(iter(done.failed.values()))
    return {
        "clips": [str(one.path) for one in done.written],
        "copied": [one.copied for one in done.written],
        "failed": _failed(done.failed),
    }


def _supercut(
    cutting: Cutting, asked: ClipRequest, options: CutOptions, bar: Bar
) -> dict[str, object]:
    if asked.reencode:
        raise UnknownOption("--reencode is for single clips", "One film is always encoded.")
    done = cutting.supercut(asked.who, asked.output, options, bar)
    if not asked.as_json:
        rows = [
            [p.piece.path.name, clock(p.piece.start), clock(p.piece.end), clock(p.start)]
            for p in done.parts
        ]
        table("", ["media", "in", "out", "at"], rows)
        say(f"{done.seconds:.2f} seconds in {len(done.parts)} pieces: {done.path}")
        _warn(done.failed)
    return {
        "output": str(done.path),
        "seconds": done.seconds,
        "pieces": [
            {
                "path": str(p.piece.path),
                "start": round(p.piece.start, 6),
                "end": round(p.piece.end, 6),
                "at": [round(p.start, 6), round(p.end, 6)],
            }
            for p in done.parts
        ],
        "failed": _failed(done.failed),
    }


@dataclass(frozen=True, slots=True)
class SheetRequest:
    """What ``contact-sheet`` is asked."""

    who: Who
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="A .jpg, .png or .webp to write.")
    ]
    limit: Annotated[int, typer.Option(help="Most pictures, the first ones.", min=1)] = 120
    columns: Annotated[int | None, typer.Option(help="Pictures in a row.", min=1, max=40)] = None
    library: LibraryOption = None
    as_json: JsonOption = False


@spread
def contact_sheet(asked: SheetRequest) -> None:
    """Put a picture of every appearance of a person on one sheet, with film and time."""
    from personae.app.contact_sheet import SheetOptions

    options = SheetOptions(limit=asked.limit, columns=asked.columns)
    with existing(asked.library) as lib, Bar("looking") as bar:
        done = lib.cutting.contact_sheet(asked.who, asked.output, options, bar)
    if asked.as_json:
        failed = _failed(done.failed)
        emit({"output": str(done.path), "shown": done.shown, "of": done.of, "failed": failed})
        return
    say(f"{done.shown} of {done.of} appearances: {done.path}")
    _warn(done.failed)


def _rate(said: str | None) -> Fraction | None:
    """Frames a second; what is written in decimals for the rates of NTSC means those."""
    if said is None:
        return None
    try:
        rate = Fraction(said)
    except (ValueError, ZeroDivisionError) as error:
        raise UnknownOption(f"--fps {said} is no number", "Say 25 or 30000/1001.") from error
    if not 1 <= rate <= 240:
        raise UnknownOption(f"--fps {said} is not offered", "Say 1 to 240.")
    exact = Fraction(round(rate) * 1000, 1001)
    return exact if rate.denominator > 1 and abs(rate - exact) < Fraction(1, 100) else rate


def _warn(failed: Mapping[Path, SourceError]) -> None:
    for path, error in failed.items():
        errors.print(f"{error.code} {path}: {error.message}", markup=False, soft_wrap=True)


def _failed(failed: Mapping[Path, SourceError]) -> list[dict[str, str]]:
    return [
        {"path": str(path), "code": error.code, "message": error.message}
        for path, error in failed.items()
    ]
