"""Cards: the weights are the ones named, licences are there, and a user's model can be added."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from personae.adapters.models.add_card import add_card, remove_card
from personae.adapters.models.cards import (
    check,
    default_card,
    load_cards,
    parse_cards,
    weights_path,
)
from personae.adapters.models.feed import feed
from personae.adapters.models.onnx import Session
from personae.adapters.models.pixels import prepare
from personae.core.errors import (
    ModelError,
    ShapeError,
    UsageError,
    WeightsCorrupt,
    WeightsMissing,
)
from tests.golden.inputs import noise

CARD = """
[mine-v1]
task = "presented-gender"
file = "net.onnx"
licence = "CC0-1.0"
origin = "me"
input = { name = "images", height = 32, width = 32, layout = "NCHW", colour = "RGB", \
mean = [0.0, 0.0, 0.0], std = [1, 1, 1] }
outputs = ["probabilities"]
thresholds = { sure = { value = 0.5, source = "a guess" } }
"""


@pytest.fixture
def gender_copy(tmp_path: Path) -> Path:
    """A folder with a copy of a small shipped model, called net.onnx."""
    folder = tmp_path / "given"
    folder.mkdir()
    shutil.copyfile(weights_path(load_cards()["gender-v1"]), folder / "net.onnx")
    return folder


def test_every_shipped_file_is_the_one_its_card_names() -> None:
    cards = load_cards()
    assert len(cards) == 10
    for card in cards.values():
        check(card)


def test_every_shipped_file_has_one_card_and_is_in_the_notice() -> None:
    folder = weights_path(default_card("face-detection")).parent
    notice = (folder / "NOTICE").read_text("utf-8")
    files = {path.name for path in folder.glob("*.onnx")}
    assert files == {card.file for card in load_cards().values()}
    assert [name for name in files if name not in notice] == []


def test_every_licence_has_its_text() -> None:
    folder = weights_path(default_card("face-detection")).parent / "LICENSES"
    texts = {path.stem: path.read_text("utf-8") for path in folder.glob("*.txt")}
    assert {card.licence for card in load_cards().values()} <= set(texts)
    assert "Shiqi Yu" in texts["MIT"]
    assert "Grant of Patent License" in texts["Apache-2.0"]
    assert "CC0 1.0 Universal" in texts["CC0-1.0"]


@pytest.mark.parametrize("name", sorted(load_cards()))
def test_card_says_of_its_network_what_is_so(name: str) -> None:
    card = load_cards()[name]
    session = Session(weights_path(card))
    assert list(session.inputs) == [card.input.name]
    assert set(session.outputs) == set(card.outputs)
    crop = noise(card.input.height or 64, 1)[None]
    rows = feed(session, card, np.concatenate([crop] * 3))
    assert all(len(value) == 3 for value in rows.values())
    if card.width:
        assert rows[card.outputs[0]].shape == (3, card.width)
    nobody = feed(session, card, crop[:0])
    assert all(len(value) == 0 for value in nobody.values())


def test_one_default_a_task_and_none_for_emotion() -> None:
    defaults = [card.task for card in load_cards().values() if card.default]
    assert len(defaults) == len(set(defaults))
    assert default_card("face-embedding").name == "sface-2021dec"
    with pytest.raises(ModelError, match="emotion"):
        default_card("emotion")


def test_thresholds_are_found_by_name() -> None:
    card = load_cards()["sface-2021dec"]
    found = [card.threshold(f"fmr-1e-{power}") for power in (3, 4, 5, 6)]
    assert found == [0.358, 0.415, 0.465, 0.545]
    with pytest.raises(UsageError, match="fmr-1e-3"):
        card.threshold("fmr-1e-9")


def test_space_names_the_very_weights() -> None:
    card = load_cards()["sface-2021dec"]
    digest = hashlib.sha256(weights_path(card).read_bytes()).hexdigest()
    assert (card.space.model, card.space.size) == ("sface-2021dec", 128)
    assert digest.startswith(card.space.weights)
    assert replace(card, sha256="0" * 64).space != card.space


def test_missing_weights(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match=r"yunet\.onnx"):
        check(replace(load_cards()["yunet-2023mar"], folder=tmp_path))


def test_one_flipped_bit_is_noticed_also_after_a_good_check(gender_copy: Path) -> None:
    card = replace(load_cards()["gender-v1"], folder=gender_copy, file="net.onnx")
    check(card)
    path = gender_copy / "net.onnx"
    data = bytearray(path.read_bytes())
    data[1000] ^= 1
    before = path.stat()
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1_000_000))
    with pytest.raises(WeightsCorrupt, match=r"net\.onnx"):
        check(card)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('task = "presented-gender"', 'task = "fortune"', "task must be one of"),
        ('task = "presented-gender"', "", "task is missing"),
        ('file = "net.onnx"', 'file = "../net.onnx"', "without folders"),
        ('colour = "RGB"', 'colour = "GREY"', "1 numbers for colour GREY"),
        ("std = [1, 1, 1]", "std = [1, 1, 0]", "std must not be 0"),
        ("height = 32", "height = -1", "whole number"),
        ('name = "images"', "name = 3", "name must be a str"),
        ('sha256 = "', 'sha256 = "xyz', "64 hexadecimal digits"),
        ("[mine-v1]", "[mine-v1", "is not a model card"),
    ],
)
def test_malformed_cards_say_what_is_wrong(old: str, new: str, said: str) -> None:
    good = CARD.replace('licence = "', f'sha256 = "{"0" * 64}"\nlicence = "')
    assert set(parse_cards(good, "a card")) == {"mine-v1"}
    assert old in good
    with pytest.raises(ModelError, match=said):
        parse_cards(good.replace(old, new), "a card")


def test_added_model_is_loaded_checked_and_taken_out_again(
    gender_copy: Path, tmp_path: Path
) -> None:
    (gender_copy / "card.toml").write_text(CARD, "utf-8")
    folder = tmp_path / "models"
    added = add_card(gender_copy / "card.toml", folder)
    shutil.rmtree(gender_copy)
    cards = load_cards(folder)
    assert set(cards) - set(load_cards()) == {"mine-v1"}
    assert cards["mine-v1"] == added
    assert added.threshold("sure") == 0.5
    assert added.sha256 == load_cards()["gender-v1"].sha256
    check(added)
    assert sorted(path.name for path in folder.iterdir()) == ["mine-v1.onnx", "mine-v1.toml"]
    remove_card("mine-v1", folder)
    assert set(load_cards(folder)) == set(load_cards())
    assert list(folder.iterdir()) == []
    with pytest.raises(ModelError, match="mine-v1"):
        remove_card("mine-v1", folder)


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ('file = "net.onnx"', 'file = "absent.onnx"', WeightsMissing),
        ("[mine-v1]", "[sface-2021dec]", ModelError),
        ("[mine-v1]", '["../mine"]', ModelError),
        ('licence = "', f'sha256 = "{"0" * 64}"\nlicence = "', WeightsCorrupt),
        ('task = "presented-gender"', 'task = "fortune"', ModelError),
    ],
)
def test_what_cannot_be_added_leaves_nothing_behind(
    gender_copy: Path, tmp_path: Path, old: str, new: str, error: type[Exception]
) -> None:
    assert old in CARD
    (gender_copy / "card.toml").write_text(CARD.replace(old, new), "utf-8")
    with pytest.raises(error):
        add_card(gender_copy / "card.toml", tmp_path / "models")
    assert not (tmp_path / "models").exists()


def test_pixels_are_turned_into_what_the_card_says() -> None:
    crop = np.zeros((1, 2, 2, 3), np.uint8)
    crop[..., :] = (200, 100, 50)
    cards = load_cards()
    free = replace(cards["nanodet-g"].input, step=2)
    found = prepare(crop, free)
    assert found.shape == (1, 3, 2, 2)
    # blue comes first, and each channel has its own mean and spread
    wanted = [(50 - 103.53) / 57.375, (100 - 116.28) / 57.12, (200 - 123.675) / 58.395]
    np.testing.assert_allclose(found[0, :, 0, 0], wanted, rtol=1e-6)
    grey = prepare(crop, replace(cards["emotion-mini-xception"].input, height=2, width=2))
    assert grey.shape == (1, 2, 2, 1)
    # .299 x 200 + .587 x 100 + .114 x 50 = 124.2, a byte of 124
    np.testing.assert_allclose(grey, (124 / 255 - 0.5) * 2, rtol=1e-5)
    with pytest.raises(ShapeError, match="112 pixels high"):
        prepare(crop, cards["sface-2021dec"].input)
    with pytest.raises(ShapeError, match="multiple of 32"):
        prepare(crop, cards["yunet-2023mar"].input)
    with pytest.raises(ShapeError, match="uint8"):
        prepare(crop.astype(np.float32).astype(np.int64), free)  # type: ignore[arg-type]
