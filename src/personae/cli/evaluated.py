"""What ``personae evaluate`` shows people: the figures as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import Progress

from personae.cli import output
from personae.cli.output import say, table

if TYPE_CHECKING:
    from personae.app.evaluating import (
        ClusteringReport,
        CountReport,
        TrackingReport,
        VerificationReport,
    )
    from personae.flows.evaluation.clustering import Clustering
    from personae.flows.evaluation.confidence import Range
    from personae.flows.evaluation.timeline import Timeline


@contextmanager
def counted(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, where it is a terminal."""
    with Progress(
        console=output.errors, transient=True, disable=not output.errors.is_terminal
    ) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def verification(report: VerificationReport) -> None:
    """Accuracy, then one row a false accept rate."""
    listed = report.listed
    say(
        f"Accuracy {listed.accuracy:.2%} ± {listed.accuracy_std:.2%} over {listed.folds} folds,"
        f" 95 % interval {_between(listed.accuracy_range)}, {len(report.failed)} of"
        f" {report.photos} photos without a face"
    )
    pairs = listed.genuine + listed.impostors
    table(
        f"{pairs} pairs: AUC {listed.roc.auc:.4f}, equal error rate {listed.roc.eer:.2%}",
        ["FAR", "TAR", "95 % interval", "cosine", "counted on"],
        [
            [
                f"{point.far:g}",
                f"{point.tar:.2%}",
                _between(point.tar_range),
                f"{point.threshold:.3f}",
                origin,
            ]
            for point, origin in report.points()
        ],
    )
    for failed in report.failed[:20]:
        say(f"{failed.path}: {failed.message}")


def clustering(report: ClusteringReport) -> None:
    """Ours on top, rivals below, then all at their best on half of the people."""
    cosine = report.thresholds.one_one
    ours = [_grouped("Personae", cosine, report.ours)]
    same = [
        _grouped(name, None if name == "HDBSCAN" else cosine, score)
        for name, score in report.same.items()
    ]
    head = ["", "cosine", "BCubed F", "precision", "recall"]
    head += ["pairwise F", "precision", "recall", "groups", "mixed"]
    table(
        f"{report.ours.items} photos of {report.ours.people} people,"
        f" {len(report.failed)} without a face",
        head,
        ours + same,
    )
    best = [_grouped(name, h.threshold, h.score) for name, h in report.chosen.items()]
    table(
        f"Others at the cosine that is best on half of the people; the other half,"
        f" {report.half.items} photos of {report.half.people} people",
        head,
        [_grouped("Personae", cosine, report.half), *best],
    )


def tracking(report: TrackingReport) -> None:
    """One row a metric."""
    data = report.as_json()
    rates = ("hota", "deta", "assa", "idf1", "mota", "motp")
    counts = ("id_switches", "fragments", "tp", "fp", "fn", "true_tracks", "tracks", "looked_at")
    table(
        f"Boxes: {report.detector}",
        ["", "value"],
        [[name, f"{data[name]:.4f}"] for name in rates] + [[n, str(data[n])] for n in counts],
    )


def crowd(report: CountReport) -> None:
    """One row a way to count."""
    ways = {
        "as reported": report.people,
        "people followed": report.followed,
        **{f"weights from the other of {k} stretches": one for k, one in report.held_out.items()},
    }
    table(
        f"{report.people.frames} frames with {report.people.truth:.2f} people on average",
        ["", "mean", "mean absolute error", "of the mean", "bias"],
        [[name, s.mean, s.mae, f"{s.relative:.1%}", f"{s.bias:+.2f}"] for name, s in ways.items()],
    )
    say(f"Weights of reports: {report.source}.")


def timeline(score: Timeline) -> None:
    """One row a person, and what holds for all."""
    table(
        "Screen time in seconds",
        ["", "true", "found", "error", "found as", *(f"F1 at {s.iou:g}" for s in score.scores)],
        [
            [
                name,
                person.true_seconds,
                person.predicted_seconds,
                f"{person.bias:+.2%}",
                person.predicted_as,
                *(f"{f1:.3f}" for f1 in person.f1),
            ]
            for name, person in score.persons.items()
        ],
    )
    for one in score.scores:
        say(f"Interval F1 at an overlap of {one.iou:g}: {one.f1:.4f}")
    for name, errors in (("start", score.in_ms), ("end", score.out_ms)):
        if errors:
            say(f"Median error of {name}s: {sorted(errors)[len(errors) // 2]:.0f} ms")
    say(f"People {score.people}, mixed {', '.join(score.mixed) or 'none'}")


def _between(limits: Range) -> str:
    return f"{limits[0]:.2%} to {limits[1]:.2%}"


def _grouped(name: str, cosine: float | None, score: Clustering) -> list[object]:
    return [
        name,
        None if cosine is None else f"{cosine:.3f}",
        f"{score.bcubed_f:.4f}",
        f"{score.bcubed_precision:.4f}",
        f"{score.bcubed_recall:.4f}",
        f"{score.pairwise_f:.4f}",
        f"{score.pairwise_precision:.4f}",
        f"{score.pairwise_recall:.4f}",
        score.clusters,
        score.mixed,
    ]
