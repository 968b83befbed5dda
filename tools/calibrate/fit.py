"""Makes the figures of `calibration.toml` from the vectors that `collect.py` wrote.

    python tools/calibrate/fit.py faces.npz

Logs every knot of every curve with how many comparisons and people stand behind it; what is
entered, rounded to the cautious side, in `src/personae/adapters/models/calibration.toml`. Single
shots have the published LFW curve as their tail; the faces here give the body of that curve and,
the point of the exercise, how much the cosines move when the shots of a side are averaged.
"""

from __future__ import annotations

import logging
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from personae.core.arrays import Doubles, Ids, Vectors
from personae.core.embedding import unit

SHOTS = 5
TEMPLATES = 12
"""Drawn from each session, each from other shots."""
SAME_FACE = 0.5
"""Two 'different' adults of UTKFace above this are one person: all such pairs looked at were."""
TRACKS = ("asl", "eyeblink8", "heads", "nuaa")
SETS = ("bbt", "actor")
BODY = (0.5, 0.1, 0.01, 0.001)
MISSES = (0.001, 0.003, 0.012, 0.026, 0.051, 0.144, 0.5, 0.9)
log = logging.getLogger("calibrate")
Groups = dict[tuple[str, str, str], Ids]


@dataclass(frozen=True)
class Faces:
    """(N, D) vectors and their three label columns (N,)."""

    vectors: Vectors
    source: NDArray[np.str_]
    person: NDArray[np.str_]
    session: NDArray[np.str_]


def templates(vectors: Vectors, rows: Ids, shots: int, rng: np.random.Generator) -> Vectors:
    """(TEMPLATES, D) means of ``shots`` vectors, one from each stretch of the session."""
    stretches = np.array_split(rows, shots)
    chosen = [[rng.choice(stretch) for stretch in stretches] for _ in range(TEMPLATES)]
    return unit(vectors[np.array(chosen)].mean(1))


def grouped(data: Faces) -> Groups:
    """Rows of each session; photos of one person of a photo set count as one session."""
    rows: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    labels = zip(data.source, data.person, data.session, strict=True)
    for row, (source, person, session) in enumerate(labels):
        if source in TRACKS or source in SETS:
            rows[source, person, person if source in SETS else session].append(row)
    return {key: np.array(value) for key, value in rows.items() if len(value) >= SHOTS}


def lookalikes(vectors: Vectors, names: NDArray[np.str_]) -> Doubles:
    """Cosines of pairs of adults of the same presented sex and race, one person each."""
    kind = np.array(["_".join(str(name).split("_")[1:3]) for name in names])
    scores = vectors @ vectors.T
    one, other = np.triu_indices(len(vectors), 1)
    pairs = scores[one, other][kind[one] == kind[other]]
    log.info("%d pairs left out as one person", int((scores[one, other] > SAME_FACE).sum()))
    return np.asarray(pairs[pairs < SAME_FACE], np.float64)


def against_photos(data: Faces, kinds: tuple[str, ...], shots: int) -> Doubles:
    """Cosines of templates of ``kinds`` with all photos of UTKFace."""
    rng = np.random.default_rng(7)
    photos = data.vectors[data.source == "utkface"]
    scores = []
    for key, rows in grouped(data).items():
        if key[0] in kinds:
            here = photos @ templates(data.vectors, rows, shots, rng).T
            # whoever resembles a template that much is the same celebrity
            scores.append(here[here.max(1) < SAME_FACE].ravel())
    return np.concatenate(scores).astype(np.float64)


def among(data: Faces, kinds: tuple[str, ...], shots: int) -> Doubles:
    """Cosines of templates of different people of ``kinds`` with each other."""
    rng = np.random.default_rng(7)
    made = {
        key: templates(data.vectors, rows, shots, rng)
        for key, rows in grouped(data).items()
        if key[0] in kinds
    }
    pairs = [
        (made[one] @ made[other].T).ravel() for one in made for other in made if one[1] < other[1]
    ]
    return np.concatenate(pairs).astype(np.float64)


def genuine(data: Faces, shots: tuple[int, int]) -> Doubles:
    """Quantiles MISSES of cosines of one person in two sessions, each source weighing the same."""
    rng = np.random.default_rng(8)
    scores: dict[str, list[Doubles]] = defaultdict(list)
    groups = grouped(data)
    for one, rows in groups.items():
        for other, others in groups.items():
            if one[1] == other[1] and one[2] < other[2]:
                a = templates(data.vectors, rows, shots[0], rng)
                b = templates(data.vectors, others, shots[1], rng)
                scores[one[0]].append((a @ b.T).ravel().astype(np.float64))
    log.info("genuine %s: %s", shots, {str(k): len(v) for k, v in scores.items()})
    quantiles = [np.quantile(np.concatenate(v), MISSES) for v in scores.values()]
    return np.asarray(np.mean(quantiles, axis=0), np.float64)


def main(source: Path) -> None:
    """Logs everything."""
    with np.load(source) as stored:
        data = Faces(*(stored[name] for name in ("vectors", "source", "person", "session")))
    adults = data.source == "utkface"
    body = lookalikes(data.vectors[adults], data.person[adults])
    log.info("at rates %s", BODY)
    log.info("lookalikes: %d pairs, %s", len(body), np.quantile(body, 1 - np.array(BODY)).round(3))
    for kinds in (TRACKS, SETS):
        for shots in (1, SHOTS):
            for said, scores in (
                ("against photos", against_photos(data, kinds, shots)),
                ("among themselves", among(data, kinds, shots)),
            ):
                reached = np.quantile(scores, 1 - np.array(BODY)).round(3)
                log.info("%s, %d shots, %s: %d, %s", kinds, shots, said, len(scores), reached)
    alone = genuine(data, (1, 1))
    for sides in ((1, 1), (1, SHOTS), (SHOTS, SHOTS)):
        here = genuine(data, sides)
        log.info("genuine %s at %s: %s", sides, MISSES, here.round(3))
        log.info("  above single shots by %s", (here - alone).round(3))


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    main(Path(sys.argv[1]))
