"""Labeled Faces in the Wild: same person or not, and everybody grouped."""

from __future__ import annotations

import personae
from personae.adapters.models.calibrated import load_calibration
from personae.app.build import choose
from personae.app.evaluating_clustering import compare, photos_of_people
from personae.app.evaluating_photos import EmbeddedPhotos, embed_photos
from personae.app.evaluating_verification import judge_pairs
from personae.flows.cluster import thresholds_for
from personae.flows.evaluation.pairs import read_lfw_pairs
from tests.accept.proof import Room, Row, at_least, beside


def proof(room: Room) -> list[Row]:
    """Both measured on one set of vectors: every photo is embedded once."""
    folder = room.shared("data/lfw")
    settings = personae.Settings(library=room.folder)
    photos, people = photos_of_people(folder)
    embedded = embed_photos(photos, settings)
    calibration = load_calibration(choose(settings.face_model).space)
    groups = compare(embedded, people, *thresholds_for(calibration, int(embedded.known.sum())))
    pairs = read_lfw_pairs(folder / "pairsDevTest.txt")
    at = {f"{photo.parent.name}/{photo.stem}": row for row, photo in enumerate(photos)}
    rows = [at[name] for name in pairs.photos()]
    named = EmbeddedPhotos(embedded.vectors[rows], embedded.quality[rows], ())
    judged = judge_pairs(pairs, named)
    tar = {f"{point.far:g}": (point.tar, origin) for point, origin in judged.points()}
    return [
        at_least("verification accuracy on 1,000 pairs", judged.listed.accuracy, 0.99),
        beside("its 95 % interval", "{:.4f}-{:.4f}".format(*judged.listed.accuracy_range)),
        beside(f"TAR at FAR 0.001, {tar['0.001'][1]}", tar["0.001"][0]),
        beside(f"TAR at FAR 0.0001, {tar['0.0001'][1]}", tar["0.0001"][0]),
        beside("photos without a face", len(embedded.failed)),
        at_least("clustering BCubed F", groups.ours.bcubed_f, 0.985),
        beside("pairwise F", groups.ours.pairwise_f),
        *[
            beside(f"BCubed F of {name} at our threshold", score.bcubed_f)
            for name, score in groups.same.items()
        ],
        beside("BCubed F on the half for which others are tuned", groups.half.bcubed_f),
        *[
            beside(f"{name}, tuned on the other half", halved.score.bcubed_f)
            for name, halved in groups.chosen.items()
        ],
    ]
