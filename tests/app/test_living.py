"""The judge on real pictures: stills, a turned print, NUAA's printed photos, a film that blinks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from personae.adapters.demo.cast import picture
from personae.adapters.models.cards import load_cards, weights_path
from personae.adapters.models.yunet import YuNet
from personae.adapters.sources.kinds import SourceOptions, open_source
from personae.adapters.sources.pictures import ArrayPicture
from personae.app.build import choose, session
from personae.app.evaluating_spoof import PLAYED_FPS, Player
from personae.app.living import judges
from personae.app.settings import Settings
from personae.core.arrays import RgbImage
from personae.core.frame import Frame, FrameTime, Picture
from personae.core.live import Liveness
from personae.flows.collect import OpenTrack
from personae.flows.shots import Views
from personae.flows.watch import LivenessJudge
from tests.shared import shared_file

OWN = """
[mine-v1]
task = "spoof"
file = "net.onnx"
licence = "CC0-1.0"
origin = "me"
context = 2.7
input = { name = "images", height = 32, width = 32, layout = "NCHW", colour = "RGB", \
mean = [0.0, 0.0, 0.0], std = [255, 255, 255] }
outputs = ["probabilities"]
thresholds = { live = { value = 0.5, source = "a guess" } }
"""


@pytest.fixture(scope="module")
def detector() -> YuNet:
    return YuNet(session(choose().faces, "cpu"))


@pytest.fixture
def judge() -> LivenessJudge:
    return judges()()


def said(
    judge: LivenessJudge, detector: YuNet, pictures: Iterator[Picture], fps: float
) -> list[tuple[Liveness, tuple[str, ...]]]:
    """What the judge says after each picture of one face."""
    states = []
    for number, shown in enumerate(pictures):
        found = detector.detect([shown.rgb()])[0]
        if len(found):
            track = OpenTrack(1, 0, Views(1, 1), opened=False, boxes=[found.boxes[0]])
            time = FrameTime(round(number * 1000 / fps), Fraction(1, 1000))
            judge.look(1, Frame(shown, number, time), track)
        states.append(judge.state(1))
    return states


def portrait() -> RgbImage:
    whole = picture("collins")
    scale = 480 / max(whole.shape[:2])
    return np.asarray(cv2.resize(whole, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def still(looks: int) -> Iterator[Picture]:
    """A photo before a camera that has noise and shakes a little."""
    random, photo = np.random.default_rng(3), portrait()
    for _ in range(looks):
        moved = np.float32([[1, 0, random.normal() / 2], [0, 1, random.normal() / 2]])
        grain = random.normal(0, 5, photo.shape)
        shown = cv2.warpAffine(photo, moved, photo.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)
        yield ArrayPicture(np.clip(shown + grain, 0, 255).astype(np.uint8))


def swung(looks: int, about: int) -> Iterator[Picture]:
    """A photo that is turned to and fro by up to 35 degrees about one of its axes."""
    photo = portrait()
    high, wide = photo.shape[:2]
    onto = np.array([[1 / wide, 0, -0.5], [0, 1 / wide, -0.5 * high / wide], [0, 0, 1]])
    lens = np.array([[2 * wide, 0, wide / 2], [0, 2 * wide, high / 2], [0, 0, 1.0]])
    for number in range(looks):
        axis = np.zeros(3)
        axis[about] = 0.6 * np.sin(number / 5)
        turn = cv2.Rodrigues(axis)[0]
        held = lens @ np.column_stack([turn[:, 0], turn[:, 1], [0, 0, 2.2]]) @ onto
        yield ArrayPicture(
            np.asarray(cv2.warpPerspective(photo, held, (wide, high), borderValue=(99, 99, 99)))
        )


def test_a_still_photo_is_never_live(judge: LivenessJudge, detector: YuNet) -> None:
    states = said(judge, detector, still(80), 8.0)
    assert {state for state, _ in states} == {"not shown yet"}
    assert states[-1][1] == ("neither blinked nor turned",)


@pytest.mark.parametrize("about", [0, 1])
def test_a_photo_that_is_turned_is_never_live(
    judge: LivenessJudge, detector: YuNet, about: int
) -> None:
    states = said(judge, detector, swung(80, about), 8.0)
    assert "live" not in {state for state, _ in states}


def test_a_photo_that_nods_is_suspected(judge: LivenessJudge, detector: YuNet) -> None:
    assert said(judge, detector, swung(80, 0), 8.0)[-1] == (
        "spoof suspected",
        ("moves like a flat picture",),
    )


@pytest.mark.parametrize(("threshold", "state"), [(1.01, "spoof suspected"), (-0.01, "live")])
def test_a_network_of_the_user_s_own_is_asked_at_every_look(
    detector: YuNet, tmp_path: Path, threshold: float, state: str
) -> None:
    """Whatever it answers is below the one threshold and above the other."""
    shutil.copyfile(weights_path(load_cards()["gender-v1"]), tmp_path / "net.onnx")
    card = OWN.replace("0.5", str(threshold))
    (tmp_path / "card.toml").write_text(card, "utf-8")
    asked = judges(spoof_card=tmp_path / "card.toml")()
    states = {one for one, _ in said(asked, detector, still(20), 8.0)}
    assert (state in states) == (state == "spoof suspected")
    assert "live" not in states


def test_a_track_that_is_over_is_forgotten(judge: LivenessJudge, detector: YuNet) -> None:
    said(judge, detector, still(2), 8.0)
    judge.forget(1)
    judge.forget(1)
    assert judge.state(1) == ("not shown yet", ("not looked at yet",))


def test_looks_that_follow_too_soon_cost_nothing(judge: LivenessJudge, detector: YuNet) -> None:
    class Counted(ArrayPicture):
        asked = 0

        def rgb(self) -> RgbImage:
            Counted.asked += 1
            return super().rgb()

    shown = (Counted(one.rgb()) for one in still(30))
    said(judge, detector, shown, 30.0)
    # the detector asks for each picture once; the judge for a quarter of them
    assert 30 + 6 <= Counted.asked <= 30 + 9


@pytest.mark.parametrize("fps", [PLAYED_FPS, 8.0])
def test_printed_photos_played_as_a_camera_are_never_live(fps: float) -> None:
    people = sorted(shared_file("data/nuaa/ImposterRaw").iterdir())
    player = Player(Settings())
    states = {}
    for person in people:
        photos = sorted(person.glob("*.jpg"))
        assert len(photos) == 10
        states[person.name] = player.play(photos, fps).state()[0]
    assert len(states) == 9
    assert "live" not in states.values()


def test_a_film_of_a_face_that_blinks_and_turns_is_live(
    judge: LivenessJudge, detector: YuNet
) -> None:
    film = shared_file("data/videos/SadTalker__WDA_KatieHill_000.mp4")
    with open_source(Path(film), SourceOptions()) as source:
        pictures = (frame.picture for frame in source.frames() if frame.index % 3 == 0)
        states = said(judge, detector, pictures, 25 / 3)
    assert states[0][0] == "not shown yet"
    assert states[-1][0] == "live"
    assert "turned like a head" in states[-1][1]
