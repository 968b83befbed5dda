"""``personae evaluate``: how well the product does on media whose truth is known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import personae
from personae.cli import evaluated, evaluated_liveness
from personae.cli.index import Bar
from personae.cli.options import JsonOption, LibraryOption, existing
from personae.cli.output import emit
from personae.core.errors import UnknownOption

app = typer.Typer(help="Measure accuracy on media whose truth is known.", no_args_is_help=True)


@app.callback()
def root() -> None:
    """Measure accuracy on media whose truth is known."""


@app.command()
def verification(
    pairs: Annotated[Path, typer.Argument(metavar="PAIRS", help="Pairs in LFW's format.")],
    images: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Folder of NAME/NAME_0001.jpg; beside PAIRS if not given."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Same person or not: accuracy in ten folds, and TAR at FAR with confidence intervals."""
    from personae.app import evaluating

    with evaluated.counted("photos") as progress:
        report = evaluating.verification(pairs, personae.Settings(), images, progress)
    emit(report.as_json()) if as_json else evaluated.verification(report)


@app.command()
def clustering(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="A folder of photos for each person.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Faces grouped by person, beside well-known ways to group the same faces."""
    from personae.app import evaluating

    with evaluated.counted("photos") as progress:
        report = evaluating.clustering(folder, personae.Settings(), progress)
    emit(report.as_json()) if as_json else evaluated.clustering(report)


@app.command()
def tracking(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="[VIDEO] GT", help="A film, and its truth in MOTChallenge's format."
        ),
    ],
    detections: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Follow these boxes; VIDEO may then be left out."),
    ] = None,
    truth_size: Annotated[
        str | None,
        typer.Option(
            metavar="WxH", help="Size of the pictures that GT was drawn on, if not the film's."
        ),
    ] = None,
    fps: Annotated[
        float | None, typer.Option(help="Frames a second looked at; all if not given.")
    ] = None,
    rate: Annotated[
        float, typer.Option(help="Frames a second of GT where there is no VIDEO.")
    ] = 25.0,
    as_json: JsonOption = False,
) -> None:
    """People followed through a film: HOTA, IDF1 and MOTA."""  # fmt: skip
    from personae.app import evaluating

    if len(paths) > 2:
        raise UnknownOption(f"{len(paths)} paths were given", "Give [VIDEO] and GT.")
    video = paths[0] if len(paths) == 2 else None
    options = evaluating.TrackingOptions(_size(truth_size), fps, rate)
    report = evaluating.tracking(video, paths[-1], personae.Settings(), options, detections)
    emit(report.as_json()) if as_json else evaluated.tracking(report)


@app.command()
def crowd(
    video: Annotated[Path, typer.Argument(metavar="VIDEO", help="A film.")],
    truth: Annotated[
        Path, typer.Argument(metavar="GT", help="Its people in MOTChallenge's format.")
    ],
    truth_size: Annotated[
        str | None,
        typer.Option(
            metavar="WxH", help="Size of the pictures that GT was drawn on, if not the film's."
        ),
    ] = None,
    for_crowds: Annotated[
        bool, typer.Option("--crowd/--plain", help="Look as index --crowd does, or as index.")
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """People counted at each frame: mean absolute error, and on stretches of time held out."""
    from personae.app import evaluating

    with Bar() as bar:
        report = evaluating.crowd(
            video,
            truth,
            personae.Settings(),
            truth_size=_size(truth_size),
            for_crowds=for_crowds,
            watch=bar,
        )
    emit(report.as_json()) if as_json else evaluated.crowd(report)


@app.command()
def timeline(
    truth: Annotated[
        Path, typer.Argument(metavar="TRUTH.json", help="Who is visible when, like the demo's.")
    ],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """What the library says of a film, against what is so."""
    from personae.app import evaluating

    with existing(library) as lib:
        score = evaluating.timeline(truth, lib)
    emit(score.as_json()) if as_json else evaluated.timeline(score)


@app.command()
def blink(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PATH", help="A folder with blinks_by_eye.csv, or a CSV of frame,ear,blink."
        ),
    ],
    fps: Annotated[float, typer.Option(help="Frames a second of a CSV of frame,ear,blink.")] = 30.0,
    as_json: JsonOption = False,
) -> None:
    """Blinks found in clips or in a series, against labelled ones: precision, recall, F1."""
    from personae.app import evaluating

    with evaluated.counted("clips") as progress:
        report = evaluating.blink(path, personae.Settings(), fps, progress)
    emit(report.as_json()) if as_json else evaluated_liveness.blink(report)


@app.command()
def spoof(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Laid out like NUAA: ClientRaw, ImposterRaw.")
    ],
    spoof_model: Annotated[
        Path | None,
        typer.Option(metavar="CARD.toml", help="A network of your own that is asked as well."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Printed photos and living faces played as a camera: APCER and BPCER by kind."""
    from personae.app import evaluating

    with evaluated.counted("presentations") as progress:
        settings = personae.Settings()
        own = spoof_model or settings.spoof_model
        settings = settings.model_copy(update={"spoof_model": own})
        report = evaluating.spoof(folder, settings, progress)
    emit(report.as_json()) if as_json else evaluated_liveness.spoof(report)


def _size(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        raise UnknownOption(f"{text!r} is no size", "A size is written like 1920x1080.")
    return int(width), int(height)
