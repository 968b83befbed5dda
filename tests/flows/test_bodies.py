"""Which face sits on which body: by votes, one face a body, nobody by chance."""

from __future__ import annotations

import numpy as np
import pytest

from personae.core.detections import Detections, Kind
from personae.core.track import Tracked
from personae.flows.bodies import BodyVotes, fitness


def tracked(kind: Kind, rows: list[tuple[float, ...]], ids: list[int] | None = None) -> Tracked:
    boxes = np.array(rows, np.float32).reshape(-1, 4)
    numbers = range(len(rows)) if ids is None else ids
    found = Detections(kind, boxes, np.ones(len(rows), np.float32))
    return Tracked(found, np.array(list(numbers), np.int64))


FACE = (40.0, 10.0, 60.0, 34.0)
BODY = (20.0, 5.0, 80.0, 180.0)


def test_a_face_in_the_head_of_a_body_fits() -> None:
    assert fitness(tracked("face", [FACE]), tracked("body", [BODY]))[0, 0] == pytest.approx(1)


@pytest.mark.parametrize(
    "face",
    [(40, 120, 60, 144), (90, 10, 110, 34), (40, 200, 60, 224)],
    ids=["on the knees", "beside", "below"],
)
def test_a_face_elsewhere_does_not(face: tuple[float, ...]) -> None:
    assert fitness(tracked("face", [face]), tracked("body", [BODY]))[0, 0] == 0


def test_what_has_no_track_fits_nothing() -> None:
    assert not fitness(tracked("face", [FACE], [-1]), tracked("body", [BODY])).any()
    assert not fitness(tracked("face", [FACE]), tracked("body", [BODY], [-1])).any()


def test_of_two_bodies_around_a_face_the_nearer_middle_wins() -> None:
    near, far = (25.0, 5.0, 85.0, 180.0), (38.0, 5.0, 98.0, 180.0)
    votes = BodyVotes()
    votes.count(tracked("face", [FACE]), tracked("body", [far, near]))
    assert votes.body_of(0) == 1


def test_one_body_has_one_face() -> None:
    """A child held in the arms has no body of its own found: the larger fit takes the body."""
    child = (44.0, 50.0, 64.0, 74.0)
    aside = (62.0, 60.0, 82.0, 84.0)
    votes = BodyVotes()
    votes.count(tracked("face", [FACE, aside]), tracked("body", [BODY]))
    assert votes.body_of(0) == 0 and votes.body_of(1) is None
    both = BodyVotes()
    both.count(tracked("face", [FACE, child]), tracked("body", [BODY]))
    assert [both.body_of(0), both.body_of(1)].count(0) == 1


def test_one_odd_frame_decides_nothing() -> None:
    votes = BodyVotes()
    for _ in range(4):
        votes.count(tracked("face", [FACE], [7]), tracked("body", [BODY], [3]))
    votes.count(tracked("face", [FACE], [7]), tracked("body", [BODY], [4]))
    assert votes.body_of(7) == 3


def test_a_body_needs_half_of_the_votes() -> None:
    votes = BodyVotes()
    face, body = tracked("face", [FACE], [7]), tracked("body", [BODY], [3])
    votes.count(face, body)
    votes.count(face, tracked("body", []))
    assert votes.body_of(7) == 3
    votes.count(face, tracked("body", []))
    assert votes.body_of(7) is None


def test_who_was_never_seen_has_no_body() -> None:
    votes = BodyVotes()
    votes.count(tracked("face", []), tracked("body", [BODY]))
    assert votes.body_of(0) is None


def test_two_people_who_cross_keep_their_bodies() -> None:
    votes = BodyVotes()
    for x in range(-100, 101, 10):
        faces = tracked("face", [(100 + x, 10, 120 + x, 34), (100 - x, 14, 120 - x, 38)])
        bodies = tracked("body", [(80 + x, 5, 140 + x, 180), (80 - x, 9, 140 - x, 184)])
        votes.count(faces, bodies)
    assert (votes.body_of(0), votes.body_of(1)) == (0, 1)
