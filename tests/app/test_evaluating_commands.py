"""``personae evaluate``: one JSON object on stdout and nothing else, or tables for people."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from personae.cli.evaluate import app
from personae.core.errors import UnknownOption
from tests.app.people_folder import people_folder
from tests.app.test_evaluating_photos import PAIRS
from tests.app.test_evaluating_tracking import rows


@pytest.fixture(autouse=True)
def one_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERSONAE_WORKERS", "1")


@pytest.fixture
def boxes(tmp_path: Path) -> Path:
    (tmp_path / "gt.txt").write_text(rows(), encoding="utf-8")
    return tmp_path / "gt.txt"


def run(*words: str | Path) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_tracking_says_what_the_contract_says(boxes: Path) -> None:
    data = json.loads(run("tracking", boxes, "--detections", boxes, "--json"))
    assert {"hota", "idf1", "mota", "id_switches"} <= data.keys()
    assert data["mota"] == 1.0
    shown = run("tracking", boxes, "--detections", boxes)
    assert "hota" in shown and "1.0000" in shown


def test_a_size_is_written_like_a_size(boxes: Path) -> None:
    data = json.loads(
        run("tracking", boxes, "--detections", boxes, "--truth-size", "640x480", "--json")
    )
    assert data["looked_at"] == 50
    with pytest.raises(UnknownOption, match="no size"):
        run("tracking", boxes, "--detections", boxes, "--truth-size", "640")
    with pytest.raises(UnknownOption, match="3 paths"):
        run("tracking", boxes, boxes, boxes)


def test_verification_and_clustering_say_what_the_contract_says(tmp_path: Path) -> None:
    people_folder(tmp_path / "lfw")
    (tmp_path / "pairs.txt").write_text(PAIRS, encoding="utf-8")
    judged = json.loads(run("verification", tmp_path / "pairs.txt", "--json"))
    assert {"accuracy", "accuracy_std", "tar_at_far", "tar_at_far_from", "pairs"} <= judged.keys()
    grouped = json.loads(run("clustering", tmp_path / "lfw", "--json"))
    assert grouped["clusters"] == 3
    assert {"pairwise_f", "bcubed_f", "bcubed_precision", "bcubed_recall"} <= grouped.keys()
    images = run("verification", tmp_path / "pairs.txt", "--images", tmp_path / "lfw")
    assert "Accuracy 100.00%" in images and "all pairs of its photos" in images
    assert "Chinese whispers" in run("clustering", tmp_path / "lfw")
