"""Photos to vectors for an evaluation, and what pairs and groups of them are said to be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from personae.adapters.models.calibrated import load_calibration
from personae.app.build import choose
from personae.app.evaluating_clustering import compare, grouped, photos_of_people
from personae.app.evaluating_photos import EmbeddedPhotos, embed_photos
from personae.app.evaluating_verification import (
    LIST,
    PHOTOS,
    WORST,
    images_beside,
    judge_pairs,
    photo_path,
    verification,
)
from personae.app.settings import Settings
from personae.core.arrays import Ids, Vectors
from personae.core.embedding import unit
from personae.core.errors import SourceMissing, UsageError
from personae.flows.cluster import thresholds_for
from personae.flows.evaluation.pairs import Pairs, read_lfw_pairs
from personae.flows.linking import Thresholds
from tests.app.people_folder import grey, people_folder

PAIRS = """4
Barack_Obama 1 2
Barack_Obama 1 3
Eileen_Collins 1 2
Joe_Biden 1 2
Barack_Obama 1 Joe_Biden 1
Barack_Obama 2 Eileen_Collins 1
Barack_Obama 3 Joe_Biden 2
Eileen_Collins 2 Joe_Biden 1
"""


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of people with a list of pairs beside it."""
    folder = tmp_path_factory.mktemp("people")
    people_folder(folder / "lfw-like")
    (folder / "pairs.txt").write_text(PAIRS, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(library=tmp_path_factory.mktemp("library"), workers=1)


def people_of(count: int, each: int, seed: int = 0) -> tuple[Vectors, Ids]:
    """Vectors of people who are easily told apart."""
    rng = np.random.default_rng(seed)
    centres = np.repeat(rng.standard_normal((count, 128)), each, axis=0)
    vectors = unit(centres + 0.3 * rng.standard_normal(centres.shape))
    return vectors, np.repeat(np.arange(count), each)


def test_portraits_are_told_apart(cast: Path, settings: Settings) -> None:
    told: list[tuple[int, int]] = []
    report = verification(
        cast / "pairs.txt", settings, progress=lambda done, total: told.append((done, total))
    )
    data = report.as_json()
    assert data["pairs"] == 8 and data["photos"] == 7 and data["failures"] == []
    assert data["accuracy"] == 1.0
    assert told[-1] == (7, 7)


def test_two_workers_give_what_one_gives(cast: Path, settings: Settings) -> None:
    photos = sorted(cast.rglob("*_0001.jpg")) * 8  # more than one task
    alone = embed_photos(photos, settings)
    together = embed_photos(photos, settings.model_copy(update={"workers": 2}))
    assert len(photos) == 24
    np.testing.assert_array_equal(alone.vectors, together.vectors)
    np.testing.assert_allclose(np.linalg.norm(alone.vectors, axis=1), 1, atol=1e-5)


def test_the_face_nearest_to_the_middle_is_taken(
    cast: Path, settings: Settings, tmp_path: Path
) -> None:
    from PIL import Image

    biden = Image.open(next(cast.glob("*/Joe_Biden/*_0001.jpg"))).convert("RGB")
    collins = Image.open(next(cast.glob("*/Eileen_Collins/*_0001.jpg"))).convert("RGB")
    wide = Image.new("RGB", (biden.width * 2 + collins.width, max(biden.height, collins.height)))
    wide.paste(biden, (0, 0))
    wide.paste(collins, (biden.width, 0))
    wide.save(tmp_path / "wide.png")
    biden.save(tmp_path / "biden.png")
    collins.save(tmp_path / "collins.png")
    names = ["wide.png", "biden.png", "collins.png"]
    vectors = embed_photos([tmp_path / name for name in names], settings).vectors
    assert vectors[0] @ vectors[2] > 0.8 > vectors[0] @ vectors[1]


def test_what_has_no_face_or_no_picture_is_said_and_scored_worst(
    cast: Path, settings: Settings, tmp_path: Path
) -> None:
    grey(tmp_path / "nobody.png")
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    files = [tmp_path / "nobody.png", tmp_path / "broken.jpg", next(cast.glob("*/*/*_0001.jpg"))]
    embedded = embed_photos(files, settings)
    assert embedded.known.tolist() == [False, False, True]
    assert [(Path(f.path).name, f.code) for f in embedded.failed] == [
        ("nobody.png", "P101"),
        ("broken.jpg", "P203"),
    ]


def test_a_faceless_photo_costs_its_genuine_pair() -> None:
    vectors, _ = people_of(2, 2)
    names = ("A/A_0001", "A/A_0002", "B/B_0001", "B/B_0002")
    pairs = Pairs(
        (names[0], names[2], names[0], names[1]),
        (names[1], names[3], names[2], names[3]),
        np.array([True, True, False, False]),
        None,
    )
    whole = judge_pairs(pairs, EmbeddedPhotos(vectors, np.ones(4, np.float32), ()))
    vectors[3] = 0
    without = judge_pairs(pairs, EmbeddedPhotos(vectors, np.ones(4, np.float32), ()))
    assert whole.listed.roc.auc == 1.0 and whole.crossed.roc.auc == 1.0
    # B's genuine pair now scores -1, below the impostor pair without B2 and beside the other
    assert without.listed.roc.thresholds[-1] == WORST
    assert without.listed.roc.auc == pytest.approx((2 + 0.5) / 4)
    # Of 2 genuine and 4 impostor pairs, B's genuine one and both impostors with B2 are worst
    assert without.crossed.roc.auc == pytest.approx((4 + 2 * 0.5) / 8)


def test_low_rates_come_from_all_pairs_of_the_photos() -> None:
    vectors, people = people_of(40, 3)
    names = [f"P{p:02d}/P{p:02d}_{i % 3 + 1:04d}" for i, p in enumerate(people.tolist())]
    rows = [(3 * k, 3 * k + 1, True) for k in range(40)]
    rows += [(3 * k, (3 * k + 4) % 120, False) for k in range(40)] + [(2, 5, False)]
    rows += [(3 * k + 2, 3 * k, True) for k in range(40)]
    left, right, same = zip(*rows, strict=True)
    pairs = Pairs(
        tuple(names[i] for i in left), tuple(names[i] for i in right), np.array(same), None
    )
    order = [names.index(name) for name in pairs.photos()]
    report = judge_pairs(pairs, EmbeddedPhotos(vectors[order], np.ones(len(order), np.float32), ()))
    data = report.as_json()
    assert report.crossed.impostors == 120 * 119 // 2 - 120
    assert data["tar_at_far_from"] == {"0.1": LIST, "0.01": PHOTOS, "0.001": PHOTOS}
    assert data["tar_at_far"] == {"0.1": 1.0, "0.01": 1.0, "0.001": 1.0}


def test_a_list_finds_its_photos(cast: Path) -> None:
    pairs = read_lfw_pairs(cast / "pairs.txt")
    assert images_beside(cast / "pairs.txt", pairs) == cast / "lfw-like"
    with pytest.raises(UsageError, match="Barack_Obama"):
        images_beside(cast / "lfw-like" / "Joe_Biden" / "pairs.txt", pairs)
    with pytest.raises(SourceMissing, match="Joe_Biden_0009"):
        photo_path(cast / "lfw-like", "Joe_Biden/Joe_Biden_0009")


@pytest.mark.parametrize("deeper", [False, True])
def test_people_are_folders_here_or_one_level_deeper(cast: Path, deeper: bool) -> None:
    photos, people = photos_of_people(cast if deeper else cast / "lfw-like")
    assert len(photos) == 7
    assert sorted(np.bincount(people).tolist()) == [2, 2, 3]
    assert [p.parent.name for p in photos] == sorted(p.parent.name for p in photos)


def test_one_person_is_nothing_to_group(cast: Path) -> None:
    with pytest.raises(UsageError, match="0 folders"):
        photos_of_people(cast / "lfw-like" / "Joe_Biden")
    with pytest.raises(SourceMissing):
        photos_of_people(cast / "nobody")


def test_the_cast_is_grouped_as_it_is(cast: Path, settings: Settings) -> None:
    photos, people = photos_of_people(cast)
    calibration = load_calibration(choose().space)
    report = compare(embed_photos(photos, settings), people, *thresholds_for(calibration, 7))
    data = report.as_json()
    assert (data["bcubed_f"], data["pairwise_f"], data["clusters"]) == (1.0, 1.0, 3)
    assert set(report.same) == set(report.chosen) == {
        "DBSCAN", "HDBSCAN", "average link", "Chinese whispers",
    }  # fmt: skip


def test_ours_and_others_are_scored_on_the_same_people() -> None:
    vectors, people = people_of(30, 4)
    vectors[5] = 0  # a photo without a face
    quality = np.ones(len(vectors), np.float32)
    report = compare(EmbeddedPhotos(vectors, quality, ()), people, Thresholds(0.4, 0.4, 0.4), 1e-4)
    assert (report.ours.items, report.ours.people, report.ours.mixed) == (120, 30, 0)
    assert report.ours.clusters == 31  # the faceless one stands alone
    assert report.ours.bcubed_recall == pytest.approx((116 + 3 * 0.75 + 1 * 0.25) / 120)
    assert {score.people for score in report.same.values()} == {30}
    tested = {halved.score.items for halved in report.chosen.values()}
    assert tested == {report.half.items} and report.half.people == 15


def test_groups_nobody_could_tell_are_left_alone() -> None:
    vectors, _ = people_of(2, 2)
    labels = grouped(vectors, [0.9, 0.1, 0.1, 0.15], Thresholds(0.4, 0.4, 0.4))
    assert labels[0] == labels[1] >= 0
    assert labels[2:].tolist() == [-1, -1]
