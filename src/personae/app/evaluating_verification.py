"""``evaluate verification``: pairs of photos judged with the models and steps of the product."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from personae.app.evaluating_photos import EmbeddedPhotos, Failed, Progress, embed_photos
from personae.app.settings import Settings
from personae.core.arrays import Flags, Ids
from personae.core.errors import SourceMissing, UsageError
from personae.flows.evaluation.pairs import Pairs, all_pairs, read_lfw_pairs
from personae.flows.evaluation.verification import (
    OperatingPoint,
    Verification,
    rate_key,
    score_pairs,
)

WORST = -1.0
"""Score of a pair one photo of which gave no face: the lowest cosine there is."""
LIST, PHOTOS = "the list", "all pairs of its photos"
ENDINGS = (".jpg", ".jpeg", ".png")


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """Pairs of a list judged, and error rates too low for the list from all pairs of its photos.

    Attributes:
        listed: over the pairs of the list.
        crossed: over all pairs of the photos that the list names.
        failed: photos without a vector; their pairs have the lowest score.
        photos: number of photos.
    """

    listed: Verification
    crossed: Verification
    failed: tuple[Failed, ...]
    photos: int

    def points(self) -> list[tuple[OperatingPoint, str]]:
        """Every rate once, with what it was counted on: the list wherever it is long enough."""
        own = {point.far for point in self.listed.points}
        return [(point, LIST) for point in self.listed.points] + [
            (point, PHOTOS) for point in self.crossed.points if point.far not in own
        ]

    def as_json(self) -> dict[str, object]:
        """The contract of ``evaluate verification --json``."""
        keyed = {rate_key(point.far): (point, origin) for point, origin in self.points()}
        return self.listed.as_json() | {
            "tar_at_far": {key: point.tar for key, (point, _) in keyed.items()},
            "tar_at_far_95": {key: list(point.tar_range) for key, (point, _) in keyed.items()},
            "tar_at_far_from": {key: origin for key, (_, origin) in keyed.items()},
            "fnmr_at_fmr": {key: 1.0 - point.tar for key, (point, _) in keyed.items()},
            "threshold_at_far": {key: point.threshold for key, (point, _) in keyed.items()},
            "all_pairs": {
                "genuine": self.crossed.genuine,
                "impostors": self.crossed.impostors,
                "auc": self.crossed.roc.auc,
                "eer": self.crossed.roc.eer,
            },
            "photos": self.photos,
            "failures": [
                {"path": f.path, "code": f.code, "message": f.message} for f in self.failed
            ],
        }


def verification(
    pairs_file: Path,
    settings: Settings,
    images: Path | None = None,
    progress: Progress = lambda done, total: None,
) -> VerificationReport:
    """Judges the pairs of a file in LFW's format.

    Args:
        pairs_file: the list.
        settings: models and provider.
        images: folder of ``Name/Name_0001.jpg``; None looks beside the list.
        progress: is told how many photos are done.

    Raises:
        SourceError: the list or a photo it names is missing or unreadable.
        UsageError: the folder of images cannot be guessed.
    """
    pairs = read_lfw_pairs(pairs_file)
    folder = images or images_beside(pairs_file, pairs)
    names = pairs.photos()
    embedded = embed_photos([photo_path(folder, name) for name in names], settings, progress)
    return judge_pairs(pairs, embedded)


def judge_pairs(pairs: Pairs, embedded: EmbeddedPhotos) -> VerificationReport:
    """Scores the pairs of a list whose photos, ``pairs.photos()``, are embedded in that order."""
    names = pairs.photos()
    row = {name: at for at, name in enumerate(names)}
    left = np.array([row[name] for name in pairs.left])
    right = np.array([row[name] for name in pairs.right])
    known, vectors = embedded.known, embedded.vectors
    scores = np.einsum("ij,ij->i", vectors[left], vectors[right]).astype(np.float64)
    scores[~(known[left] & known[right])] = WORST
    people = np.unique([name.partition("/")[0] for name in names], return_inverse=True)[1]
    return VerificationReport(
        listed=score_pairs(scores, pairs.same, folds=pairs.folds),
        crossed=_crossed(embedded, people.astype(np.int64)),
        failed=embedded.failed,
        photos=len(names),
    )


def _crossed(embedded: EmbeddedPhotos, people: Ids) -> Verification:
    scores, same = all_pairs(embedded.vectors, people)
    scores[_pairs_with(~embedded.known)] = WORST
    return score_pairs(scores.astype(np.float64), same)


def _pairs_with(rows: Flags) -> Ids:
    """Places, in the order of ``all_pairs``, of the pairs that one of these rows takes part in."""
    count = len(rows)
    # Pair (i, j) is at starts[i] + j, for i < j
    starts = np.arange(count) * (2 * count - np.arange(count) - 3) // 2 - 1
    found = [np.zeros(0, np.int64)]
    for i in np.flatnonzero(rows):
        found += [starts[:i] + i, starts[i] + np.arange(i + 1, count)]
    return np.unique(np.concatenate(found))


def images_beside(pairs_file: Path, pairs: Pairs) -> Path:
    """The folder beside a list of pairs that holds the photos it names.

    Raises:
        UsageError: there is none.
    """
    beside = pairs_file.absolute().parent
    candidates = [beside / "images_deepfunneled", *sorted(beside.glob("lfw*")), beside]
    person = pairs.left[0].partition("/")[0]
    for folder in candidates:
        if (folder / person).is_dir():
            return folder
    raise UsageError(
        f"no folder beside {pairs_file} holds {person}", "Name it with --images FOLDER."
    )


def photo_path(folder: Path, name: str) -> Path:
    """The file of ``Name/Name_0001``, whatever its ending.

    Raises:
        SourceMissing: there is none.
    """
    for ending in ENDINGS:
        path = folder / (name + ending)
        if path.is_file():
            return path
    raise SourceMissing(f"{folder / name}{ENDINGS[0]} does not exist")
